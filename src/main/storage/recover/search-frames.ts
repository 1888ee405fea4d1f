import { open } from 'node:fs/promises';
import { crc32c } from '@node-rs/crc32';
import { STORE_DTYPES } from '../../../shared/stores/index.ts';
import type { ArrayOnDisk } from './array-on-disk.ts';
import { type PlaceEntries, readFully } from './shard-on-disk.ts';

/**
 * Finds frames in a shard whose index is broken by their checksums, where chunks are stored as they are: each lies in a slot of its own
 * size. Of compressed chunks nobody can tell where one ends; nothing is found then.
 * @param wanted - checksums of the journal, hexadecimal. @returns by checksum, where the frame's chunks lie.
 */
export async function searchFrames(
  array: ArrayOnDisk,
  shardPath: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, PlaceEntries>> {
  const found = new Map<string, PlaceEntries>();
  if (array.info.codecs.bytes.length > 0 || wanted.size === 0) return found;
  const tiles = tilesOf(array);
  const file = await open(shardPath, 'r');
  try {
    for (let offset = 0; found.size < wanted.size; offset += tiles.frameBytes) {
      const bytes = await readFully(file, offset, tiles.frameBytes);
      if (bytes.byteLength < tiles.frameBytes) return found;
      const checksum = crc32c(untile(bytes, tiles)).toString(16).padStart(8, '0');
      if (!wanted.has(checksum) || found.has(checksum)) continue;
      const start = offset;
      const entries = Array.from({ length: array.chunksPerFrame }, (_, chunk) => ({
        offset: start + chunk * tiles.chunkBytes,
        byteLength: tiles.chunkBytes,
      }));
      found.set(checksum, entries);
    }
    return found;
  } finally {
    await file.close();
  }
}

interface Tiles {
  readonly heightPx: number;
  readonly widthPx: number;
  readonly chunkHeightPx: number;
  readonly chunkWidthPx: number;
  readonly bytesPerPixel: number;
  readonly chunkBytes: number;
  /** With what pads the chunks at the edge. */
  readonly frameBytes: number;
}

function tilesOf({ info, chunksPerFrame }: ArrayOnDisk): Tiles {
  const [heightPx, widthPx] = info.shape.slice(3) as [number, number];
  const [chunkHeightPx, chunkWidthPx] = info.chunkShape.slice(3) as [number, number];
  const bytesPerPixel = STORE_DTYPES[info.dtype];
  const chunkBytes = chunkHeightPx * chunkWidthPx * bytesPerPixel;
  return {
    heightPx,
    widthPx,
    chunkHeightPx,
    chunkWidthPx,
    bytesPerPixel,
    chunkBytes,
    frameBytes: chunkBytes * chunksPerFrame,
  };
}

/** The pixels of a frame in C order, as the camera gave them. */
function untile(tiles: Uint8Array, geometry: Tiles): Uint8Array {
  const { heightPx, widthPx, chunkHeightPx, chunkWidthPx, bytesPerPixel, chunkBytes } = geometry;
  const frame = new Uint8Array(heightPx * widthPx * bytesPerPixel);
  const rowBytes = widthPx * bytesPerPixel;
  const chunkRowBytes = chunkWidthPx * bytesPerPixel;
  const columns = Math.ceil(widthPx / chunkWidthPx);
  for (let y = 0; y < heightPx; y++) {
    for (let column = 0; column < columns; column++) {
      const chunk = Math.floor(y / chunkHeightPx) * columns + column;
      const from = chunk * chunkBytes + (y % chunkHeightPx) * chunkRowBytes;
      const left = column * chunkRowBytes;
      frame.set(tiles.subarray(from, from + Math.min(chunkRowBytes, rowBytes - left)), y * rowBytes + left);
    }
  }
  return frame;
}
