import type { Status } from '../device/status.ts';
import { RedsunError } from '../util/errors.ts';

/** The run was interrupted: paused, stopped, aborted or halted. Look at the engine's state to tell which. */
export class RunEngineInterrupted extends RedsunError<'engine/interrupted'> {
  /** Uids of the runs that were opened. */
  readonly runStartUids: readonly string[];
  constructor(runStartUids: readonly string[], message = '') {
    super('engine/interrupted', message);
    this.name = 'RunEngineInterrupted';
    this.runStartUids = runStartUids;
  }
}

/** A control call that the present state does not allow. */
export class TransitionError extends RedsunError<'engine/transition'> {
  constructor(message: string) {
    super('engine/transition', message);
    this.name = 'TransitionError';
  }
}

/** A message that makes no sense at this place: `save` without `create`. */
export class IllegalMessageSequence extends RedsunError<'engine/illegal-message'> {
  constructor(message: string) {
    super('engine/illegal-message', message);
    this.name = 'IllegalMessageSequence';
  }
}

/** Something a device was doing failed. The cause is the device's own error. */
export class FailedStatus extends RedsunError<'engine/failed-status'> {
  constructor(status: Status, cause: Error | null) {
    super('engine/failed-status', cause?.message || String(status), { cause });
    this.name = 'FailedStatus';
  }
}

/** A wait took longer than it was given. */
export class WaitForTimeoutError extends RedsunError<'engine/wait-timeout'> {
  constructor(message: string) {
    super('engine/wait-timeout', message);
    this.name = 'WaitForTimeoutError';
  }
}

/** Thrown into the plan when the operator aborts; a plan may clean up, not go on. */
export class RequestAbort extends RedsunError<'engine/abort'> {
  constructor(reason: string) {
    super('engine/abort', reason);
    this.name = 'RequestAbort';
  }
}

/** Thrown into the plan when the operator stops it in good order. */
export class RequestStop extends RedsunError<'engine/stop'> {
  constructor() {
    super('engine/stop', '');
    this.name = 'RequestStop';
  }
}
