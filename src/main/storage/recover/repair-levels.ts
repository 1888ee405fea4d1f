import { asError } from '../../../sdk/util/index.ts';
import { readRawPlane } from '../../../shared/stores/index.ts';
import { type ArrayOnDisk, keyOf, openArray, type PlaneAt, withTimePoints } from '../run/array-on-disk.ts';
import type { ImageOnDisk } from '../run/image-on-disk.ts';
import { type WorkBench, workBench } from '../writer/work-bench.ts';
import { CoarserLevel, makeLevel } from './coarser-level.ts';
import { pixelTypeOf, planeGeometry } from './plane-geometry.ts';
import { type RepairOptions, writeTimePoints } from './repair-array.ts';

/** What was done to the levels below the finest, in words. */
export interface LevelFindings {
  readonly repairs: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Makes the coarser levels of an image follow its finest: planes that were postponed or lost are made, those of frames that are not there
 * are taken out. @param planes - of the finest level, all that can be read.
 */
export async function repairLevels(
  image: ImageOnDisk,
  finest: ArrayOnDisk,
  planes: readonly PlaneAt[],
  options: RepairOptions,
): Promise<LevelFindings> {
  const repairs: string[] = [];
  const levels: CoarserLevel[] = [];
  for (const [at, path] of image.coarserPaths.entries()) {
    let array = await openArray(image.storeDir, path);
    if (!array) {
      repairs.push(`${path}: the metadata of this level were missing`);
      // Without a place for it, nobody can tell more.
      if (!options.writes) return { repairs, problems: [] };
      array = await makeLevel(finest, image.storeDir, path, at + 1, image.planesPerFrame ?? { c: 1, z: 1 }, options);
    }
    if (array) levels.push(await CoarserLevel.open(array));
  }
  const { c, z } = image.planesPerFrame ?? { c: 1, z: 1 };
  const onPlane = () => options.count?.add('levels', 1 / (c * z));
  const { made, problems } = await follow(finest, levels, planes, { ...options, onPlane });
  const keys = new Set(planes.map(keyOf));
  const timePoints = planes.reduce((most, [t]) => Math.max(most, t + 1), 0);
  for (const [at, level] of levels.entries()) {
    const { path, shape } = level.array.info;
    const removed = await level.keepOnly(keys);
    if (made[at]) repairs.push(`${path}: ${made[at]} planes of this level are made from the full resolution`);
    if (removed > 0) repairs.push(`${path}: ${removed} planes of this level belong to no frame and are taken out`);
    if (!made[at] && removed === 0 && level.changed) repairs.push(`${path}: the index of a file was broken`);
    if (options.writes) await level.commit(options.kept);
    if (shape[0] === timePoints) continue;
    repairs.push(`${path}: the shape had ${shape[0]} time points, ${timePoints} were written`);
    if (options.writes) await writeTimePoints(level.array, timePoints, options);
  }
  return { repairs, problems };
}

/** @returns by level, how many planes were made or, with `writes: false`, would be. */
async function follow(
  finest: ArrayOnDisk,
  levels: readonly CoarserLevel[],
  planes: readonly PlaneAt[],
  { readsPixels, writes, signal, onPlane }: RepairOptions & { readonly onPlane: () => void },
): Promise<{ readonly made: readonly number[]; readonly problems: readonly string[] }> {
  const made = levels.map(() => 0);
  const problems: string[] = [];
  const halving = workBench([planeGeometry(finest), ...levels.map(({ geometry }) => geometry)], 'none');
  for (const plane of levels.length > 0 ? planes : []) {
    signal?.throwIfAborted();
    onPlane();
    const there = await Promise.all(levels.map((level) => level.has(plane)));
    if (there.every(Boolean) && !readsPixels) continue;
    try {
      for (const [at, pixels] of (await halvesOf(halving, finest, levels, plane, signal)).entries()) {
        const level = levels[at] as CoarserLevel;
        if (there[at] && (!readsPixels || (await level.holds(plane, pixels, signal)))) continue;
        if (writes) await level.put(plane, pixels);
        made[at] = (made[at] ?? 0) + 1;
      }
    } catch (error) {
      signal?.throwIfAborted();
      const [t, c, z] = plane;
      const where = `${finest.info.path}: plane t ${t}, c ${c}, z ${z}`;
      // A dry run has not entered what it would find again.
      if (writes) problems.push(`${where} cannot be made coarser: ${asError(error).message}`);
      else for (const [at, has] of there.entries()) if (!has) made[at] = (made[at] ?? 0) + 1;
    }
  }
  return { made, problems };
}

/** The pixels of a plane, level by level; good until it is called again. */
async function halvesOf(
  { area, levels: halving }: WorkBench,
  finest: ArrayOnDisk,
  levels: readonly CoarserLevel[],
  plane: PlaneAt,
  signal: AbortSignal | undefined,
): Promise<Uint8Array[]> {
  const dtype = pixelTypeOf(finest);
  const raw = await readRawPlane(finest.source, withTimePoints(finest, plane[0] + 1), plane, signal);
  area.clear();
  let pixels = area.take(raw.byteLength);
  pixels.set(new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength));
  let finer = planeGeometry(finest);
  return levels.map(({ geometry }) => {
    pixels = halving.halve(pixels, finer, geometry, dtype);
    finer = geometry;
    return pixels;
  });
}
