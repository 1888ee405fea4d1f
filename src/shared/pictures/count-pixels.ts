import type { SourcePixels } from './make-picture.ts';

/** Bins that go to a screen, at most; one per count as long as there are no more different ones. */
const MOST_BINS = 4096;

/** How often each value occurs in a frame. */
export interface PixelHistogram {
  /** `bins[i]`: pixels with counts from `offset + i * binWidth` up to the next. */
  readonly bins: Uint32Array<ArrayBuffer>;
  readonly offset: number;
  /** Counts. */
  readonly binWidth: number;
  readonly pixels: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

export interface PixelCounts {
  /** Part of all pixels that hold no more, 0..1. */
  readonly saturated: number;
  readonly histogram: PixelHistogram;
}

/**
 * Looks at every pixel: a small bright spot may lie between those that a screen shows.
 * @param ceiling - counts of a pixel that holds no more. @param memory - 65 536 numbers to work in; default: new ones
 */
export function countPixels(
  { data }: Pick<SourcePixels, 'data'>,
  ceiling: number,
  memory: Uint32Array = new Uint32Array(65_536),
): PixelCounts {
  const counts = memory.fill(0);
  for (let at = 0; at < data.length; at++) counts[data[at]!]!++;
  let min = 0;
  while (min < counts.length - 1 && counts[min] === 0) min++;
  let max = counts.length - 1;
  while (max > min && counts[max] === 0) max--;
  let sum = 0;
  let full = 0;
  const binWidth = Math.max(1, Math.ceil((max - min + 1) / MOST_BINS));
  const bins = new Uint32Array(Math.ceil((max - min + 1) / binWidth));
  for (let value = min; value <= max; value++) {
    const count = counts[value]!;
    sum += count * value;
    if (value >= ceiling) full += count;
    bins[Math.floor((value - min) / binWidth)]! += count;
  }
  const pixels = data.length;
  return {
    saturated: full / Math.max(1, pixels),
    histogram: { bins, offset: min, binWidth, pixels, min, max, mean: sum / Math.max(1, pixels) },
  };
}
