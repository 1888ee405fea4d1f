import { type Camera, isCamera } from 'redsun/sdk/device';
import type { PlanEstimate } from 'redsun/sdk/plans';
import type { RunResult } from '../../../shared/channels/acquisition.ts';
import type { BoundPlan } from '../plans/plan-registry.ts';

/** From what was done so far; before the first frames from the plan's own estimate. */
export function timeLeft(
  workedS: number,
  acquired: number,
  total: number | null,
  planned: { low: number; high: number },
): { low: number; high: number } | null {
  if (total === null || total === 0) return null;
  if (acquired < 3) return { low: Math.max(0, planned.low - workedS), high: Math.max(0, planned.high - workedS) };
  const left = (workedS / acquired) * (total - acquired);
  return { low: left * 0.95, high: left * 1.1 };
}

/** What was said of a run before it began. */
export function predictionOf(
  { seconds, kind, exposures }: PlanEstimate,
  { cameras }: BoundPlan,
): Pick<RunResult, 'predictedS' | 'expectedFrames'> {
  return { predictedS: seconds, expectedFrames: kind === 'unknown' || cameras.length === 0 ? null : exposures };
}

/** How a run compares to what was said before: `, predicted 1.0–1.4 s, 12 frames expected`. */
export function comparedWords({ predictedS, expectedFrames, frames }: RunResult): string {
  const time = predictedS ? `, predicted ${predictedS.low.toFixed(1)}–${predictedS.high.toFixed(1)} s` : '';
  const expected = expectedFrames !== null && expectedFrames !== frames ? `, ${expectedFrames} frames expected` : '';
  return time + expected;
}

/** Pixels of all frames to come. */
export function bytesOf({ cameras, frames }: BoundPlan): number {
  return cameras.filter(isCamera).reduce((sum, camera) => sum + frameBytes(camera) * (frames ?? 0), 0);
}

function frameBytes({ frameShape: [height, width], dtype }: Camera): number {
  return height * width * (dtype === 'uint8' ? 1 : 2);
}
