import { ValueError } from '../util/errors.ts';
import { SuspenderBase, type SuspenderOptions, type WatchedSignal } from './suspender-base.ts';
import { asNumber, inWords } from './values.ts';

/** Thresholds are in the unit of the signal. */
export interface ThresholdOptions extends SuspenderOptions {
  /** Where plans may go on: at or beyond it, on the good side. Default: where they are suspended. */
  readonly resumeThresh?: number | null;
}

/** Suspends while a number is below a threshold. A value that is not a number changes nothing. */
export class SuspendFloor extends SuspenderBase {
  readonly #suspendThresh: number;
  readonly #resumeThresh: number;

  /** @throws ValueError when the threshold to resume is below the one to suspend. */
  constructor(signal: WatchedSignal, suspendThresh: number, options: ThresholdOptions = {}) {
    super(signal, options);
    this.#suspendThresh = suspendThresh;
    this.#resumeThresh = options.resumeThresh ?? suspendThresh;
    if (this.#resumeThresh < suspendThresh) refuse(this.name, 'not below', suspendThresh, this.#resumeThresh);
  }

  shouldSuspend(value: unknown): boolean {
    return asNumber(value) < this.#suspendThresh;
  }

  shouldResume(value: unknown): boolean {
    return asNumber(value) >= this.#resumeThresh;
  }

  protected override describe(value: unknown): string {
    const now = `Signal ${this.signal.name} = ${inWords(value)}`;
    return `${now} fell below ${this.#suspendThresh} and has not yet crossed above ${this.#resumeThresh}.`;
  }
}

/** Suspends while a number is above a threshold. A value that is not a number changes nothing. */
export class SuspendCeil extends SuspenderBase {
  readonly #suspendThresh: number;
  readonly #resumeThresh: number;

  /** @throws ValueError when the threshold to resume is above the one to suspend. */
  constructor(signal: WatchedSignal, suspendThresh: number, options: ThresholdOptions = {}) {
    super(signal, options);
    this.#suspendThresh = suspendThresh;
    this.#resumeThresh = options.resumeThresh ?? suspendThresh;
    if (this.#resumeThresh > suspendThresh) refuse(this.name, 'not above', suspendThresh, this.#resumeThresh);
  }

  shouldSuspend(value: unknown): boolean {
    return asNumber(value) > this.#suspendThresh;
  }

  shouldResume(value: unknown): boolean {
    return asNumber(value) <= this.#resumeThresh;
  }

  protected override describe(value: unknown): string {
    const now = `Signal ${this.signal.name} = ${inWords(value)}`;
    return `${now} went above ${this.#suspendThresh} and has not yet crossed below ${this.#resumeThresh}.`;
  }
}

function refuse(name: string, rule: string, suspendThresh: number, resumeThresh: number): never {
  throw new ValueError(
    `${name}: the threshold to resume must be ${rule} the one to suspend, got resume ${resumeThresh}, suspend ${suspendThresh}`,
  );
}
