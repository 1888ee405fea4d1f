import { constants, type FileHandle } from 'node:fs/promises';
import { crc32c } from '@node-rs/crc32';
import { openRegular, readPart } from '../files/regular-file.ts';
import { syncFile } from '../files/sync-file.ts';
import { ShardIndex } from './shard-index.ts';

const ENTRY_BYTES = 16;
const CHECKSUM_BYTES = 4;
const MISSING = 0xffffffffffffffffn;

/** Where a chunk lies in its shard. */
/** Keeps bytes of a file that are about to be replaced. */
export interface KeepsBytes {
  part(path: string, offset: number, byteLength: number): Promise<void>;
}

export interface ChunkEntry {
  readonly offset: number;
  readonly byteLength: number;
}

/** The chunks of one place in a shard, in order; null: that chunk was never committed. */
export type PlaceEntries = readonly (ChunkEntry | null)[];

/** A shard's file as it lies on the disk: what its index says, place by place. */
export interface ShardOnDisk {
  readonly path: string;
  readonly sizeBytes: number;
  readonly indexBytes: number;
  /** Null: the index does not match its checksum, or the file is too short for one. */
  readonly places: readonly PlaceEntries[] | null;
}

/** @param places - frames that the shard has room for. @param chunksPerPlace - chunks of a frame. */
export async function readShard(path: string, places: number, chunksPerPlace: number): Promise<ShardOnDisk> {
  const indexBytes = places * chunksPerPlace * ENTRY_BYTES + CHECKSUM_BYTES;
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    const bytes = size < indexBytes ? null : await readPart(file, size - indexBytes, indexBytes);
    const entries = bytes && parseIndex(bytes, size - indexBytes);
    return { path, sizeBytes: size, indexBytes, places: entries && inPlaces(entries, chunksPerPlace) };
  } finally {
    await file.close();
  }
}

/** True when each chunk of the place was committed. */
export function isWhole(place: PlaceEntries): boolean {
  return place.every((entry) => entry !== null);
}

/** True when no chunk of the place was committed. */
export function isEmpty(place: PlaceEntries): boolean {
  return place.every((entry) => entry === null);
}

/** Where the data of these places end. */
export function endOfData(places: readonly PlaceEntries[]): number {
  return places.flat().reduce((end, entry) => (entry ? Math.max(end, entry.offset + entry.byteLength) : end), 0);
}

/** The index of these places, as it lies at the end of a shard. */
export function indexOf(places: readonly PlaceEntries[]): ShardIndex {
  const entries = places.flat();
  const index = new ShardIndex(entries.length);
  for (const [chunk, entry] of entries.entries()) if (entry) index.set(chunk, entry.offset, entry.byteLength);
  return index;
}

/**
 * Puts an index with these places at the end of the shard, in one write that goes through to the disk. It goes where the old one lies, or,
 * where data lie there or an index never was, behind the data. @param kept - keeps what was there.
 */
export async function writeIndex(
  shard: ShardOnDisk,
  places: readonly PlaceEntries[],
  kept?: KeepsBytes,
): Promise<void> {
  const bytes = indexOf(places).encode();
  const tail = shard.sizeBytes - shard.indexBytes;
  const offset = Math.max(tail, endOfData(places));
  await kept?.part(shard.path, offset, bytes.byteLength);
  const file = await openRegular(shard.path, constants.O_RDWR);
  try {
    await writeFully(file, bytes, offset);
    await syncFile(file);
  } finally {
    await file.close();
  }
}

/** All of `bytes`, however many writes it takes. */
export async function writeFully(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, offset + done);
    done += bytesWritten;
  }
}

/** An entry that leads out of the data counts as none. */
function parseIndex(bytes: Uint8Array, dataBytes: number): (ChunkEntry | null)[] | null {
  const length = bytes.byteLength - CHECKSUM_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(length, true) !== crc32c(bytes.subarray(0, length))) return null;
  return Array.from({ length: length / ENTRY_BYTES }, (_, chunk) => {
    const offset = view.getBigUint64(chunk * ENTRY_BYTES, true);
    const byteLength = view.getBigUint64(chunk * ENTRY_BYTES + 8, true);
    if (offset === MISSING || offset + byteLength > BigInt(dataBytes)) return null;
    return { offset: Number(offset), byteLength: Number(byteLength) };
  });
}

function inPlaces(entries: readonly (ChunkEntry | null)[], chunksPerPlace: number): PlaceEntries[] {
  return Array.from({ length: entries.length / chunksPerPlace }, (_, place) =>
    entries.slice(place * chunksPerPlace, (place + 1) * chunksPerPlace),
  );
}
