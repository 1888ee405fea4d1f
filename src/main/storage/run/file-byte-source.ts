import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { hasCode, RedsunError } from '../../../sdk/util/index.ts';
import type { ByteRange, ByteSource } from '../../../shared/stores/index.ts';
import { openRegular, readPart, tooLarge } from '../files/regular-file.ts';
import { isBelow, namesDevice } from '../target/roots.ts';
import { confirmedPath, linkedFolders } from './linked-folder.ts';

/** A folder is no value, as in zarr-python: other keys lie below it. */
const MISSING = ['ENOENT', 'ENOTDIR', 'file/is-folder'] as const;
/** No chunk and no metadata is as long: a limit against files that would fill the memory. */
const MOST_BYTES = 2.25 * 1024 ** 3;

/**
 * The files of one folder. Nothing outside can be read through it, not even by a link: but for the files of a store that goes on in another
 * folder, where the run folder and that folder name each other.
 */
export class FileByteSource implements ByteSource {
  readonly root: string;
  #realRoot: Promise<string> | null = null;
  /** Real paths of the folders that the store goes on in, as far as anybody asked. */
  #linked: readonly string[] = [];

  constructor(root: string) {
    this.root = root;
  }

  async read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array | null> {
    signal?.throwIfAborted();
    try {
      const file = await openRegular(await this.#contained(key));
      try {
        const { size } = await file.stat();
        const [offset, end] = limits(range, size);
        const length = Math.max(0, end - offset);
        if (length > MOST_BYTES) throw tooLarge(key, length, MOST_BYTES);
        return await readPart(file, offset, length, signal);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (isMissing(error)) return null;
      throw unreadable(key, error);
    }
  }

  async list(prefix: string): Promise<string[]> {
    try {
      return await readdir(await this.#contained(prefix));
    } catch (error) {
      if (isMissing(error)) return [];
      throw unreadable(prefix, error);
    }
  }

  async #contained(key: string): Promise<string> {
    this.#realRoot ??= realpath(this.root);
    const root = await this.#realRoot;
    // As words first: of what lies outside not even its being there is told.
    if (!isBelow(root, resolve(root, key)) || namesDevice(key)) throw this.#escape(key);
    const path = await realpath(join(root, key)).catch(async (error: unknown) => {
      throw (await brokenLink(join(root, key), key)) ?? error;
    });
    if (isBelow(root, path) || (await this.#isLinked(root, key, path))) return path;
    throw this.#escape(key);
  }

  #escape(key: string): RedsunError {
    return new RedsunError('store/path-escape', `${key}: leads out of ${this.root}`);
  }

  /** True for the file of the same name in a folder that the store goes on in. */
  async #isLinked(root: string, key: string, path: string): Promise<boolean> {
    const own = relative(root, join(root, key));
    const isOne = () => this.#linked.some((folder) => join(folder, own) === path);
    if (isOne()) return true;
    // A run that is going on may have come to another folder meanwhile.
    const confirmed = await Promise.all((await linkedFolders(dirname(root))).map(confirmedPath));
    this.#linked = confirmed.filter((folder) => folder !== null);
    return isOne();
  }
}

/** A file that lies elsewhere and is not there was acquired: it must not be taken for one that never was. */
async function brokenLink(path: string, key: string): Promise<RedsunError | null> {
  const isLink = await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (!isLink) return null;
  return new RedsunError('store/link-broken', `${key}: lies in ${await readlink(path)}, which is not there`);
}

function limits(range: ByteRange | undefined, size: number): readonly [offset: number, end: number] {
  if (!range) return [0, size];
  if ('suffix' in range) return [Math.max(0, size - range.suffix), size];
  return [range.offset, Math.min(size, range.offset + range.length)];
}

function isMissing(error: unknown): boolean {
  return MISSING.some((code) => hasCode(error, code));
}

function unreadable(key: string, error: unknown): unknown {
  if (error instanceof RedsunError && error.code === 'file/too-large') {
    return new RedsunError('store/too-large', error.message, { cause: error });
  }
  if (error instanceof RedsunError && error.code === 'file/not-regular') {
    return new RedsunError('store/unreadable', error.message, { cause: error });
  }
  if (error instanceof RedsunError || !(error instanceof Error) || error.name === 'AbortError') return error;
  return new RedsunError('store/unreadable', `${key}: ${error.message}`, { cause: error });
}
