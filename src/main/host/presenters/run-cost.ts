import { type Camera, isCamera } from 'redsun/sdk/device';
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

/** Pixels of all frames to come. */
export function bytesOf({ cameras, frames }: BoundPlan): number {
  return cameras.filter(isCamera).reduce((sum, camera) => sum + frameBytes(camera) * (frames ?? 0), 0);
}

function frameBytes({ frameShape: [height, width], dtype }: Camera): number {
  return height * width * (dtype === 'uint8' ? 1 : 2);
}
