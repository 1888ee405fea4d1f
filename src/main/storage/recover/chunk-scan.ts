import type { FileHandle } from 'node:fs/promises';
import { openRegular, readPart } from '../files/regular-file.ts';
import type { ChunkEntry } from '../layout/shard-on-disk.ts';
import type { ChunkFinder } from './find-chunk.ts';

/** A shard may be of several GB. */
const PIECE_BYTES = 32 * 1024 * 1024;

export interface ChunkScanOptions {
  readonly find: ChunkFinder;
  /** No chunk is longer. */
  readonly mostChunkBytes: number;
  /** Read at a time; at least two chunks are. Default 32 MB. */
  readonly pieceBytes?: number;
}

/** What may be a chunk, and where it lies in the file. */
export interface FoundBytes {
  readonly entry: ChunkEntry;
  readonly bytes: Uint8Array;
}

/** Looks for chunks in a file from its beginning to its end, of which a piece at a time is in memory. */
export class ChunkScan implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #fileBytes: number;
  readonly #find: ChunkFinder;
  readonly #mostChunkBytes: number;
  readonly #pieceBytes: number;
  #piece: Uint8Array = new Uint8Array(0);
  #start = 0;

  private constructor(file: FileHandle, fileBytes: number, options: ChunkScanOptions) {
    const { find, mostChunkBytes, pieceBytes = PIECE_BYTES } = options;
    this.#file = file;
    this.#fileBytes = fileBytes;
    this.#find = find;
    this.#mostChunkBytes = mostChunkBytes;
    this.#pieceBytes = Math.max(pieceBytes, 2 * mostChunkBytes);
  }

  static async open(path: string, options: ChunkScanOptions): Promise<ChunkScan> {
    const file = await openRegular(path);
    try {
      return new ChunkScan(file, (await file.stat()).size, options);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The first thing from `from` on that may be a chunk; null: there is none. Its bytes are good for as long as they are kept. */
  async next(from: number): Promise<FoundBytes | null> {
    for (let at = from; at < this.#fileBytes; ) {
      await this.#reach(at);
      const isLast = this.#end === this.#fileBytes;
      // What begins behind this may go on behind the piece, and is looked for in the next one.
      const sure = isLast ? this.#fileBytes : this.#end - this.#mostChunkBytes;
      const found = this.#find(this.#piece, at - this.#start);
      const offset = found && this.#start + found.offset;
      if (found && offset !== null && offset < sure) {
        const { byteLength } = found;
        const bytes = this.#piece.subarray(found.offset, found.offset + byteLength);
        return { entry: { offset, byteLength }, bytes };
      }
      if (isLast) return null;
      at = Math.max(at, sure);
    }
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  get #end(): number {
    return this.#start + this.#piece.byteLength;
  }

  /** A chunk that begins at `at` is in the piece, whole. */
  async #reach(at: number): Promise<void> {
    const needed = Math.min(this.#fileBytes, at + this.#mostChunkBytes + 1);
    if (at >= this.#start && needed <= this.#end) return;
    // Another one: what was found in the piece before may still be in use.
    this.#piece = await readPart(this.#file, at, Math.min(this.#pieceBytes, this.#fileBytes - at));
    this.#start = at;
  }
}
