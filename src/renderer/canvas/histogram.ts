/** How often each count occurs, at full resolution of the values. */
export interface Histogram {
  /** `counts[i]`: pixels with value `offset + i * binWidth` up to the next. */
  readonly counts: Uint32Array;
  readonly offset: number;
  readonly binWidth: number;
  readonly pixels: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

export type Pixels =
  | Uint16Array
  | Uint8Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** One bin per count of a 16-bit camera. */
const BINS = 65_536;

/** Values outside are counted in the first and last bin. NaN is no pixel. */
export function histogramOf(pixels: Pixels, low = 0, high = 65_536): Histogram {
  const counts = new Uint32Array(BINS);
  const binWidth = Math.max((high - low) / BINS, Number.MIN_VALUE);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let counted = 0;
  for (let index = 0; index < pixels.length; index += 1) {
    const value = pixels[index] as number;
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    counted += 1;
    const bin = ((value - low) / binWidth) | 0;
    const inside = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
    counts[inside] = (counts[inside] as number) + 1;
  }
  const empty = counted === 0;
  return {
    counts,
    offset: low,
    binWidth,
    pixels: counted,
    min: empty ? 0 : min,
    max: empty ? 0 : max,
    mean: empty ? 0 : sum / counted,
  };
}

/** Limits that leave `ignorePercent` of the pixels out, half at each end. */
export function autoLimits(
  histogram: Histogram,
  ignorePercent: number,
): { readonly low: number; readonly high: number } {
  const { counts, offset, binWidth, pixels, min, max } = histogram;
  const leaveOut = (pixels * ignorePercent) / 200;
  const first = edge(counts, leaveOut, 1);
  const last = edge(counts, leaveOut, -1);
  const low = Math.max(min, offset + first * binWidth);
  const high = Math.min(max, offset + (last + 1) * binWidth);
  return high > low
    ? { low: tidy(low, binWidth), high: tidy(high, binWidth) }
    : { low: min, high: min + Math.max(1, binWidth) };
}

function edge(counts: Uint32Array, leaveOut: number, direction: 1 | -1): number {
  let bin = direction === 1 ? 0 : counts.length - 1;
  let seen = counts[bin] as number;
  while (seen <= leaveOut && bin + direction >= 0 && bin + direction < counts.length) {
    bin += direction;
    seen += counts[bin] as number;
  }
  return bin;
}

/** Counts are whole; fractions only where the values themselves are finer. */
function tidy(value: number, binWidth: number): number {
  return binWidth >= 1 ? Math.round(value) : Number(value.toPrecision(6));
}

/** Heights 0..1 of `columns` columns between `low` and `high`, for drawing. */
export function columnsOf(
  histogram: Histogram,
  low: number,
  high: number,
  columns: number,
  log: boolean,
): readonly number[] {
  const sums = new Array<number>(columns).fill(0);
  const { counts, offset, binWidth } = histogram;
  for (let bin = 0; bin < counts.length; bin += 1) {
    const count = counts[bin] as number;
    if (count === 0) continue;
    const column = Math.floor(((offset + (bin + 0.5) * binWidth - low) / (high - low)) * columns);
    if (column >= 0 && column < columns) sums[column] = (sums[column] as number) + count;
  }
  const scaled = sums.map((sum) => (log ? Math.log1p(sum) : sum));
  const top = Math.max(1e-9, ...scaled);
  return scaled.map((value) => value / top);
}
