import { join } from 'node:path';
import { z } from 'zod';
import { asNumbers, readRawPlane } from '../../../shared/stores/index.ts';
import { readText } from '../files/regular-file.ts';
import { writeMetadata } from '../layout/metadata-file.ts';
import { type ArrayOnDisk, type PlaneAt, withTimePoints } from '../run/array-on-disk.ts';
import type { RepairOptions } from './repair-array.ts';

/** Of each channel, however many it has: spread over the run, the first and the last among them. */
const MOST_PLANES = 16;
/** Of each plane: a window is for looking, and needs no more. */
const MOST_PIXELS = 65_536;

const windowSchema = z.looseObject({ min: z.number(), max: z.number(), start: z.number(), end: z.number() });
const groupSchema = z.looseObject({
  attributes: z.looseObject({
    ome: z.looseObject({
      omero: z.looseObject({ channels: z.array(z.looseObject({ window: windowSchema })) }),
    }),
  }),
});

type Range = readonly [low: number, high: number];

/**
 * The contrast window of each channel, which a run writes when it ends: where it is as wide as pixels can be, it is made from a sample of
 * the planes. @param planes - that can be read. @returns what was repaired, in words.
 */
export async function repairWindows(
  groupDir: string,
  name: string,
  array: ArrayOnDisk,
  planes: readonly PlaneAt[],
  { writes, clock, kept, signal }: Pick<RepairOptions, 'writes' | 'clock' | 'kept' | 'signal'>,
): Promise<string[]> {
  const path = join(groupDir, 'zarr.json');
  const group = groupSchema.safeParse(
    await readText(path)
      .then(JSON.parse)
      .catch(() => null),
  );
  if (!group.success) return [];
  let made = 0;
  for (const [channel, { window }] of group.data.attributes.ome.omero.channels.entries()) {
    if (window.start !== window.min || window.end !== window.max) continue;
    const range = await rangeOf(
      array,
      planes.filter(([, c]) => c === channel),
      signal,
    );
    if (!range) continue;
    const [start, high] = range;
    // A flat picture still needs a window of some width.
    const end = high > start ? high : start + 1;
    if (start === window.min && end === window.max) continue;
    window.start = start;
    window.end = end;
    made++;
  }
  if (made === 0) return [];
  if (writes) {
    await kept?.file(path);
    await writeMetadata(path, group.data, clock);
  }
  return [
    `${name || '/'}: the contrast of ${made} ${made === 1 ? 'channel' : 'channels'} is made from a sample of the frames`,
  ];
}

/** Least and greatest pixel of a sample; null: there is none that is a number. */
async function rangeOf(
  array: ArrayOnDisk,
  planes: readonly PlaneAt[],
  signal: AbortSignal | undefined,
): Promise<Range | null> {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const plane of spread(planes)) {
    signal?.throwIfAborted();
    const raw = await readRawPlane(array.source, withTimePoints(array, plane[0] + 1), plane, signal);
    const pixels = asNumbers(array.info.dtype, raw);
    const step = Math.max(1, Math.floor(pixels.length / MOST_PIXELS));
    for (let at = 0; at < pixels.length; at += step) {
      const value = pixels[at] as number;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

function spread(planes: readonly PlaneAt[]): PlaneAt[] {
  const count = Math.min(MOST_PLANES, planes.length);
  const every = (planes.length - 1) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, at) => planes[Math.round(at * every)] as PlaneAt);
}
