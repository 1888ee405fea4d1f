/** A line through measurements. */
export interface Slope {
  readonly perUnit: number;
  /** Standard error of `perUnit`: measurements that scatter, or are few, say little. */
  readonly error: number;
}

/** Least squares. @throws RangeError for fewer than three points, or all at one place. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope {
  const count = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (count < 3 || spread === 0) throw new RangeError(`no line through ${count} points`);
  const perUnit = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - perUnit * (x - meanX)) ** 2, 0);
  return { perUnit, error: Math.sqrt(residual / (count - 2) / spread) };
}

/** True when measurements show that more than `most` is added per unit: by more than twice the uncertainty of the slope. */
export function grows({ perUnit, error }: Slope, most: number): boolean {
  return perUnit - 2 * error > most;
}
