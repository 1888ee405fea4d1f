export {
  finishedStatus,
  InvalidState,
  Status,
  StatusTimeoutError,
  statusOf,
  UnknownStatusFailure,
  WaitTimeoutError,
} from '../device/status.ts';
export type { DocumentName as DocumentType } from '../events/documents.ts';
export type { CommandContext, CommandHandler, RunExit } from './command-context.ts';
export {
  defaultScanIdSource,
  ENGINE_STATES,
  type EngineState,
  type Metadata,
  type Preprocessor,
  type RunEngineOptions,
  type RunEngineResult,
} from './engine-options.ts';
export {
  FailedPause,
  FailedStatus,
  IllegalMessageSequence,
  InvalidCommand,
  isControlException,
  MismatchedObjects,
  NoReplayAllowed,
  OtherDataKeys,
  PlanHalt,
  ProtocolError,
  RequestAbort,
  RequestStop,
  RunEngineInterrupted,
  TransitionError,
  WaitForTimeoutError,
} from './errors.ts';
export { describeMsg, isMsg, type Msg, msg, type Plan, planMessageOf } from './msg.ts';
export { begun, planFunction } from './plan-ledger.ts';
export { namePlan, planName } from './plan-name.ts';
export type { DeclaredStream } from './run-documents.ts';
export { RunEngine, type RunOutcome } from './run-engine.ts';
export type { Subscribers, SubscriptionName } from './subscriptions.ts';
export type { PlanSource, Suspender, SuspendRequest, SuspendTarget } from './suspension.ts';
