import { hasCode, RedsunError } from '../../../sdk/util/index.ts';
import type { FrameGeometry } from '../layout/frame-geometry.ts';
import { endOfData, isWhole, type PlaceEntries, readShard } from '../layout/shard-on-disk.ts';
import { PAGE_BYTES, pageAfter } from '../layout/work-area.ts';

/** What an interrupted run left behind of a shard. */
export interface ResumedShard {
  /** By number of the plane: those of which every chunk is there. */
  readonly planes: ReadonlyMap<number, PlaceEntries>;
  /** Where data end. */
  readonly dataBytes: number;
  readonly sizeBytes: number;
  readonly indexBytes: number;
}

/**
 * A frame of several planes has several places.
 * @returns null: no file.
 * @throws RedsunError `store/bad-index`.
 */
export async function readResumedShard(
  path: string,
  frames: number,
  geometry: FrameGeometry,
): Promise<ResumedShard | null> {
  const chunks = geometry.chunkRows * geometry.chunkColumns;
  const planes = (frames * geometry.tiledBytes) / geometry.chunkBytes / chunks;
  const shard = await readShard(path, planes, chunks).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  });
  if (!shard) return null;
  const { places, sizeBytes, indexBytes } = shard;
  if (!places) throw new RedsunError('store/bad-index', `${path}: the index is broken: recover the run first`);
  return {
    planes: new Map([...places.entries()].filter(([, entries]) => isWhole(entries))),
    dataBytes: pageAfter(endOfData(places)),
    sizeBytes,
    indexBytes,
  };
}

/** Where the index of such a shard goes on: where frames to come, which take so many bytes, do not reach it, nor the one that is there. */
export function resumedIndexOffset({ dataBytes, sizeBytes, indexBytes }: ResumedShard, bytesToCome: number): number {
  const neededBytes = pageAfter(dataBytes + bytesToCome);
  const found = sizeBytes - indexBytes;
  const reserved = found >= neededBytes && found % PAGE_BYTES === 0;
  return reserved ? found : Math.max(neededBytes, pageAfter(sizeBytes));
}
