import type { PixelKernels } from './kernels/pixel-kernels.ts';
import { letGo } from './let-go.ts';

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
   * @param chunk - whole pixels.
   * @param scratch - as long as the chunk, for its bytes sorted by weight.
   * @param room - for the packed chunk; at least 16 bytes longer than the chunk.
   * @returns how many bytes were put into `room`.
   */
  async pack(chunk: Uint8Array, bytesPerPixel: number, scratch: Uint8Array, room: Uint8Array): Promise<number> {
    const streamBytes = chunk.byteLength / bytesPerPixel;
    if (streamBytes < MIN_STREAM_BYTES) return this.#plainCopy(chunk, bytesPerPixel, room);
    const sorted = this.#sort(chunk, bytesPerPixel, scratch);
    const mostBytes = HEADER_BYTES + chunk.byteLength;
    const view = new DataView(room.buffer, room.byteOffset);
    let at = HEADER_BYTES + 4;
    for (let weight = 0; weight < bytesPerPixel; weight++) {
      const plain = sorted.subarray(weight * streamBytes, (weight + 1) * streamBytes);
      const packed = await this.#compress(plain);
      // A stream as long as its content is taken for the content itself.
      const stream = packed && packed.byteLength < plain.byteLength ? packed : plain;
      if (at + 4 + stream.byteLength >= mostBytes) return this.#plainCopy(chunk, bytesPerPixel, room);
      view.setUint32(at, stream.byteLength, true);
      room.set(stream, at + 4);
      at += 4 + stream.byteLength;
      if (packed) letGo(packed);
    }
    const flags = (FORMATS[this.#format] << 5) | (bytesPerPixel > 1 ? FLAG_SHUFFLED : 0);
    putHeader(room, at, flags, bytesPerPixel, chunk.byteLength);
    // Where the only block begins.
    view.setUint32(HEADER_BYTES, HEADER_BYTES + 4, true);
    return at;
  }

  #sort(chunk: Uint8Array, bytesPerPixel: number, scratch: Uint8Array): Uint8Array {
    if (bytesPerPixel === 1) return chunk;
    const count = chunk.byteLength / bytesPerPixel;
    if (bytesPerPixel === 2) this.#kernels.shuffle2(chunk.byteOffset, scratch.byteOffset, count);
    else this.#kernels.shuffle4(chunk.byteOffset, scratch.byteOffset, count);
    return scratch;
  }

  #plainCopy(chunk: Uint8Array, bytesPerPixel: number, room: Uint8Array): number {
    const flags = (FORMATS[this.#format] << 5) | FLAG_PLAIN_COPY | (bytesPerPixel > 1 ? FLAG_SHUFFLED : 0);
    const byteLength = HEADER_BYTES + chunk.byteLength;
    putHeader(room, byteLength, flags, bytesPerPixel, chunk.byteLength);
    room.set(chunk, HEADER_BYTES);
    return byteLength;
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
