import { RedsunError } from '../../../sdk/util/index.ts';
import { readRawPlane, STORE_DTYPES } from '../../../shared/stores/index.ts';
import { openRegular, readPart } from '../files/regular-file.ts';
import type { PlaceEntries } from '../layout/shard-on-disk.ts';
import { type ArrayOnDisk, type PlaneAt, withTimePoints } from '../run/array-on-disk.ts';
import type { ShardFrame } from './frames-in-shard.ts';

/**
 * What becomes of frames that are in the store and of which the journal does not tell. `cut`: the journal is whole, so they were being
 * written. `keep`: it is missing, or has lost lines of frames that had reached the disk, and nobody can tell which those were.
 * `keep-written`: it has no line yet, and nothing was synced; those stay that bear no trace of a write that never reached the disk.
 */
export type UnlistedFate = 'cut' | 'keep' | 'keep-written';

/** The smallest piece that a disk writes. */
const SECTOR_BYTES = 512;

/** False where a sector of the frame is zeros, or it cannot be decoded: so a power cut leaves what was to be written. */
export async function wasWritten(
  array: ArrayOnDisk,
  path: string,
  { planes }: ShardFrame,
  places: readonly PlaceEntries[],
): Promise<boolean> {
  const file = await openRegular(path);
  try {
    for (const { at, place } of planes) {
      for (const [chunk, entry] of (places[place] as PlaceEntries).entries()) {
        if (entry === null) return false;
        const bytes = await readPart(file, entry.offset, entry.byteLength);
        if (hasEmptySector(bytes, entry.offset, pixelsOf(array, chunk))) return false;
      }
      if (array.info.codecs.bytes.length > 0 && !(await canBeDecoded(array, at))) return false;
    }
    return true;
  } finally {
    await file.close();
  }
}

/** Whether the byte at `at` of a chunk may be one of a pixel: beyond the edge of the picture there are zeros anyway. */
function pixelsOf({ info }: ArrayOnDisk, chunk: number): (at: number) => boolean {
  if (info.codecs.bytes.length > 0) return () => true;
  const [chunkHeight, chunkWidth] = info.chunkShape.slice(-2) as [number, number];
  const [height, width] = info.shape.slice(-2) as [number, number];
  const columns = (info.sharding?.shardShape.at(-1) ?? chunkWidth) / chunkWidth;
  const rowsLeft = height - Math.floor(chunk / columns) * chunkHeight;
  const columnsLeft = width - (chunk % columns) * chunkWidth;
  return (at) => {
    const pixel = Math.floor(at / STORE_DTYPES[info.dtype]);
    return Math.floor(pixel / chunkWidth) < rowsLeft && pixel % chunkWidth < columnsLeft;
  };
}

async function canBeDecoded(array: ArrayOnDisk, at: PlaneAt): Promise<boolean> {
  try {
    await readRawPlane(array.source, withTimePoints(array, at[0] + 1), at);
    return true;
  } catch (error) {
    if (error instanceof RedsunError) return false;
    throw error;
  }
}

/** Also of those at both ends, which belong to the frame in part. @param offset - of the bytes in their file. */
function hasEmptySector(bytes: Uint8Array, offset: number, isPixel: (at: number) => boolean): boolean {
  for (let from = 0; from < bytes.byteLength; ) {
    const to = Math.min(bytes.byteLength, from + SECTOR_BYTES - ((offset + from) % SECTOR_BYTES));
    if (bytes.subarray(from, to).every((byte) => byte === 0) && rangeSome(from, to, isPixel)) return true;
    from = to;
  }
  return false;
}

function rangeSome(from: number, to: number, test: (at: number) => boolean): boolean {
  for (let at = from; at < to; at++) if (test(at)) return true;
  return false;
}
