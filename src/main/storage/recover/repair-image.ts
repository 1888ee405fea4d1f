import { join } from 'node:path';
import { asError } from '../../../sdk/util/index.ts';
import { maskFiles, WrittenMask } from '../layout/written-mask.ts';
import { type ArrayOnDisk, openArray, type PlaneAt } from '../run/array-on-disk.ts';
import { type ImageOnDisk, openImage, type PlanesPerFrame } from '../run/image-on-disk.ts';
import type { JournalLine } from '../run/journal.ts';
import { type ArrayFindings, type RepairOptions, repairArray } from './repair-array.ts';
import { type LevelFindings, repairLevels } from './repair-levels.ts';
import { repairWindows } from './repair-windows.ts';

/** Makes an image whole: its frames, its coarser levels, its mask. Null: its array was not made, or is none that Redsun writes. */
export async function repairImage(
  storeDir: string,
  groupPath: string,
  lines: readonly JournalLine[],
  options: RepairOptions,
): Promise<ArrayFindings | null> {
  const image = await openImage(storeDir, groupPath);
  const array = await openArray(storeDir, image.arrayPath);
  if (!array) return null;
  const planesPerFrame = planesPerFrameOf(image, lines);
  const found = await repairArray(array, lines, planesPerFrame, options);
  const levels = await tryLevels(image, array, found.planes, options);
  const windows = await tryWindows(image, array, found.planes, options);
  const mask = image.hasMask ? await repairMask(image, array, planesPerFrame, found.planes, options) : [];
  return {
    ...found,
    repairs: [...found.repairs, ...levels.repairs, ...windows.repairs, ...mask],
    problems: [...found.problems, ...levels.problems, ...windows.problems],
  };
}

/** As the group says, or, where it cannot be read, the journal. */
function planesPerFrameOf(image: ImageOnDisk, lines: readonly JournalLine[]): PlanesPerFrame {
  return image.planesPerFrame ?? lines.find(({ planes }) => planes)?.planes ?? { c: 1, z: 1 };
}

/** What is wrong with the levels keeps nobody from the frames. */
async function tryLevels(...of: Parameters<typeof repairLevels>): Promise<LevelFindings> {
  try {
    return await repairLevels(...of);
  } catch (error) {
    of[3].signal?.throwIfAborted();
    return { repairs: [], problems: [`coarser levels cannot be made: ${asError(error).message}`] };
  }
}

/** Only of a run that did not come to its end: one that did has written them. */
async function tryWindows(
  { storeDir, groupPath }: ImageOnDisk,
  array: ArrayOnDisk,
  planes: readonly PlaneAt[],
  options: RepairOptions,
): Promise<LevelFindings> {
  if (!options.readsPixels) return { repairs: [], problems: [] };
  try {
    const repairs = await repairWindows(join(storeDir, groupPath), groupPath, array, planes, options);
    return { repairs, problems: [] };
  } catch (error) {
    options.signal?.throwIfAborted();
    // A dry run has not entered what it would find again.
    if (!options.writes) return { repairs: [], problems: [] };
    return { repairs: [], problems: [`contrast cannot be made: ${asError(error).message}`] };
  }
}

/** The array beside the levels that says which planes were acquired. */
async function repairMask(
  { storeDir, groupPath }: ImageOnDisk,
  { info }: ArrayOnDisk,
  { c, z }: PlanesPerFrame,
  planes: readonly PlaneAt[],
  { writes, clock, kept }: RepairOptions,
): Promise<string[]> {
  const [, sizeC, sizeZ] = info.shape as [number, number, number];
  const mask = new WrittenMask({ c: sizeC / c, z: sizeZ / z }, { c, z });
  for (const plane of planes) mask.add(plane[0], Math.floor(plane[1] / c), Math.floor(plane[2] / z));
  const timePoints = planes.reduce((most, [t]) => Math.max(most, t + 1), 0);
  const groupDir = join(storeDir, groupPath);
  if (await mask.isWritten(groupDir, timePoints)) return [];
  if (writes) {
    for (const path of maskFiles(groupDir)) await kept?.file(path);
    await mask.write(groupDir, timePoints, clock);
  }
  const all = timePoints * sizeC * sizeZ;
  const name = groupPath === '' ? 'written' : `${groupPath}/written`;
  return [`${name}: says now that ${planes.length} of ${all} planes were acquired`];
}
