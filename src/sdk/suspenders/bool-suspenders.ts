import { SuspenderBase } from './suspender-base.ts';

/** Suspends while a boolean signal is high; plans go on when it is low. */
export class SuspendBoolHigh extends SuspenderBase {
  shouldSuspend(value: unknown): boolean {
    return isHigh(value);
  }

  shouldResume(value: unknown): boolean {
    return !isHigh(value);
  }

  protected override describe(): string {
    return `Signal ${this.signal.name} is high`;
  }
}

/** Suspends while a boolean signal is low; plans go on when it is high. */
export class SuspendBoolLow extends SuspenderBase {
  shouldSuspend(value: unknown): boolean {
    return !isHigh(value);
  }

  shouldResume(value: unknown): boolean {
    return isHigh(value);
  }

  protected override describe(): string {
    return `Signal ${this.signal.name} is low`;
  }
}

/** As Python's truth of a value: not a number counts as high. */
function isHigh(value: unknown): boolean {
  return Number.isNaN(value) || Boolean(value);
}
