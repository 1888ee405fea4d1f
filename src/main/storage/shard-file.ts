import { type FileHandle, open, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { hasCode, RedsunError } from '../../sdk/util/index.ts';
import type { FrameGeometry } from './frame-geometry.ts';
import { makeFolderBelow } from './make-folder.ts';
import { copyExtents, replaceByLink } from './move-shard.ts';
import { endOfData, isWhole, type PlaceEntries, readShard, type ShardOnDisk } from './recover/shard-on-disk.ts';
import { ShardIndex } from './shard-index.ts';
import { syncFile } from './sync-file.ts';
import { PAGE_BYTES, pageAfter } from './work-area.ts';
import type { FrameRoom, PlacedChunks } from './write-task.ts';

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

/** A store that goes on in another folder. */
export interface Elsewhere {
  /** Files lie below it as they would in the store. It is there, and is not made. Null: files lie in the store. */
  readonly folder: () => string | null;
  /** Tells all threads to open the file anew. */
  readonly letGo: (path: string) => void;
}

/** Where a frame is in a shard. */
export interface ShardPlace {
  /** Number of the frame. */
  readonly frame: number;
  /** Numbers of its planes, by channel, then z. */
  readonly planes: readonly number[];
}

interface Commit {
  readonly enter: (index: ShardIndex) => void;
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
  readonly geometry: FrameGeometry;
  readonly #storeDir: string;
  readonly #frames: number;
  readonly #mostFrameBytes: number | null;
  readonly #resumed: boolean;
  readonly #elsewhere: Elsewhere | null;
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
  #handle: FileHandle | null = null;
  #opening: Promise<FileHandle> | null = null;
  #users = 0;
  #writing = 0;
  /** Called when nobody writes any more. */
  #onQuiet: (() => void)[] = [];
  /** Where the file was put, in another folder; null: it lies in the store. */
  #place: string | null = null;
  #moving: Promise<void> | null = null;
  #waiting: Commit[] = [];
  #committing = false;
  #unsynced = false;
  /** The last write to each place, so that a frame taken again cannot be overtaken by its forerunner. */
  readonly #turns = new Map<number, Promise<void>>();

  constructor({ storeDir, path, geometry, frames, mostFrameBytes, resumed = false, elsewhere }: ShardFileOptions) {
    this.#storeDir = storeDir;
    this.path = path;
    this.geometry = geometry;
    this.#frames = frames;
    this.#mostFrameBytes = mostFrameBytes;
    this.#resumed = resumed;
    this.#elsewhere = elsewhere ?? null;
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
    return this.#turns.size === 0;
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

  /**
   * Has `write` write a frame into the room it is given, and enters what it wrote into the index. Resolves when the index on disk names the
   * chunks. A frame that is taken again waits for its forerunner.
   */
  async put<T>(
    { frame, planes }: ShardPlace,
    write: (room: FrameRoom) => Promise<{ readonly placed: PlacedChunks; readonly result: T }>,
  ): Promise<T> {
    return this.#inTurn(frame, async () => {
      if (this.#moving || this.#placeToMoveTo !== null) await this.#followElsewhere();
      this.#writing++;
      try {
        await this.create();
        // Not before: what is not there cannot be synced.
        this.#unsynced = true;
        const { placed, result } = await write(await this.#roomFor(frame));
        await this.#commit((index) => this.#enter(index, planes, placed));
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
      return await this.#use(syncFile);
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
  async release(): Promise<void> {
    const handle = this.#handle;
    if (!handle || this.#users > 0) return;
    this.#handle = null;
    await handle.close();
  }

  get #chunksPerFrame(): number {
    return this.geometry.tiledBytes / this.geometry.chunkBytes;
  }

  get #dataBytes(): number {
    return Number(Atomics.load(new BigInt64Array(this.#end), 0));
  }

  /** Null: it lies where it is to be. A file that was not made yet is made there. */
  get #placeToMoveTo(): string | null {
    const place = this.#created ? this.#wantedPlace : null;
    return place === this.#place ? null : place;
  }

  get #wantedPlace(): string | null {
    const folder = this.#elsewhere?.folder() ?? null;
    return folder === null ? null : join(folder, relative(this.#storeDir, this.path));
  }

  /** Moves the file to where it is to be, before anybody writes to it again. */
  async #followElsewhere(): Promise<void> {
    await this.#moving?.catch(() => {});
    const place = this.#placeToMoveTo;
    if (place === null) return;
    this.#moving ??= this.#moveTo(place).finally(() => {
      this.#moving = null;
    });
    await this.#moving;
    // Others may have come first, or the operator chosen again.
    await this.#followElsewhere();
  }

  async #moveTo(place: string): Promise<void> {
    await this.#sealing;
    if (this.#writing > 0) await new Promise<void>((goOn) => this.#onQuiet.push(goOn));
    await this.#created;
    await makeFolderBelow(this.#elsewhere?.folder() ?? '', dirname(place));
    const index = { offset: this.#indexOffset, byteLength: this.#indexBytes };
    await copyExtents(this.path, place, [{ offset: 0, byteLength: this.#dataBytes }, index]);
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
    this.#elsewhere?.letGo(this.path);
    await replaceByLink(this.path, place);
    this.#place = place;
  }

  async #inTurn<T>(frame: number, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(frame);
    let leave = () => {};
    const turn = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#turns.set(frame, turn);
    try {
      await before;
      await this.#sealing;
      return await work();
    } finally {
      leave();
      if (this.#turns.get(frame) === turn) this.#turns.delete(frame);
    }
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
    await this.#commit(() => {
      this.#indexOffset = Math.max(this.#indexOffset, pageAfter(this.#promisedBytes + room));
    });
  }

  async #create(): Promise<void> {
    const index = this.#index as ShardIndex;
    await makeFolderBelow(this.#storeDir, dirname(this.path));
    const left = this.#resumed ? await this.#leftBehind() : null;
    if (left) return this.#adopt(left);
    await this.#makeFile();
    await this.#use((handle) => writeFully(handle, index.encode(), this.#indexOffset));
  }

  async #makeFile(): Promise<void> {
    const place = this.#wantedPlace;
    if (place === null) {
      this.#handle = await open(this.path, 'wx+');
      return;
    }
    await makeFolderBelow(this.#elsewhere?.folder() ?? '', dirname(place));
    const handle = await open(place, 'wx+');
    try {
      await symlink(place, this.path, 'file');
    } catch (error) {
      await handle.close();
      await rm(place, { force: true }).catch(() => {});
      throw error;
    }
    this.#handle = handle;
    this.#place = place;
  }

  async #removeHalfMade(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    if (!handle) return;
    await handle.close().catch(() => {});
    if (this.#committed.some(Boolean)) return;
    if (this.#place !== null) await rm(this.#place, { force: true }).catch(() => {});
    this.#place = null;
    await rm(this.path, { force: true }).catch(() => {});
  }

  /** What is there of each plane: a frame of several planes has several places. */
  async #leftBehind(): Promise<ShardOnDisk | null> {
    const chunks = this.geometry.chunkRows * this.geometry.chunkColumns;
    const planes = (this.#frames * this.#chunksPerFrame) / chunks;
    return readShard(this.path, planes, chunks).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    });
  }

  /** Goes on with a file of an interrupted run: what it holds stays, the index moves to where the frames to come do not reach it. */
  async #adopt({ places, sizeBytes, indexBytes }: ShardOnDisk): Promise<void> {
    if (!places) throw new RedsunError('store/bad-index', `${this.path}: the index is broken: recover the run first`);
    for (const [place, entries] of places.entries()) if (isWhole(entries)) this.#enterKnown(place, entries);
    const dataBytes = pageAfter(endOfData(places));
    Atomics.store(new BigInt64Array(this.#end), 0, BigInt(dataBytes));
    this.#promisedBytes = dataBytes;
    const missing = this.#frames - this.committedFrames;
    const neededBytes = pageAfter(dataBytes + missing * (this.#mostFrameBytes ?? this.geometry.tiledBytes));
    const found = sizeBytes - indexBytes;
    const reserved = found >= neededBytes && found % PAGE_BYTES === 0;
    this.#indexOffset = reserved ? found : Math.max(neededBytes, pageAfter(sizeBytes));
    this.#handle = await open(this.path, 'r+');
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
    await this.#moving?.catch(() => {});
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

  /** Resolves when the index on disk is as `enter` left it. Commits that come meanwhile share the next write. */
  #commit(enter: Commit['enter']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ enter, resolve, reject });
      if (!this.#committing) void this.#commitWaiting();
    });
  }

  async #commitWaiting(): Promise<void> {
    this.#committing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        // Without an index: sealed, and an uncompressed frame was written again where it was.
        const index = this.#index;
        if (index) {
          for (const { enter } of batch) enter(index);
          const bytes = index.encode();
          await this.#use((handle) => writeFully(handle, bytes, this.#indexOffset));
        }
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#committing = false;
  }

  #enter(index: ShardIndex, planes: readonly number[], { offset, byteLengths }: PlacedChunks): void {
    const perPlane = byteLengths.length / planes.length;
    let at = offset;
    for (const [number, byteLength] of byteLengths.entries()) {
      const plane = planes[Math.floor(number / perPlane)] as number;
      index.set(plane * perPlane + (number % perPlane), at, byteLength);
      at += byteLength;
    }
  }

  async #use<T>(work: (handle: FileHandle) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work(await this.#open());
    } finally {
      this.#users--;
      // Sealed while somebody still used it, who then lets go of it.
      if (this.#index === null && this.#users === 0) await this.release();
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

async function writeFully(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, offset + done);
    done += bytesWritten;
  }
}
