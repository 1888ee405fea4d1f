import { type FileHandle, open } from 'node:fs/promises';
import { OpenedFile, writeFully } from '../files/opened-file.ts';
import { requireSameFile } from '../files/same-place.ts';
import { syncFile } from '../files/sync-file.ts';
import type { FrameGeometry } from '../layout/frame-geometry.ts';
import type { PlacedChunks } from '../layout/shard-index.ts';
import { ShardIndex } from '../layout/shard-index.ts';
import type { PlaceEntries } from '../layout/shard-on-disk.ts';
import { pageAfter } from '../layout/work-area.ts';
import type { FileExtent } from './move-shard.ts';
import { type ResumedShard, readResumedShard, resumedIndexOffset } from './resumed-shard.ts';
import { type Elsewhere, ShardLocation } from './shard-location.ts';
import { SharedWrites } from './shared-writes.ts';
import { Turns } from './turns.ts';
import type { FrameRoom } from './write-task.ts';

export interface ShardFileOptions {
  /** Must be there: it is not made. */
  readonly storeDir: string;
  /** Below `storeDir`. */
  readonly path: string;
  readonly geometry: FrameGeometry;
  /** Frames that the shard has room for. */
  readonly frames: number;
  /** The most that a frame takes; null: each takes as much as the geometry says, to the byte. */
  readonly mostFrameBytes: number | null;
  /** An interrupted run goes on: a file that is there already is filled further. */
  readonly resumed?: boolean;
  /** Where files go when their disk is full. Absent: nowhere. */
  readonly elsewhere?: Elsewhere;
}

/** Where a frame is in a shard. */
export interface ShardPlace {
  /** Number of the frame. */
  readonly frame: number;
  /** Numbers of its planes, by channel, then z. */
  readonly planes: readonly number[];
}

type ChangeOfIndex = (index: ShardIndex) => void;

/**
 * One file of the store. Frames lie one after the other in the order they came; the index lies at the very end, in a tail that is reserved
 * when the file is made and rewritten in place, so that the file can be read at any time. `seal` moves the index right behind the data.
 * Worker threads write the pixels; this class writes the index, and only after the pixels.
 */
export class ShardFile {
  readonly path: string;
  readonly geometry: FrameGeometry;
  readonly #file: OpenedFile;
  readonly #location: ShardLocation;
  readonly #frames: number;
  readonly #mostFrameBytes: number | null;
  readonly #resumed: boolean;
  readonly #indexBytes: number;
  readonly #offsets: (number | undefined)[];
  readonly #committed: boolean[];
  /** Where data end: a counter that the threads share. */
  readonly #end = new SharedArrayBuffer(8);
  /** Null while it is sealed. */
  #index: ShardIndex | null;
  #indexOffset: number;
  /** The most that all frames given room so far can take. */
  #promisedBytes = 0;
  #created: Promise<void> | null = null;
  #sealing: Promise<void> | null = null;
  #writing = 0;
  /** Called when nobody writes any more. */
  #onQuiet: (() => void)[] = [];
  readonly #commits = new SharedWrites<ChangeOfIndex>((changes) => this.#writeIndex(changes));
  #unsynced = false;
  /** By frame: one that is taken again cannot be overtaken by its forerunner. */
  readonly #turns = new Turns<number>();

  constructor({ storeDir, path, geometry, frames, mostFrameBytes, resumed = false, elsewhere }: ShardFileOptions) {
    this.path = path;
    this.geometry = geometry;
    this.#frames = frames;
    this.#mostFrameBytes = mostFrameBytes;
    this.#resumed = resumed;
    this.#file = new OpenedFile(path);
    this.#location = new ShardLocation({
      storeDir,
      file: this.#file,
      elsewhere: elsewhere ?? null,
      shard: { isMade: () => this.#created !== null, whenQuiet: () => this.#whenQuiet() },
    });
    this.#offsets = new Array<number | undefined>(frames);
    this.#committed = new Array<boolean>(frames).fill(false);
    this.#index = new ShardIndex(frames * this.#chunksPerFrame);
    this.#indexBytes = this.#index.byteLength;
    this.#indexOffset = pageAfter(frames * (mostFrameBytes ?? geometry.tiledBytes));
  }

  get committedFrames(): number {
    return this.#committed.reduce((count, done) => count + (done ? 1 : 0), 0);
  }

  /** True when nobody writes to it. */
  get isQuiet(): boolean {
    return this.#turns.isEmpty;
  }

  /** Also while it is sealed: its data are on their way to the disk then, and not there. */
  get hasUnsyncedData(): boolean {
    return this.#unsynced || this.#sealing !== null;
  }

  get isOpenAndIdle(): boolean {
    return this.#file.isOpenAndIdle;
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

  /**
   * Has `write` write a frame into the room it is given, and enters what it wrote into the index. Resolves when the index on disk names the
   * chunks. A frame that is taken again waits for its forerunner.
   */
  async put<T>(
    { frame, planes }: ShardPlace,
    write: (room: FrameRoom) => Promise<{ readonly placed: PlacedChunks; readonly result: T }>,
  ): Promise<T> {
    return this.#turns.take(frame, async () => {
      await this.#sealing;
      if (this.#location.isToFollow) await this.#location.follow();
      this.#writing++;
      try {
        await this.create();
        const { placed, result } = await write(await this.#roomFor(frame));
        await this.#commits.commit((index) => index.enter(planes, placed));
        // Not before: a sync that came in between has not seen all of the frame.
        this.#unsynced = true;
        this.#committed[frame] = true;
        return result;
      } finally {
        this.#writing--;
        if (this.#writing === 0) for (const goOn of this.#onQuiet.splice(0)) goOn();
      }
    });
  }

  /** Data and index reach the disk. @returns false where the file system cannot sync. */
  async sync(): Promise<boolean> {
    this.#unsynced = false;
    try {
      return await this.#use(async (file) => {
        await requireSameFile(file, this.path);
        return syncFile(file);
      });
    } catch (error) {
      this.#unsynced = true;
      throw error;
    }
  }

  /** Gives the unused room back and syncs. For when nobody writes to it; a frame that is taken again opens it anew. */
  seal(): Promise<void> {
    this.#sealing ??= this.#seal().finally(() => {
      this.#sealing = null;
    });
    return this.#sealing;
  }

  /** Lets go of the file; it is opened again when needed. */
  release(): Promise<void> {
    return this.#file.release();
  }

  get #chunksPerFrame(): number {
    return this.geometry.tiledBytes / this.geometry.chunkBytes;
  }

  get #dataBytes(): number {
    return Number(Atomics.load(new BigInt64Array(this.#end), 0));
  }

  /** For a move: resolves when nobody writes, with the parts of the file that count. */
  async #whenQuiet(): Promise<readonly FileExtent[]> {
    await this.#sealing;
    if (this.#writing > 0) await new Promise<void>((goOn) => this.#onQuiet.push(goOn));
    await this.#created;
    return [
      { offset: 0, byteLength: this.#dataBytes },
      { offset: this.#indexOffset, byteLength: this.#indexBytes },
    ];
  }

  async #roomFor(frame: number): Promise<FrameRoom> {
    if (this.#mostFrameBytes === null) {
      const known = this.#offsets[frame];
      if (known !== undefined) return { kind: 'fixed', offset: known };
      const { tiledBytes } = this.geometry;
      const offset = Number(Atomics.add(new BigInt64Array(this.#end), 0, BigInt(tiledBytes)));
      this.#offsets[frame] = offset;
      return { kind: 'fixed', offset };
    }
    this.#promisedBytes += this.#mostFrameBytes;
    // Only frames that are taken again make it so long.
    if (!this.#index || this.#promisedBytes > this.#indexOffset) await this.#moveIndexAway();
    return { kind: 'append', end: this.#end };
  }

  /** Makes room: the index goes on at a later place, which becomes the end of the file in one write. */
  async #moveIndexAway(): Promise<void> {
    if (!this.#index) {
      const bytes = new Uint8Array(this.#indexBytes);
      await this.#use((handle) => handle.read(bytes, 0, bytes.byteLength, this.#indexOffset));
      this.#index ??= ShardIndex.decode(bytes);
      this.#promisedBytes = Math.max(this.#promisedBytes, this.#dataBytes + (this.#mostFrameBytes ?? 0));
    }
    const room = this.#frames * (this.#mostFrameBytes ?? 0);
    await this.#commits.commit(() => {
      this.#indexOffset = Math.max(this.#indexOffset, pageAfter(this.#promisedBytes + room));
    });
  }

  async #create(): Promise<void> {
    const index = this.#index as ShardIndex;
    await this.#location.makeFolder();
    const left = this.#resumed ? await readResumedShard(this.path, this.#frames, this.geometry) : null;
    if (left) return this.#adopt(left);
    await this.#location.make();
    await this.#use((handle) => writeFully(handle, index.encode(), this.#indexOffset));
  }

  async #removeHalfMade(): Promise<void> {
    const wasMade = await this.#file.close().catch(() => true);
    // What an interrupted run left behind stays.
    if (!wasMade || this.#committed.some(Boolean)) return;
    await this.#location.remove();
  }

  /** Goes on with a file of an interrupted run: what it holds stays, the index moves to where the frames to come do not reach it. */
  async #adopt(left: ResumedShard): Promise<void> {
    for (const [plane, entries] of left.planes) this.#enterKnown(plane, entries);
    Atomics.store(new BigInt64Array(this.#end), 0, BigInt(left.dataBytes));
    this.#promisedBytes = left.dataBytes;
    const missing = this.#frames - this.committedFrames;
    this.#indexOffset = resumedIndexOffset(left, missing * (this.#mostFrameBytes ?? this.geometry.tiledBytes));
    this.#file.adopt(await open(this.path, 'r+'));
    const index = this.#index as ShardIndex;
    // Synced before any frame: the first one may be written over the index that was good so far.
    await this.#use(async (handle) => {
      await writeFully(handle, index.encode(), this.#indexOffset);
      await syncFile(handle);
    });
  }

  #enterKnown(plane: number, entries: PlaceEntries): void {
    for (const [at, entry] of entries.entries()) {
      if (entry) this.#index?.set(plane * entries.length + at, entry.offset, entry.byteLength);
    }
    // Of frames of several planes nobody knows here which planes are one frame; those that come again are written anew.
    if (entries.length !== this.#chunksPerFrame) return;
    if (this.#mostFrameBytes === null) this.#offsets[plane] = entries[0]?.offset;
    this.#committed[plane] = true;
  }

  async #seal(): Promise<void> {
    await this.#location.settled();
    const index = this.#index;
    if (!index || !this.#created) return;
    await this.#use(async (handle) => {
      const dataBytes = this.#dataBytes;
      // Only where the new index cannot touch the old one: the file is readable at every moment.
      if (this.#indexOffset - dataBytes >= index.byteLength) {
        await writeFully(handle, index.encode(), dataBytes);
        this.#indexOffset = dataBytes;
        await handle.truncate(dataBytes + index.byteLength);
      }
      this.#unsynced = false;
      await syncFile(handle);
    });
    this.#index = null;
    await this.release();
  }

  async #writeIndex(changes: readonly ChangeOfIndex[]): Promise<void> {
    // Without an index: sealed, and an uncompressed frame was written again where it was.
    const index = this.#index;
    if (!index) return;
    for (const change of changes) change(index);
    const bytes = index.encode();
    await this.#use((handle) => writeFully(handle, bytes, this.#indexOffset));
  }

  async #use<T>(work: (handle: FileHandle) => Promise<T>): Promise<T> {
    try {
      return await this.#file.use(work);
    } finally {
      // Sealed while somebody still used it, who then lets go of it.
      if (this.#index === null) await this.release();
    }
  }
}
