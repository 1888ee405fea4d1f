export { type CountOptions, count } from './count.ts';
export {
  axisOrder,
  axisSizes,
  type ChannelExposures,
  DEFAULT_AXIS_ORDER,
  expandSequence,
  exposuresByChannel,
  type MdaEvent,
  type PlaneHeight,
  type PlaneHeights,
  zPlanes,
} from './mda/expand.ts';
export { type ChannelPlans, type MdaContext, mda, mdaLayout } from './mda/mda.ts';
export type {
  MdaChannel,
  MdaPosition,
  MdaSequence,
  MdaTimePlan,
  MdaZAboveBelow,
  MdaZAbsolute,
  MdaZPlan,
  MdaZRange,
  MdaZRelative,
  MdaZTopBottom,
} from './mda/sequence.ts';
export { type AxisRange, type GridAxis, gridScan, linspace, type ScanAxis, scan } from './scan.ts';
export {
  absSet,
  checkpoint,
  closeRun,
  move,
  openRun,
  prepare,
  read,
  sleep,
  stage,
  stop,
  trigger,
  triggerAndRead,
  unstage,
  wait,
} from './stubs.ts';
export { finalize, withRun, withStaged } from './wrappers.ts';
