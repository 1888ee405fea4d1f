import { constants, mkdir, open, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '../../../sdk/util/index.ts';
import {
  type ChunkEntry,
  endOfData,
  isEmpty,
  isWhole,
  type PlaceEntries,
  readShard,
  type ShardOnDisk,
  writeFully,
  writeIndex,
} from '../layout/shard-on-disk.ts';
import type { KeptBytes } from './kept-bytes.ts';

/** A shard of a coarser level while planes are put into it, or taken out of it. Nobody sees it before `commit`. */
export class LevelShard {
  readonly #path: string;
  readonly #onDisk: ShardOnDisk | null;
  readonly #places: PlaceEntries[];
  readonly #nothing: PlaceEntries;
  /** Where the next plane goes, and what it must not reach: the index that is still good. */
  #nextOffset: number;
  #limit: number;
  #changed = false;

  private constructor(path: string, onDisk: ShardOnDisk | null, places: PlaceEntries[], nothing: PlaceEntries) {
    this.#path = path;
    this.#onDisk = onDisk;
    this.#places = places;
    this.#nothing = nothing;
    this.#nextOffset = onDisk ? endOfData(places) : 0;
    this.#limit = onDisk ? onDisk.sizeBytes - onDisk.indexBytes : Number.POSITIVE_INFINITY;
  }

  /** A file that is missing, or whose index is broken, has no planes: all of them can be made from the finer level. */
  static async open(path: string, places: number, chunksPerPlane: number): Promise<LevelShard> {
    const nothing: PlaceEntries = Array.from({ length: chunksPerPlane }, () => null);
    const onDisk = await readShard(path, places, chunksPerPlane).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    });
    if (onDisk?.places) return new LevelShard(path, onDisk, [...onDisk.places], nothing);
    const empty = Array.from({ length: places }, () => nothing);
    const shard = new LevelShard(path, null, empty, nothing);
    // A file without an index that can be read keeps others from reading the level.
    shard.#changed = onDisk !== null;
    return shard;
  }

  has(place: number): boolean {
    return isWhole(this.#places[place] as PlaceEntries);
  }

  /** Numbers of the planes of which anything is there. */
  get taken(): number[] {
    return [...this.#places.keys()].filter((place) => !isEmpty(this.#places[place] as PlaceEntries));
  }

  get changed(): boolean {
    return this.#changed;
  }

  remove(place: number): void {
    this.#places[place] = this.#nothing;
    this.#changed = true;
  }

  /** Writes the chunks of a plane where nothing is that is still good. */
  async put(place: number, chunks: readonly Uint8Array[]): Promise<void> {
    const byteLength = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    if (this.#nextOffset + byteLength > this.#limit) {
      this.#nextOffset = this.#onDisk?.sizeBytes ?? this.#nextOffset;
      this.#limit = Number.POSITIVE_INFINITY;
    }
    await mkdir(dirname(this.#path), { recursive: true });
    // Made where it is not there, and else left as it is.
    const file = await open(this.#path, constants.O_RDWR | constants.O_CREAT);
    const entries: ChunkEntry[] = [];
    try {
      for (const chunk of chunks) {
        await writeFully(file, chunk, this.#nextOffset);
        entries.push({ offset: this.#nextOffset, byteLength: chunk.byteLength });
        this.#nextOffset += chunk.byteLength;
      }
    } finally {
      await file.close();
    }
    this.#places[place] = entries;
    this.#changed = true;
  }

  /** The index says what is there now. */
  async commit(kept?: KeptBytes): Promise<void> {
    if (!this.#changed) return;
    // The planes go through to the disk before the index that names them.
    const file = await open(this.#path, constants.O_RDWR);
    await file.datasync().finally(() => file.close());
    if (this.#onDisk) await writeIndex(this.#onDisk, this.#places, kept);
    else {
      // Without an index nothing in the file could be found. It can be made from the finer level at any time.
      await truncate(this.#path, this.#nextOffset);
      await writeIndex({ path: this.#path, sizeBytes: 0, indexBytes: 0, places: null }, this.#places);
    }
    this.#changed = false;
  }
}
