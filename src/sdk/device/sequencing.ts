import type { Awaitable } from './protocols.ts';
import type { Status } from './status.ts';

// What devices may offer beside their role, so that exposures follow each other without the computer in between.

/** A camera that takes several exposures on its own, and tells other devices of each by a trigger line. */
export interface TakesBursts {
  /** Most exposures in one burst. */
  readonly burstLimit: number;
  /**
   * Takes one exposure after the other. Done when the last frame counts in `getIndex`; `stop` of the camera ends it early.
   * @param exposuresMs - one for each exposure, ms
   */
  triggerBurst(exposuresMs: readonly number[]): Status;
}

/** A device that is loaded with values and goes on to the next one with each exposure of a burst. */
export interface Sequenceable<Value = unknown> {
  /** Most values that it can be loaded with. */
  readonly sequenceLimit: number;
  /** Takes the values over and goes to the first one. Done when it is there and waits for the trigger line. */
  armSequence(values: readonly Value[]): Status;
  /** Lets go of the values, wherever it stands. Called after each burst, also after one that failed, and may be called twice. */
  disarmSequence(): Awaitable<void>;
}

/** True when `value` has `burstLimit` and `triggerBurst`. */
export function takesBursts(value: unknown): value is TakesBursts {
  return has(value, 'burstLimit', 'triggerBurst');
}

/** True when `value` has `sequenceLimit`, `armSequence` and `disarmSequence`. */
export function isSequenceable(value: unknown): value is Sequenceable {
  return has(value, 'sequenceLimit', 'armSequence', 'disarmSequence');
}

function has(value: unknown, ...members: string[]): boolean {
  return typeof value === 'object' && value !== null && members.every((member) => member in value);
}
