import { open, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { makeFolderBelow } from '../files/make-folder.ts';
import type { OpenedFile } from '../files/opened-file.ts';
import { copyExtents, type FileExtent, replaceByLink } from './move-shard.ts';

/** A store that goes on in another folder. */
export interface Elsewhere {
  /** Files lie below it as they would in the store. It is there, and is not made. Null: files lie in the store. */
  readonly folder: () => string | null;
  /** Tells all threads to open the file anew. */
  readonly letGo: (path: string) => void;
}

/** What has to be known of the shard whose file is moved. */
export interface ShardToMove {
  /** False: no file yet. It is made where it is to be, and need not be moved. */
  readonly isMade: () => boolean;
  /** Resolves when nobody writes to it any more, with the parts of the file that count. Nobody begins to write before the move is over. */
  readonly whenQuiet: () => Promise<readonly FileExtent[]>;
}

export interface ShardLocationOptions {
  readonly storeDir: string;
  /** By its path in the store. */
  readonly file: OpenedFile;
  /** Null: nowhere but in the store. */
  readonly elsewhere: Elsewhere | null;
  readonly shard: ShardToMove;
}

/**
 * Where the file of a shard lies: in the store, or in another folder with a link in its stead, so that its path in the store holds for
 * readers either way. The operator may choose another folder at any time; a file that is there already follows before it is written to again.
 */
export class ShardLocation {
  readonly #storeDir: string;
  readonly #file: OpenedFile;
  readonly #elsewhere: Elsewhere | null;
  readonly #shard: ShardToMove;
  /** Where the file was put, in another folder; null: it lies in the store. */
  #place: string | null = null;
  #moving: Promise<void> | null = null;

  constructor({ storeDir, file, elsewhere, shard }: ShardLocationOptions) {
    this.#storeDir = storeDir;
    this.#file = file;
    this.#elsewhere = elsewhere;
    this.#shard = shard;
  }

  /** False: the file is where it is to be, and may be written to. */
  get isToFollow(): boolean {
    return this.#moving !== null || this.#placeToMoveTo !== null;
  }

  /** The folder that the file, or the link to it, is in. */
  makeFolder(): Promise<void> {
    return makeFolderBelow(this.#storeDir, dirname(this.#file.path));
  }

  /** Makes an empty file where it is to be; its folder in the store is there. */
  async make(): Promise<void> {
    const place = this.#wantedPlace;
    if (place === null) {
      this.#file.adopt(await open(this.#file.path, 'wx+'));
      return;
    }
    await this.#makeFolderFor(place);
    const handle = await open(place, 'wx+');
    try {
      await symlink(place, this.#file.path, 'file');
    } catch (error) {
      await handle.close();
      await rm(place, { force: true }).catch(() => {});
      throw error;
    }
    this.#file.adopt(handle);
    this.#place = place;
  }

  /** Removes the file, for when nothing is in it. */
  async remove(): Promise<void> {
    if (this.#place !== null) await rm(this.#place, { force: true }).catch(() => {});
    this.#place = null;
    await rm(this.#file.path, { force: true }).catch(() => {});
  }

  /** Moves the file to where it is to be, before anybody writes to it again. */
  async follow(): Promise<void> {
    await this.settled();
    const place = this.#placeToMoveTo;
    if (place === null) return;
    this.#moving ??= this.#moveTo(place).finally(() => {
      this.#moving = null;
    });
    await this.#moving;
    // Others may have come first, or the operator chosen again.
    await this.follow();
  }

  /** Resolves when no move is under way, whatever became of it. */
  async settled(): Promise<void> {
    await this.#moving?.catch(() => {});
  }

  /** Null: it lies where it is to be. A file that was not made yet is made there. */
  get #placeToMoveTo(): string | null {
    const place = this.#shard.isMade() ? this.#wantedPlace : null;
    return place === this.#place ? null : place;
  }

  get #wantedPlace(): string | null {
    const folder = this.#elsewhere?.folder() ?? null;
    return folder === null ? null : join(folder, relative(this.#storeDir, this.#file.path));
  }

  async #moveTo(place: string): Promise<void> {
    const { path } = this.#file;
    const extents = await this.#shard.whenQuiet();
    await this.#makeFolderFor(place);
    await copyExtents(path, place, extents);
    await this.#file.close();
    this.#elsewhere?.letGo(path);
    await replaceByLink(path, place);
    this.#place = place;
  }

  #makeFolderFor(place: string): Promise<void> {
    return makeFolderBelow(this.#elsewhere?.folder() ?? '', dirname(place));
  }
}
