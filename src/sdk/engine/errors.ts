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
  /** Why, as the operator said; empty: nothing was said. */
  readonly reason: string;
  constructor(reason: string) {
    super('engine/abort', '');
    this.name = 'RequestAbort';
    this.reason = reason;
  }
}

/** Thrown into the plan when the operator stops it in good order. */
export class RequestStop extends RedsunError<'engine/stop'> {
  constructor() {
    super('engine/stop', '');
    this.name = 'RequestStop';
  }
}

/** A message whose command the engine does not have. Code `engine/invalid-command`. */
export class InvalidCommand extends RedsunError<'engine/invalid-command'> {
  /** @param command - of the message. @param hint - what may have been meant. */
  constructor(command: string, hint = '') {
    super('engine/invalid-command', `There is no command "${command}".${hint}`);
    this.name = 'InvalidCommand';
  }
}

/** A device that cannot do what a message asks of it. Code `engine/protocol`. */
export class ProtocolError extends RedsunError<'engine/protocol'> {
  /** @param message - which device, and what it lacks. */
  constructor(message: string) {
    super('engine/protocol', message);
    this.name = 'ProtocolError';
  }
}

/** An event is made of other objects than its stream was described with. Code `engine/mismatched-objects`. */
export class MismatchedObjects extends RedsunError<'engine/mismatched-objects'> {
  /** @param expected - names in the descriptor. @param got - names of what was read. */
  constructor(expected: readonly string[], got: readonly string[]) {
    super(
      'engine/mismatched-objects',
      `Mismatched objects read, expected ${expected.join(', ')}, got ${got.join(', ')}`,
    );
    this.name = 'MismatchedObjects';
  }
}

/** A stream is described anew with other data keys than before. Code `engine/other-data-keys`. */
export class OtherDataKeys extends RedsunError<'engine/other-data-keys'> {
  /** @param stream - its name. @param before - its data keys. @param now - those that were asked for. */
  constructor(stream: string, before: readonly string[], now: readonly string[]) {
    super(
      'engine/other-data-keys',
      `The stream ${stream} has the data keys ${before.join(', ')} and cannot go on with ${now.join(', ')}`,
    );
    this.name = 'OtherDataKeys';
  }
}

/** Thrown by the `pause` of a device that cannot do its part again: what came before is not repeated. Code `engine/no-replay`. */
export class NoReplayAllowed extends RedsunError<'engine/no-replay'> {
  /** @param message - which device, and why. */
  constructor(message: string) {
    super('engine/no-replay', message);
    this.name = 'NoReplayAllowed';
  }
}

/** Thrown into a plan that is paused where it cannot go on from. Code `engine/failed-pause`. */
export class FailedPause extends RedsunError<'engine/failed-pause'> {
  constructor() {
    super('engine/failed-pause', 'It was paused where it cannot go on from: its checkpoint was cleared');
    this.name = 'FailedPause';
  }
}

/** What a halted plan would have been told; nobody throws it. Code `engine/halt`. */
export class PlanHalt extends RedsunError<'engine/halt'> {
  constructor() {
    super('engine/halt', '');
    this.name = 'PlanHalt';
  }
}

/** True for what the operator throws into a plan: a clean-up may do its work, the plan may not go on. */
export function isControlException(error: unknown): boolean {
  return error instanceof RequestAbort || error instanceof RequestStop || error instanceof FailedPause;
}
