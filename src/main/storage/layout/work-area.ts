import { RedsunError } from '../../../sdk/util/index.ts';

export const PAGE_BYTES = 4096;
/** In these the memory of WebAssembly is measured. */
export const WASM_PAGE_BYTES = 65_536;

/** Bytes up to the next page. */
export function pageAfter(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
}

/**
 * A thread's own part of the memory that the ring lies in, for what it makes of a frame. Pieces begin at pages, as writing past the page
 * cache wants it. What was taken last is given back first.
 */
export class WorkArea {
  readonly #buffer: ArrayBufferLike;
  readonly #from: number;
  readonly #end: number;
  #next: number;

  constructor(buffer: ArrayBufferLike, from: number, byteLength: number) {
    this.#buffer = buffer;
    this.#from = from;
    this.#end = from + byteLength;
    this.#next = from;
  }

  /** A piece, with whatever lies there. */
  take(byteLength: number): Uint8Array {
    const at = this.#next;
    this.#next += pageAfter(byteLength);
    if (this.#next > this.#end) {
      const [needed, given] = [this.#next - this.#from, this.#end - this.#from];
      throw new RedsunError('store/work-area', `a frame needs ${needed} bytes to work in, and ${given} were planned`);
    }
    return new Uint8Array(this.#buffer, at, byteLength);
  }

  /** Gives back `piece` and all that was taken after it. */
  giveBack(piece: Uint8Array): void {
    this.#next = piece.byteOffset;
  }

  /** Gives back everything. */
  clear(): void {
    this.#next = this.#from;
  }
}
