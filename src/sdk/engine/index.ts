export {
  finishedStatus,
  InvalidState,
  Status,
  StatusTimeoutError,
  statusOf,
  UnknownStatusFailure,
  WaitTimeoutError,
} from '../device/status.ts';
export type { CommandContext, CommandHandler } from './commands.ts';
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
export {
  ENGINE_STATES,
  type EngineState,
  RunEngine,
  type RunEngineOptions,
  type RunEngineResult,
} from './run-engine.ts';
