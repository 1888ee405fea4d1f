import type { RunProgress } from '../../shared/channels/acquisition.ts';

/** Part of a run that is done, 0..1: by frames, or by time for plans that cannot say how many they make. Null: unknown. */
export function runPart(run: Pick<RunProgress, 'total' | 'acknowledged' | 'elapsedS' | 'leftS'>): number | null {
  if (run.total !== null && run.total > 0) return Math.min(1, run.acknowledged / run.total);
  if (run.leftS === null) return null;
  const whole = run.elapsedS + (run.leftS.low + run.leftS.high) / 2;
  return whole > 0 ? run.elapsedS / whole : 0;
}
