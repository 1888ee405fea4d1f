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
export type { CommandContext, CommandHandler } from './commands.ts';
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
  FailedStatus,
  IllegalMessageSequence,
  RequestAbort,
  RequestStop,
  RunEngineInterrupted,
  TransitionError,
  WaitForTimeoutError,
} from './errors.ts';
export { describeMsg, isMsg, type Msg, msg, type Plan } from './msg.ts';
export { RunEngine, type RunOutcome } from './run-engine.ts';
export type { Subscribers, SubscriptionName } from './subscriptions.ts';
export type { Suspender, SuspendRequest, SuspendTarget } from './suspension.ts';
