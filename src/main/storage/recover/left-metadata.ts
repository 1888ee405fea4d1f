import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode, RedsunError } from '../../../sdk/util/index.ts';
import type { ImagePlan } from '../image-plan.ts';
import { arrayMetadata } from '../ome-metadata.ts';

/** What the metadata of an image say that a run was writing when it was interrupted. */
export interface LeftMetadata {
  readonly array: Readonly<Record<string, unknown>>;
  /** Least and greatest pixel seen, by channel; null: nothing was seen. */
  readonly ranges: readonly ([low: number, high: number] | null)[];
}

const windowSchema = z.object({ min: z.number(), max: z.number(), start: z.number(), end: z.number() });
const groupSchema = z.object({
  attributes: z.object({
    ome: z.object({ omero: z.object({ channels: z.array(z.object({ window: windowSchema })) }) }),
  }),
});

/** Null when the image had not been made. @param imageDir - its group, with the array `0` in it. */
export async function readLeftMetadata(imageDir: string): Promise<LeftMetadata | null> {
  const array = await readJson(join(imageDir, '0', 'zarr.json'));
  if (typeof array !== 'object' || array === null) return null;
  const group = groupSchema.safeParse(await readJson(join(imageDir, 'zarr.json')));
  const channels = group.success ? group.data.attributes.ome.omero.channels : [];
  const ranges = channels.map(({ window: { min, max, start, end } }): [number, number] | null =>
    start === min && end === max ? null : [start, end],
  );
  return { array: array as Record<string, unknown>, ranges };
}

/** @throws RedsunError `store/resume-mismatch` when the frames to come would lie otherwise than those that are there. */
export function requireSameArray(plan: ImagePlan, { array }: LeftMetadata): void {
  const planned = arrayMetadata(plan, plan.levels[0], 0);
  for (const [key, value] of Object.entries(planned)) {
    const same = key === 'shape' ? withoutTime(array.shape) === withoutTime(value) : text(array[key]) === text(value);
    if (same) continue;
    throw new RedsunError(
      'store/resume-mismatch',
      `${plan.arrayPath}: ${key} of the store is ${text(array[key])}, and the frames to come need ${text(value)}`,
    );
  }
}

function withoutTime(shape: unknown): string {
  return text(Array.isArray(shape) ? shape.slice(1) : shape);
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
