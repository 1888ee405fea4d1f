import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode, RedsunError } from '../../../sdk/util/index.ts';
import { readText } from '../files/regular-file.ts';
import type { ImagePlan } from './image-plan.ts';
import { arrayMetadata } from './ome-metadata.ts';

/** What the metadata of an image say that a run was writing when it was interrupted. */
export interface LeftMetadata {
  /** By level; null: its array was not made, or has no file in it that could be otherwise than those to come. */
  readonly arrays: readonly (Readonly<Record<string, unknown>> | null)[];
  /** Least and greatest pixel seen, by channel; null: nothing was seen. */
  readonly ranges: readonly ([low: number, high: number] | null)[];
}

const windowSchema = z.object({ min: z.number(), max: z.number(), start: z.number(), end: z.number() });
const groupSchema = z.object({
  attributes: z.object({
    ome: z.object({ omero: z.object({ channels: z.array(z.object({ window: windowSchema })) }) }),
  }),
});

/** Null when the image had not been made. */
export async function readLeftMetadata(storeDir: string, plan: ImagePlan): Promise<LeftMetadata | null> {
  const group = groupSchema.safeParse(await readJson(join(storeDir, plan.groupPath, 'zarr.json')));
  if ((await readJson(join(storeDir, plan.arrayPath, 'zarr.json'))) === null) return null;
  const channels = group.success ? group.data.attributes.ome.omero.channels : [];
  const ranges = channels.map(({ window: { min, max, start, end } }): [number, number] | null =>
    start === min && end === max ? null : [start, end],
  );
  return { arrays: await Promise.all(plan.levels.map(({ arrayPath }) => leftArray(storeDir, arrayPath))), ranges };
}

/** @throws RedsunError `store/resume-mismatch` when the frames to come would lie otherwise than those that are there. */
export function requireSameArrays(plan: ImagePlan, { arrays }: LeftMetadata): void {
  for (const [at, level] of plan.levels.entries()) {
    const left = arrays[at];
    if (left) requireSameArray(level.arrayPath, arrayMetadata(plan, level, 0), left);
  }
}

function requireSameArray(path: string, planned: Record<string, unknown>, left: Readonly<Record<string, unknown>>) {
  for (const [key, value] of Object.entries(planned)) {
    const same = key === 'shape' ? withoutTime(left.shape) === withoutTime(value) : text(left[key]) === text(value);
    if (same) continue;
    throw new RedsunError(
      'store/resume-mismatch',
      `${path}: ${key} of the store is ${text(left[key])}, and the frames to come need ${text(value)}`,
    );
  }
}

async function leftArray(storeDir: string, path: string): Promise<Readonly<Record<string, unknown>> | null> {
  const metadata = await readJson(join(storeDir, path, 'zarr.json'));
  if (typeof metadata !== 'object' || metadata === null) return null;
  const hasFiles = await access(join(storeDir, path, 'c')).then(
    () => true,
    () => false,
  );
  return hasFiles ? (metadata as Record<string, unknown>) : null;
}

function withoutTime(shape: unknown): string {
  return text(Array.isArray(shape) ? shape.slice(1) : shape);
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readText(path));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
