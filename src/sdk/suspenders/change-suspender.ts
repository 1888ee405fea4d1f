import { SuspenderBase, type SuspenderOptions, type WatchedSignal } from './suspender-base.ts';

/** What a signal has to say. */
export interface ChangeOptions extends SuspenderOptions {
  /** The good value, as the signal gives it. Default: the first that is heard. */
  readonly expectedValue?: unknown;
  /** Whether plans may go on when the value is back; else only an abort ends the suspension. Default false. */
  readonly allowResume?: boolean;
}

/** Suspends when a signal says something else than it should: who has the microscope, which objective is in. */
export class SuspendWhenChanged extends SuspenderBase {
  readonly #allowResume: boolean;
  #expected: { readonly value: unknown } | null;

  /** @param signal - any values that can be compared by `===`. */
  constructor(signal: WatchedSignal, options: ChangeOptions = {}) {
    super(signal, options);
    const { expectedValue = null, allowResume = false } = options;
    this.#expected = expectedValue === null ? null : { value: expectedValue };
    this.#allowResume = allowResume;
  }

  shouldSuspend(value: unknown): boolean {
    this.#expected ??= { value };
    return value !== this.#expected.value;
  }

  shouldResume(value: unknown): boolean {
    return this.#allowResume && value === this.#expected?.value;
  }

  protected override describe(value: unknown): string {
    const what = `Signal ${this.signal.name}, got "${value}", expected "${this.#expected?.value}"`;
    return this.#allowResume ? what : `${what}. Abort the plan, and start the session anew for the new configuration.`;
  }
}
