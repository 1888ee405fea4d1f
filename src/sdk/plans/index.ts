export {
  cachingRepeater,
  collectWhileCompleting,
  movePerStep,
  one1dStep,
  oneNdStep,
  oneShot,
  repeat,
  repeater,
  type ScanAxis,
  type Step,
  type TakeReading,
  triggerAndRead,
} from './acquire.ts';
export { type AdaptiveSteps, adaptiveScan, type CentroidSteps, relAdaptiveScan, tuneCentroid } from './adaptive.ts';
export { type CountOptions, count } from './count.ts';
export { Cycler, outerProduct } from './cycler.ts';
export {
  definePlan,
  type MadePlan,
  type NamedDevice,
  type PlanAdvice,
  type PlanDefinition,
  type PlanDevices,
  type PlanSchedule,
  type PlanSession,
  type ScheduleKept,
} from './define-plan.ts';
export { hintedFields, rootAncestor, separateDevices } from './devices.ts';
export {
  type DurationOf,
  type DurationRange,
  type EstimateOptions,
  estimate,
  guessDuration,
  type PlanEstimate,
  type PlanStep,
  type SecondsRange,
} from './estimate.ts';
export { fly, type RampOptions, rampPlan, tweak } from './fly.ts';
export { type GridOptions, gridScan, listGridScan, relGridScan, relListGridScan } from './grid-scan.ts';
export type { GroupOptions } from './group.ts';
export { autofocusNamed } from './mda/autofocus.ts';
export type { ChannelPlans, MdaContext, MdaResume, MdaTimePoint } from './mda/context.ts';
export { type ChannelExposures, exposuresByChannel, mdaSizes } from './mda/count.ts';
export type { MdaAction, MdaEvent, MdaEventChannel, MdaIndex } from './mda/events.ts';
export { expandSequence, type MdaOrigin } from './mda/expand.ts';
export { freezeSequence, lacksFieldOfView, type MdaFreezing } from './mda/freeze.ts';
export {
  MDA_GRID_MODES,
  type MdaFieldOfView,
  type MdaGridFromEdges,
  type MdaGridFromPolygon,
  type MdaGridMode,
  type MdaGridOptions,
  type MdaGridPlan,
  type MdaGridRowsColumns,
  type MdaGridWidthHeight,
  type MdaRandomPoints,
  type MdaRelativePointsPlan,
  type MdaRelativePosition,
  type MdaRelativeTo,
} from './mda/grid-plan.ts';
export { mda, standsAt } from './mda/mda.ts';
export { mdaLayout } from './mda/mda-layout.ts';
export { type MdaRemainder, mdaRemainder } from './mda/missing-events.ts';
export type { MdaWellPlate, MdaWellPlatePlan, MdaWellSelection } from './mda/plate-plan.ts';
export type { MdaAutofocusPlan, MdaAxis, MdaChannel, MdaPosition, MdaProperty, MdaSequence } from './mda/sequence.ts';
export type {
  MdaDuration,
  MdaDurationLoops,
  MdaDurationParts,
  MdaIntervalDuration,
  MdaIntervalLoops,
  MdaMultiPhase,
  MdaTimePhase,
  MdaTimePlan,
} from './mda/time-plan.ts';
export { type TimePoints, timePoints } from './mda/time-points.ts';
export { type MdaTravel, mdaTravel } from './mda/travel.ts';
export { WELL_PLATES } from './mda/well-plates.ts';
export type { MdaZAboveBelow, MdaZAbsolute, MdaZPlan, MdaZRange, MdaZRelative, MdaZTopBottom } from './mda/z-plan.ts';
export {
  type Insertion,
  injectMdWrapper,
  msgMutator,
  pchain,
  planMutator,
  rewindable,
  setRunKeyWrapper,
  singleMessage,
  stubWrapper,
} from './mutators.ts';
export {
  type AxisPositions,
  type AxisRange,
  type GridAxis,
  innerListProduct,
  innerProduct,
  linspace,
  logspace,
  outerListProduct,
  outerProductOf,
  type SnakeAxes,
} from './patterns.ts';
export type { PerStep, PerStep1d, PlanMetadata, ScanOptions } from './plan-options.ts';
export { mvr, rd, relativeSetWrapper, relSet, resetPositionsWrapper } from './relative.ts';
export {
  innerProductScan,
  listScan,
  logScan,
  relListScan,
  relLogScan,
  relScan,
  scan,
  scanNd,
  x2xScan,
} from './scan.ts';
export {
  assertMessageAndReturnRemaining,
  checkLimits,
  RunEngineSimulator,
  rasterPath,
  summarizePlan,
  summaryWrapper,
} from './simulators.ts';
export {
  fermatPoints,
  type PlanePoint,
  type SpiralArea,
  type SquareSpiralArea,
  spiralPoints,
  squareSpiralPoints,
} from './spiral-points.ts';
export {
  type PlaneAxes,
  type Relative,
  relSpiral,
  relSpiralFermat,
  relSpiralSquare,
  spiral,
  spiralFermat,
  spiralSquare,
} from './spiral-scans.ts';
export {
  absSet,
  broadcastMsg,
  type CollectOptions,
  checkpoint,
  clearCheckpoint,
  closeRun,
  collect,
  complete,
  completeAll,
  configure,
  create,
  declareStream,
  deferredPause,
  drop,
  inputPlan,
  installSuspender,
  kickoff,
  kickoffAll,
  locate,
  locateAll,
  monitor,
  mv,
  nothing,
  openRun,
  pause,
  prepare,
  read,
  removeSuspender,
  save,
  sleep,
  stage,
  stageAll,
  stop,
  subscribe,
  trigger,
  unmonitor,
  unstage,
  unstageAll,
  unsubscribe,
  type WaitOptions,
  wait,
  waitFor,
} from './stubs.ts';
export {
  baselineWrapper,
  configureCountTimeWrapper,
  flyDuringWrapper,
  monitorDuringWrapper,
  type NamedSubscribable,
  SupplementalData,
} from './supplemental.ts';
export {
  type ContingencyOptions,
  contingencyWrapper,
  finalizeWrapper,
  lazilyStageWrapper,
  rewindableWrapper,
  runWrapper,
  stageWrapper,
  subsWrapper,
  suspendWrapper,
} from './wrappers.ts';
