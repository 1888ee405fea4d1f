import { crc32c } from '@node-rs/crc32';
import { RedsunError } from '../../../sdk/util/index.ts';
import { decodeChunk, mostEncodedBytes } from '../../../shared/stores/index.ts';
import type { ChunkEntry, PlaceEntries } from '../layout/shard-on-disk.ts';
import type { ArrayOnDisk } from '../run/array-on-disk.ts';
import { ChunkScan } from './chunk-scan.ts';
import { chunkFinder } from './find-chunk.ts';
import { planeGeometry, untile } from './plane-geometry.ts';

interface FoundChunk {
  readonly entry: ChunkEntry;
  readonly pixels: Uint8Array;
}

/**
 * Finds planes in a shard whose index does not tell of them, by their checksums: chunks are told by their headers, or, uncompressed, by
 * their length; those of a plane lie one behind the other, as the writer puts them there in one piece.
 * @param wanted - checksums of the journal, hexadecimal. @returns by checksum, where the plane's chunks lie.
 */
export async function searchPlanes(
  array: ArrayOnDisk,
  shardPath: string,
  wanted: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, PlaceEntries>> {
  const found = new Map<string, PlaceEntries>();
  const geometry = planeGeometry(array);
  const find = chunkFinder(array.info, geometry.chunkBytes, geometry.bytesPerPixel);
  if (!find || wanted.size === 0) return found;
  await using scan = await ChunkScan.open(shardPath, { find, mostChunkBytes: mostEncodedBytes(geometry.chunkBytes) });
  let run: FoundChunk[] = [];
  for (let next = await scan.next(0); next && found.size < wanted.size; ) {
    signal?.throwIfAborted();
    const { entry, bytes } = next;
    const pixels = await decoded(array, bytes, shardPath);
    if (!pixels) {
      run = [];
      // It may have been no chunk, and one may begin within it.
      next = await scan.next(entry.offset + 1);
      continue;
    }
    const last = run.at(-1)?.entry;
    if (last && last.offset + last.byteLength !== entry.offset) run = [];
    run.push({ entry, pixels });
    if (run.length === array.chunksPerPlane) {
      const plane = untile(
        run.map((chunk) => chunk.pixels),
        geometry,
      );
      const checksum = crc32c(plane).toString(16).padStart(8, '0');
      if (wanted.has(checksum)) {
        found.set(
          checksum,
          run.map((chunk) => chunk.entry),
        );
        run = [];
      } else run.shift();
    }
    next = await scan.next(entry.offset + entry.byteLength);
  }
  return found;
}

async function decoded({ info }: ArrayOnDisk, bytes: Uint8Array, shardPath: string): Promise<Uint8Array | null> {
  try {
    const { buffer, byteOffset, byteLength } = (await decodeChunk(info, bytes, shardPath)).pixels;
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    if (error instanceof RedsunError) return null;
    throw error;
  }
}
