import { CsvWriter, PeakStats, type TextSink } from 'redsun/sdk/callbacks';
import type { Readable } from 'redsun/sdk/device';
import type { Plan } from 'redsun/sdk/engine';
import type { Document, DocumentName } from 'redsun/sdk/events';
import { type ScanAxis, scan, suspendWrapper } from 'redsun/sdk/plans';
import { SuspendBoolHigh, SuspenderBase, SuspendWhenOutsideBand, type WatchedSignal } from 'redsun/sdk/suspenders';

/** Holds plans up while a value changes faster than it should: a room whose door was opened. */
export class SuspendWhileDrifting extends SuspenderBase {
  readonly #mostChange: number;
  #last: number | null = null;
  #change = 0;

  /** @param mostChange - between two values, in the unit of the signal. */
  constructor(signal: WatchedSignal, mostChange: number, sleepS: number) {
    super(signal, { sleep: sleepS, trippedMessage: 'waiting for it to settle' });
    this.#mostChange = mostChange;
  }

  shouldSuspend(value: unknown): boolean {
    this.#change = this.#last === null ? 0 : Math.abs(Number(value) - this.#last);
    this.#last = Number(value);
    return this.#change > this.#mostChange;
  }

  shouldResume(): boolean {
    return this.#change <= this.#mostChange;
  }
}

/** A focus scan that waits while the room is too warm or too cold, drifts, or the interlock is open. */
export function guardedScan(detector: Readable, z: ScanAxis, room: WatchedSignal, interlock: WatchedSignal): Plan {
  const guards = [
    new SuspendWhenOutsideBand(room, 19, 23, { sleep: 60 }),
    new SuspendWhileDrifting(room, 0.5, 60),
    new SuspendBoolHigh(interlock, { trippedMessage: 'close the lid' }),
  ];
  return suspendWrapper(scan([detector], [{ axis: z, start: -10, stop: 10 }], 21), guards);
}

/** Finds the focus, and keeps the readings as a table. Its `onDocument` takes the documents of a run. */
export function focusFinder(zKey: string, sharpnessKey: string, open: (stream: string) => TextSink) {
  const peak = new PeakStats(zKey, sharpnessKey);
  const table = new CsvWriter({ open });
  return {
    onDocument(name: DocumentName, doc: Document): void {
      peak.onDocument(name, doc);
      table.onDocument(name, doc);
    },
    /** um: the middle of the peak where both of its flanks were seen, else where it was sharpest; null before the end of a run. */
    focusUm(): number | null {
      if (!peak.stats) return null;
      const { fwhm, cen, max } = peak.stats;
      return fwhm === null ? max[0] : cen;
    },
  };
}
