import type { PixelKernels } from '../kernels/pixel-kernels.ts';
import { letGo } from './let-go.ts';
import { copyRows, type PixelRows } from './tile-frame.ts';

// The container of C-Blosc 1 (README_CHUNK_FORMAT.rst of c-blosc), as far as a writer needs it: one block per chunk, one stream per byte of
// the pixel. Written here, because the WebAssembly build at hand takes 4 bytes per pixel for granted and is several times slower than
// the compressors that Node and native packages have.

const HEADER_BYTES = 16;
const FORMAT_VERSION = 2;
const CODEC_VERSION = 1;
const FLAG_SHUFFLED = 1;
const FLAG_PLAIN_COPY = 2;
/** In the uppermost three bits of the flags. */
const FORMATS = { lz4: 1, zstd: 4 } as const;
/** Blocks with shorter streams are not split by readers. */
const MIN_STREAM_BYTES = 128;

export type BloscFormat = keyof typeof FORMATS;
/** Compresses a stream. @returns null when it is not worth it: the stream is stored as it is then. */
export type StreamCompressor = (stream: Uint8Array) => Promise<Uint8Array> | Uint8Array | null;

/** Packs chunks that lie in the memory of `kernels`. */
export class BloscPacker {
  readonly #format: BloscFormat;
  readonly #compress: StreamCompressor;
  readonly #kernels: PixelKernels;

  constructor(format: BloscFormat, compress: StreamCompressor, kernels: PixelKernels) {
    this.#format = format;
    this.#compress = compress;
    this.#kernels = kernels;
  }

  /**
   * @param scratch - as long as the pixels, for their bytes sorted by weight.
   * @param room - for the packed chunk; at least 16 bytes longer than the pixels.
   * @returns how many bytes were put into `room`.
   */
  async pack(chunk: PixelRows, bytesPerPixel: number, scratch: Uint8Array, room: Uint8Array): Promise<number> {
    const chunkBytes = chunk.rowBytes * chunk.rows;
    const streamBytes = chunkBytes / bytesPerPixel;
    if (streamBytes < MIN_STREAM_BYTES) return this.#plainCopy(chunk, bytesPerPixel, room);
    this.#sort(chunk, bytesPerPixel, scratch);
    const view = new DataView(room.buffer, room.byteOffset);
    let at = HEADER_BYTES + 4;
    for (let weight = 0; weight < bytesPerPixel; weight++) {
      const plain = scratch.subarray(weight * streamBytes, (weight + 1) * streamBytes);
      const packed = await this.#compress(plain);
      // A stream as long as its content is taken for the content itself.
      const byteLength = packed && packed.byteLength < streamBytes ? packed.byteLength : streamBytes;
      if (at + 4 + byteLength >= HEADER_BYTES + chunkBytes) return this.#plainCopy(chunk, bytesPerPixel, room);
      view.setUint32(at, byteLength, true);
      at += 4;
      if (packed && byteLength < streamBytes) room.set(packed, at);
      else this.#kernels.copyRows(plain.byteOffset, 0, room.byteOffset + at, 0, streamBytes, 1);
      at += byteLength;
      if (packed) letGo(packed);
    }
    const flags = (FORMATS[this.#format] << 5) | (bytesPerPixel > 1 ? FLAG_SHUFFLED : 0);
    putHeader(room, at, flags, bytesPerPixel, chunkBytes);
    // Where the only block begins.
    view.setUint32(HEADER_BYTES, HEADER_BYTES + 4, true);
    return at;
  }

  #sort(chunk: PixelRows, bytesPerPixel: number, scratch: Uint8Array): void {
    const { bytes, pitch, rowBytes, rows } = chunk;
    if (bytesPerPixel === 1) {
      copyRows(this.#kernels, chunk, scratch, rowBytes);
      return;
    }
    const shuffle = bytesPerPixel === 2 ? this.#kernels.shuffle2 : this.#kernels.shuffle4;
    const count = rowBytes / bytesPerPixel;
    shuffle(bytes.byteOffset, pitch, scratch.byteOffset, count * rows, count, rows);
  }

  #plainCopy(chunk: PixelRows, bytesPerPixel: number, room: Uint8Array): number {
    const chunkBytes = chunk.rowBytes * chunk.rows;
    const flags = (FORMATS[this.#format] << 5) | FLAG_PLAIN_COPY | (bytesPerPixel > 1 ? FLAG_SHUFFLED : 0);
    putHeader(room, HEADER_BYTES + chunkBytes, flags, bytesPerPixel, chunkBytes);
    copyRows(this.#kernels, chunk, room.subarray(HEADER_BYTES), chunk.rowBytes);
    return HEADER_BYTES + chunkBytes;
  }
}

function putHeader(room: Uint8Array, byteLength: number, flags: number, bytesPerPixel: number, chunkBytes: number) {
  room.set([FORMAT_VERSION, CODEC_VERSION, flags, bytesPerPixel]);
  const view = new DataView(room.buffer, room.byteOffset);
  view.setUint32(4, chunkBytes, true);
  // The block is the chunk.
  view.setUint32(8, chunkBytes, true);
  view.setUint32(12, byteLength, true);
}
