import { ValueError } from '../util/errors.ts';
import { SuspenderBase, type SuspenderOptions, type WatchedSignal } from './suspender-base.ts';
import { asNumber, inWords } from './values.ts';

abstract class BandSuspender extends SuspenderBase {
  /** Lower edge, in the unit of the signal. */
  protected readonly bottom: number;
  /** Upper edge, in the unit of the signal. */
  protected readonly top: number;

  constructor(signal: WatchedSignal, bandBottom: number, bandTop: number, options: SuspenderOptions = {}) {
    super(signal, options);
    if (!(bandBottom < bandTop)) {
      throw new ValueError(
        `${this.name}: the bottom of the band must be below its top, got ${bandBottom} to ${bandTop}`,
      );
    }
    this.bottom = bandBottom;
    this.top = bandTop;
  }

  /** The edges are outside. */
  protected isInside(value: unknown): boolean {
    return this.bottom < asNumber(value) && asNumber(value) < this.top;
  }
}

/** Suspends while a number is not between two values; the edges, and what is not a number, are outside. */
export class SuspendWhenOutsideBand extends BandSuspender {
  shouldSuspend(value: unknown): boolean {
    return !this.isInside(value);
  }

  shouldResume(value: unknown): boolean {
    return this.isInside(value);
  }

  protected override describe(value: unknown): string {
    return `Signal ${this.signal.name} = ${inWords(value)} is outside of the range (${this.bottom}, ${this.top})`;
  }
}

/** The older name of `SuspendWhenOutsideBand`. @deprecated Its name says the opposite of what it does. */
export class SuspendInBand extends SuspendWhenOutsideBand {}

/** Suspends while a number is between two values; the edges are outside. @deprecated As in bluesky. */
export class SuspendOutBand extends BandSuspender {
  shouldSuspend(value: unknown): boolean {
    return this.isInside(value);
  }

  shouldResume(value: unknown): boolean {
    return !this.isInside(value);
  }

  protected override describe(value: unknown): string {
    return `Signal ${this.signal.name} = ${inWords(value)} is inside of the range (${this.bottom}, ${this.top})`;
  }
}
