/** What was measured once: how far (or how long an exposure), and how many seconds it took. */
export type Sample = readonly [size: number, seconds: number];

/** Durations grow with the size: `a + b * size`, to within what was seen. */
export interface DurationModel {
  /** s for a size of 0. */
  readonly a: number;
  /** s more for each unit of size. */
  readonly b: number;
  /** What most samples were below and above the line, s. */
  readonly below: number;
  readonly above: number;
  /** Part by which the range is made wider, as few samples say little of how much it varies. */
  readonly doubt: number;
}

/** Parts of the samples that are left out at either end: one move in eight may have met with something unusual. */
const OUTSIDE = 0.125;
/** With so many samples there is no doubt left. */
const MANY = 8;
/** Without any it would be a quarter. */
const MOST_DOUBT = 0.25;
/** Pairs of sizes that are compared at most; the median of many is no better. */
const PAIRS = 1200;

/**
 * The line through the samples that half of them lie above and half below, by the median of the slopes between them: a few that took
 * long for a reason of their own do not move it. @param slope - given: it is not looked for.
 */
export function fitDurations(samples: readonly Sample[], slope: number | null = null): DurationModel | null {
  if (samples.length === 0) return null;
  const b = slope ?? Math.max(0, medianSlope(samples));
  const offsets = samples.map(([size, seconds]) => seconds - b * size).sort((x, y) => x - y);
  const a = Math.max(0, quantile(offsets, 0.5));
  return {
    a,
    b,
    below: Math.max(0, a - quantile(offsets, OUTSIDE)),
    above: Math.max(0, quantile(offsets, 1 - OUTSIDE) - a),
    doubt: MOST_DOUBT * Math.max(0, 1 - samples.length / MANY),
  };
}

/** s for something of this size. */
export function rangeFor({ a, b, below, above, doubt }: DurationModel, size: number): { low: number; high: number } {
  const middle = a + b * size;
  return { low: Math.max(0, (middle - below) * (1 - doubt)), high: (middle + above) * (1 + doubt) };
}

function medianSlope(samples: readonly Sample[]): number {
  const slopes: number[] = [];
  const stride = Math.max(1, Math.floor((samples.length * samples.length) / 2 / PAIRS));
  let pair = 0;
  for (let first = 0; first < samples.length; first++) {
    for (let second = first + 1; second < samples.length; second++) {
      if (pair++ % stride !== 0) continue;
      const size = samples[second]![0] - samples[first]![0];
      if (size !== 0) slopes.push((samples[second]![1] - samples[first]![1]) / size);
    }
  }
  return slopes.length === 0
    ? 0
    : quantile(
        slopes.sort((x, y) => x - y),
        0.5,
      );
}

/** Between neighbours where the place is between them. */
function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1);
  const at = Math.floor(place);
  const [low, high] = [sorted[at] ?? 0, sorted[at + 1] ?? sorted[at] ?? 0];
  return low + (high - low) * (place - at);
}
