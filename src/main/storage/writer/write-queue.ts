import type { WriterFiles } from './writer-files.ts';

/** Of pieces that lie side by side, as much as is written at once. */
const MAX_WRITE_BYTES = 4 * 1024 * 1024;

/** What kept a piece from being written, as the operating system said it. */
export interface WriteFault {
  readonly error: unknown;
}

interface Piece {
  readonly kind: 'piece';
  readonly path: string;
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly done: (fault: WriteFault | null) => void;
}

/** Nothing more is written to the file. */
interface Close {
  readonly kind: 'close';
  readonly path: string;
}

/**
 * What a thread writes, one write at a time, in the order it was asked for, so that it can work on the next frames meanwhile. Pieces that
 * wait and lie side by side in a file become one write: the disk is asked less often for the same.
 */
export class WriteQueue {
  readonly #files: Pick<WriterFiles, 'write' | 'close'>;
  readonly #waiting: (Piece | Close)[] = [];
  #isWriting = false;

  constructor(files: Pick<WriterFiles, 'write' | 'close'>) {
    this.#files = files;
  }

  /** Never rejects. @param bytes - are left alone until it resolves. @returns null when all of it was written. */
  write(path: string, bytes: Uint8Array, position: number): Promise<WriteFault | null> {
    return new Promise((done) => {
      this.#waiting.push({ kind: 'piece', path, bytes, position, done });
      if (!this.#isWriting) void this.#writeWaiting();
    });
  }

  /** Lets go of the file when all that was asked for so far is written. */
  close(path: string): void {
    this.#waiting.push({ kind: 'close', path });
    if (!this.#isWriting) void this.#writeWaiting();
  }

  async #writeWaiting(): Promise<void> {
    this.#isWriting = true;
    for (let first = this.#waiting.shift(); first; first = this.#waiting.shift()) {
      if (first.kind === 'close') {
        this.#files.close(first.path);
        continue;
      }
      const pieces = [first, ...this.#takeAdjoining(first)];
      const fault = await this.#write(first, pieces);
      for (const { done } of pieces) done(fault);
    }
    this.#isWriting = false;
  }

  async #write({ path, position }: Piece, pieces: readonly Piece[]): Promise<WriteFault | null> {
    try {
      const bytes = pieces.map((piece) => piece.bytes);
      await this.#files.write(path, bytes, position);
      return null;
    } catch (error) {
      // Opened anew with the next piece: the disk may be another one by then.
      this.#files.close(path);
      return { error };
    }
  }

  #takeAdjoining(first: Piece): Piece[] {
    const taken: Piece[] = [];
    let end = first.position + first.bytes.byteLength;
    for (const next of this.#waiting) {
      if (next.kind === 'close' || next.path !== first.path || next.position !== end) break;
      end += next.bytes.byteLength;
      if (end - first.position > MAX_WRITE_BYTES) break;
      taken.push(next);
    }
    this.#waiting.splice(0, taken.length);
    return taken;
  }
}
