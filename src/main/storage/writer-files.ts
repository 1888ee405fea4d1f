import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { codeOf, RedsunError } from '../../sdk/util/index.ts';
import { PAGE_BYTES } from './work-area.ts';

const MAX_OPEN_FILES = 16;
/** Linux only; 0 elsewhere. */
const O_DIRECT = process.platform === 'linux' ? (constants.O_DIRECT ?? 0) : 0;

/** @returns how many bytes were moved, which can be fewer than `length`. */
type MoveBytes = (file: number, bytes: Uint8Array, offset: number, length: number, position: number) => number;

/** What a thread needs of the operating system; tests give their own. */
export interface FileCalls {
  readonly openSync: (path: string, flags: number) => number;
  readonly readSync: MoveBytes;
  readonly writeSync: MoveBytes;
  readonly closeSync: (file: number) => void;
}

/**
 * The files that a thread writes into and reads back from. Whole pages go past the page cache where the file system lets them (O_DIRECT): the cache would take
 * a copy, hold memory that other programs need, and stall when it is full. What is no multiple of pages goes the usual way.
 */
export class WriterFiles {
  readonly #calls: FileCalls;
  /** By path and way. */
  readonly #open = new Map<string, number>();
  #direct = O_DIRECT !== 0;

  constructor(calls: FileCalls = { openSync, readSync, writeSync, closeSync }) {
    this.#calls = calls;
  }

  /** Writes all of `bytes` at `position`. @throws the error of the operating system. */
  write(path: string, bytes: Uint8Array, position: number): void {
    this.#move(this.#calls.writeSync, path, bytes, position);
  }

  /** Fills all of `bytes` with what lies at `position`. @throws the error of the operating system, RedsunError `store/short-file`. */
  read(path: string, bytes: Uint8Array, position: number): void {
    this.#move(this.#calls.readSync, path, bytes, position);
  }

  /** Lets go of a file. */
  close(path: string): void {
    for (const way of [0, O_DIRECT]) this.#close(keyOf(path, way));
  }

  #move(call: MoveBytes, path: string, bytes: Uint8Array, position: number): void {
    if (this.#direct && isWholePages(bytes, position)) {
      try {
        moveAll(call, this.#fileFor(path, O_DIRECT), path, bytes, position);
        return;
      } catch (error) {
        // What a file system says that knows no O_DIRECT, at the opening or at the first write.
        if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error))) throw error;
        this.#direct = false;
      }
    }
    moveAll(call, this.#fileFor(path, 0), path, bytes, position);
  }

  #fileFor(path: string, way: number): number {
    const key = keyOf(path, way);
    const known = this.#open.get(key);
    // Re-inserted, so that the first key is the one unused for longest.
    this.#open.delete(key);
    const file = known ?? this.#calls.openSync(path, constants.O_RDWR | way);
    this.#open.set(key, file);
    if (this.#open.size > MAX_OPEN_FILES) this.#close(this.#open.keys().next().value as string);
    return file;
  }

  #close(key: string): void {
    const file = this.#open.get(key);
    if (file === undefined) return;
    this.#open.delete(key);
    this.#calls.closeSync(file);
  }
}

function moveAll(call: MoveBytes, file: number, path: string, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.byteLength; ) {
    const moved = call(file, bytes, done, bytes.byteLength - done, position + done);
    if (moved === 0) {
      throw new RedsunError(
        'store/short-file',
        `${path}: ended at ${position + done} of ${position + bytes.byteLength} bytes`,
      );
    }
    done += moved;
  }
}

function isWholePages(bytes: Uint8Array, position: number): boolean {
  return [bytes.byteOffset, bytes.byteLength, position].every((count) => count % PAGE_BYTES === 0);
}

function keyOf(path: string, way: number): string {
  return `${way} ${path}`;
}
