import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode, RedsunError } from '../../sdk/util/index.ts';
import type { FrameGeometry } from './frame-geometry.ts';
import { endOfData, isWhole, type PlaceEntries, readShard, type ShardOnDisk } from './recover/shard-on-disk.ts';
import { ShardIndex } from './shard-index.ts';

const PAGE_BYTES = 4096;

export interface ShardFileOptions {
  readonly path: string;
  readonly geometry: FrameGeometry;
  /** Frames that the shard has room for. */
  readonly frames: number;
  /** An interrupted run goes on: a file that is there already is filled further. */
  readonly resumed?: boolean;
}

interface Commit {
  readonly place: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One file of the store. Frames lie one after the other in the order they came; the index lies at the very end, in a tail that is reserved
 * when the file is made and rewritten in place, so that the file can be read at any time. `seal` moves the index right behind the data.
 * Worker threads write the pixels; this class writes the index, and only after the pixels.
 */
export class ShardFile {
  readonly path: string;
  readonly #geometry: FrameGeometry;
  readonly #resumed: boolean;
  readonly #offsets: (number | undefined)[];
  readonly #committed: boolean[];
  #index: ShardIndex | null;
  #indexOffset: number;
  #dataBytes = 0;
  #created: Promise<void> | null = null;
  #handle: FileHandle | null = null;
  #opening: Promise<FileHandle> | null = null;
  #users = 0;
  #waiting: Commit[] = [];
  #committing = false;
  #unsynced = false;
  /** The last write to each place, so that a frame taken again cannot be overtaken by its forerunner. */
  readonly #turns = new Map<number, Promise<void>>();

  constructor({ path, geometry, frames, resumed = false }: ShardFileOptions) {
    this.path = path;
    this.#resumed = resumed;
    this.#geometry = geometry;
    this.#offsets = new Array<number | undefined>(frames);
    this.#committed = new Array<boolean>(frames).fill(false);
    this.#index = new ShardIndex(frames * geometry.chunkRows * geometry.chunkColumns);
    this.#indexOffset = pageAligned(frames * geometry.tiledBytes);
  }

  get committedFrames(): number {
    return this.#committed.reduce((count, done) => count + (done ? 1 : 0), 0);
  }

  get hasUnsyncedData(): boolean {
    return this.#unsynced;
  }

  get isOpenAndIdle(): boolean {
    return this.#handle !== null && this.#users === 0;
  }

  /** Makes the file with an empty index in its tail. Once, however often it is called. */
  create(): Promise<void> {
    this.#created ??= this.#create().catch((error: unknown) => {
      // Tried again when the disk has room: what was made of it half is in the way.
      this.#created = null;
      return this.#removeHalfMade().then(() => Promise.reject(error));
    });
    return this.#created;
  }

  /** Runs `write` with the offset of a place, when nobody else writes there. */
  async inPlace<T>(place: number, write: (offset: number) => Promise<T>): Promise<T> {
    const before = this.#turns.get(place);
    let leave = () => {};
    const turn = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#turns.set(place, turn);
    try {
      await before;
      this.#unsynced = true;
      return await write(this.#reserve(place));
    } finally {
      leave();
      if (this.#turns.get(place) === turn) this.#turns.delete(place);
    }
  }

  /** Resolves when the index on disk names the chunks of `place`. Commits that come meanwhile share the next write. */
  commit(place: number): Promise<void> {
    if (this.#committed[place]) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ place, resolve, reject });
      if (!this.#committing) void this.#commitWaiting();
    });
  }

  /** Data and index reach the disk. */
  async sync(): Promise<void> {
    this.#unsynced = false;
    try {
      await this.#use((handle) => handle.datasync());
    } catch (error) {
      this.#unsynced = true;
      throw error;
    }
  }

  /** No more places will be filled: gives the unused room back and syncs. */
  async seal(): Promise<void> {
    const index = this.#index;
    if (!index) return;
    await this.#use(async (handle) => {
      // Only where the new index cannot touch the old one: the file is readable at every moment.
      if (this.#indexOffset - this.#dataBytes >= index.byteLength) {
        await writeFully(handle, index.encode(), this.#dataBytes);
        this.#indexOffset = this.#dataBytes;
        await handle.truncate(this.#indexOffset + index.byteLength);
      }
      this.#unsynced = false;
      await handle.datasync();
    });
    this.#index = null;
    await this.release();
  }

  /** Lets go of the file; it is opened again when needed. */
  async release(): Promise<void> {
    const handle = this.#handle;
    if (!handle || this.#users > 0) return;
    this.#handle = null;
    await handle.close();
  }

  #reserve(place: number): number {
    const known = this.#offsets[place];
    if (known !== undefined) return known;
    const offset = this.#dataBytes;
    this.#offsets[place] = offset;
    this.#dataBytes += this.#geometry.tiledBytes;
    return offset;
  }

  async #create(): Promise<void> {
    const index = this.#index as ShardIndex;
    await mkdir(dirname(this.path), { recursive: true });
    const left = this.#resumed ? await this.#leftBehind() : null;
    if (left) return this.#adopt(left);
    this.#handle = await open(this.path, 'wx+');
    await this.#use((handle) => writeFully(handle, index.encode(), this.#indexOffset));
  }

  async #removeHalfMade(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    if (!handle) return;
    await handle.close().catch(() => {});
    if (!this.#committed.some(Boolean)) await rm(this.path, { force: true }).catch(() => {});
  }

  async #leftBehind(): Promise<ShardOnDisk | null> {
    const { chunkRows, chunkColumns } = this.#geometry;
    return readShard(this.path, this.#offsets.length, chunkRows * chunkColumns).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    });
  }

  /** Goes on with a file of an interrupted run: what it holds stays, the index moves to where the frames to come do not reach it. */
  async #adopt({ places, sizeBytes, indexBytes }: ShardOnDisk): Promise<void> {
    if (!places) throw new RedsunError('store/bad-index', `${this.path}: the index is broken: recover the run first`);
    for (const [place, entries] of places.entries()) if (isWhole(entries)) this.#enterKnown(place, entries);
    this.#dataBytes = endOfData(places);
    const missing = places.length - this.committedFrames;
    const neededBytes = pageAligned(this.#dataBytes + missing * this.#geometry.tiledBytes);
    const found = sizeBytes - indexBytes;
    const reserved = found >= neededBytes && found % PAGE_BYTES === 0;
    this.#indexOffset = reserved ? found : Math.max(neededBytes, pageAligned(sizeBytes));
    this.#handle = await open(this.path, 'r+');
    const index = this.#index as ShardIndex;
    // Synced before any frame: the first one may be written over the index that was good so far.
    await this.#use(async (handle) => {
      await writeFully(handle, index.encode(), this.#indexOffset);
      await handle.datasync();
    });
  }

  #enterKnown(place: number, entries: PlaceEntries): void {
    this.#offsets[place] = entries[0]?.offset;
    this.#committed[place] = true;
    for (const [at, entry] of entries.entries()) {
      if (entry) this.#index?.set(place * entries.length + at, entry.offset, entry.byteLength);
    }
  }

  async #commitWaiting(): Promise<void> {
    this.#committing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        for (const { place } of batch) this.#enter(place);
        const bytes = this.#index?.encode();
        if (bytes) await this.#use((handle) => writeFully(handle, bytes, this.#indexOffset));
        for (const { place, resolve } of batch) {
          this.#committed[place] = true;
          resolve();
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#committing = false;
  }

  #enter(place: number): void {
    const offset = this.#offsets[place] as number;
    const { chunkRows, chunkColumns, chunkBytes } = this.#geometry;
    const chunks = chunkRows * chunkColumns;
    for (let at = 0; at < chunks; at++) this.#index?.set(place * chunks + at, offset + at * chunkBytes, chunkBytes);
  }

  async #use<T>(work: (handle: FileHandle) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work(await this.#open());
    } finally {
      this.#users--;
    }
  }

  #open(): Promise<FileHandle> {
    if (this.#handle) return Promise.resolve(this.#handle);
    this.#opening ??= open(this.path, 'r+').then(
      (handle) => {
        this.#handle = handle;
        this.#opening = null;
        return handle;
      },
      (error: unknown) => {
        this.#opening = null;
        throw error;
      },
    );
    return this.#opening;
  }
}

function pageAligned(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, offset + done);
    done += bytesWritten;
  }
}
