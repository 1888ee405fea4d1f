import type { MdaTimePoint, ScheduleKept } from 'redsun/sdk/plans';

/** Of an interval, what a time point may be late before it is called so; and the least that counts, s. */
const LATE_PART = 0.05;
const LATE_S = 0.01;

/** Counts, while a run goes on, how its times are kept. */
export class ScheduleRecord {
  #timePoints = 0;
  #late = 0;
  #leftOut = 0;
  #latestS = 0;
  #before: { readonly dueS: number; readonly beganS: number } | null = null;
  #asked = { sumS: 0, count: 0 };
  #happenedS = 0;

  readonly note = (point: MdaTimePoint): void => {
    if (point.kind === 'left-out') {
      this.#leftOut++;
      return;
    }
    const { dueS, lateS } = point;
    const beganS = dueS + lateS;
    this.#timePoints++;
    const before = this.#before;
    // Time is counted anew at each place that has times of its own.
    const intervalS = before && dueS > before.dueS ? dueS - before.dueS : 0;
    this.#before = { dueS, beganS };
    if (!before || intervalS === 0) return;
    this.#asked = { sumS: this.#asked.sumS + intervalS, count: this.#asked.count + 1 };
    this.#happenedS += beganS - before.beganS;
    if (lateS <= Math.max(LATE_S, LATE_PART * intervalS)) return;
    this.#late++;
    this.#latestS = Math.max(this.#latestS, lateS);
  };

  /** null: it had no times to keep. */
  get kept(): ScheduleKept | null {
    const { sumS, count } = this.#asked;
    if (count === 0) return null;
    return {
      timePoints: this.#timePoints,
      late: this.#late,
      leftOut: this.#leftOut,
      latestS: this.#latestS,
      askedIntervalS: sumS / count,
      intervalS: this.#happenedS / count,
    };
  }
}

/** What an operator should know of it: `10 of 11 time points were late, by up to 2.7 s (every 0.47 s instead of 0.2 s)`; null: it was kept. */
export function scheduleWords(kept: ScheduleKept | null): string | null {
  if (!kept || (kept.late === 0 && kept.leftOut === 0)) return null;
  const { timePoints, late, leftOut, latestS, askedIntervalS, intervalS } = kept;
  const total = timePoints + leftOut;
  const instead = ` (every ${seconds(intervalS)} instead of ${seconds(askedIntervalS)})`;
  const lateWords =
    late > 0 ? [`${late} of ${total} time points were late, by up to ${seconds(latestS)}${instead}`] : [];
  const leftOutWords = leftOut > 0 ? [`${leftOut} of ${total} time points were left out, as they came too late`] : [];
  return [...leftOutWords, ...lateWords].join('; ');
}

function seconds(value: number): string {
  return `${Number(value.toPrecision(value >= 100 ? 3 : 2))} s`;
}
