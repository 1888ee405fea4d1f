import { closeSync, constants, openSync, readSync, writev, writevSync } from 'node:fs';
import { codeOf, RedsunError } from '../../../sdk/util/index.ts';
import { PAGE_BYTES } from '../layout/work-area.ts';

const MAX_OPEN_FILES = 16;
/** Linux only; 0 elsewhere. */
const O_DIRECT = process.platform === 'linux' ? (constants.O_DIRECT ?? 0) : 0;

/** Fills `bytes`. @returns how many bytes were read, which can be fewer. */
type ReadBytes = (file: number, bytes: Uint8Array, offset: number, length: number, position: number) => number;
/** Writes pieces of memory one behind the other. @returns how many bytes were written, which can be fewer. */
type WriteBytes = (file: number, pieces: readonly Uint8Array[], position: number) => Promise<number>;

/** What a thread needs of the operating system; tests give their own. */
export interface FileCalls {
  readonly openSync: (path: string, flags: number) => number;
  readonly readSync: ReadBytes;
  readonly writev: WriteBytes;
  readonly closeSync: (file: number) => void;
}

/** Its writes go on while the thread does something else; each takes one of the few threads that all file work of the process shares. */
export const WRITING_ASIDE: FileCalls = {
  openSync,
  readSync,
  closeSync,
  writev: (file, pieces, position) =>
    new Promise((resolve, reject) => {
      writev(file, pieces, position, (error, bytesWritten) => (error ? reject(error) : resolve(bytesWritten)));
    }),
};

/** Its writes hold up the thread, and nobody else. */
export const WRITING_IN_PLACE: FileCalls = {
  ...WRITING_ASIDE,
  writev: async (file, pieces, position) => writevSync(file, pieces, position),
};

/**
 * The files that a thread writes into and reads back from. Whole pages go past the page cache where the file system lets them (O_DIRECT): the cache would take
 * a copy, hold memory that other programs need, and stall when it is full. What is no multiple of pages goes the usual way.
 */
export class WriterFiles {
  readonly #calls: FileCalls;
  /** By path and way. */
  readonly #open = new Map<string, number>();
  #direct = O_DIRECT !== 0;
  /** Must stay open: its number would be given to another file, and the write go there. */
  #writtenTo: string | null = null;

  constructor(calls: FileCalls) {
    this.#calls = calls;
  }

  /**
   * Writes all `pieces` of memory one behind the other, from `position` on. One write at a time.
   * @throws the error of the operating system.
   */
  async write(path: string, pieces: readonly Uint8Array[], position: number): Promise<void> {
    const way = this.#wayFor(pieces, position);
    try {
      await this.#writeAll(path, way, pieces, position);
    } catch (error) {
      if (!this.#mustGoThroughCache(way, error)) throw error;
      await this.#writeAll(path, 0, pieces, position);
    }
  }

  /** Fills all of `bytes` with what lies at `position`. @throws the error of the operating system, RedsunError `store/short-file`. */
  read(path: string, bytes: Uint8Array, position: number): void {
    const way = this.#wayFor([bytes], position);
    try {
      this.#readAll(path, way, bytes, position);
    } catch (error) {
      if (!this.#mustGoThroughCache(way, error)) throw error;
      this.#readAll(path, 0, bytes, position);
    }
  }

  /** Lets go of a file, to which nobody writes now. */
  close(path: string): void {
    for (const way of [0, O_DIRECT]) this.#close(keyOf(path, way));
  }

  async #writeAll(path: string, way: number, pieces: readonly Uint8Array[], position: number): Promise<void> {
    const file = this.#fileFor(path, way);
    this.#writtenTo = keyOf(path, way);
    try {
      for (let [left, at] = [pieces, position]; left.length > 0; ) {
        const done = await this.#calls.writev(file, left, at);
        if (done === 0) throw endedShort(path, at, left);
        left = behind(left, done);
        at += done;
      }
    } finally {
      this.#writtenTo = null;
    }
  }

  #readAll(path: string, way: number, bytes: Uint8Array, position: number): void {
    const file = this.#fileFor(path, way);
    for (let done = 0; done < bytes.byteLength; ) {
      const read = this.#calls.readSync(file, bytes, done, bytes.byteLength - done, position + done);
      if (read === 0) throw endedShort(path, position + done, [bytes.subarray(done)]);
      done += read;
    }
  }

  #wayFor(pieces: readonly Uint8Array[], position: number): number {
    return this.#direct && areWholePages(pieces, position) ? O_DIRECT : 0;
  }

  /** What a file system says that knows no O_DIRECT, at the opening or at the first write. */
  #mustGoThroughCache(way: number, error: unknown): boolean {
    if (way === 0 || !['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error))) return false;
    this.#direct = false;
    return true;
  }

  #fileFor(path: string, way: number): number {
    const key = keyOf(path, way);
    const known = this.#open.get(key);
    // Re-inserted, so that the first key is the one unused for longest.
    this.#open.delete(key);
    const file = known ?? this.#calls.openSync(path, constants.O_RDWR | way);
    this.#open.set(key, file);
    if (this.#open.size > MAX_OPEN_FILES) this.#closeLongestUnused();
    return file;
  }

  #closeLongestUnused(): void {
    for (const key of this.#open.keys()) {
      if (key === this.#writtenTo) continue;
      this.#close(key);
      return;
    }
  }

  #close(key: string): void {
    const file = this.#open.get(key);
    if (file === undefined) return;
    this.#open.delete(key);
    this.#calls.closeSync(file);
  }
}

function endedShort(path: string, position: number, left: readonly Uint8Array[]): RedsunError {
  const end = left.reduce((sum, { byteLength }) => sum + byteLength, position);
  return new RedsunError('store/short-file', `${path}: ended at ${position} of ${end} bytes`);
}

/** What is left of `pieces` after the first `byteLength` bytes. */
function behind(pieces: readonly Uint8Array[], byteLength: number): readonly Uint8Array[] {
  let before = byteLength;
  return pieces.flatMap((piece) => {
    const skipped = Math.min(before, piece.byteLength);
    before -= skipped;
    return skipped === piece.byteLength ? [] : [piece.subarray(skipped)];
  });
}

function areWholePages(pieces: readonly Uint8Array[], position: number): boolean {
  const isWhole = (count: number) => count % PAGE_BYTES === 0;
  return isWhole(position) && pieces.every(({ byteOffset, byteLength }) => isWhole(byteOffset) && isWhole(byteLength));
}

function keyOf(path: string, way: number): string {
  return `${way} ${path}`;
}
