import { shuffleBytes } from './shuffle.ts';

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

/** Packs chunks; keeps its buffers for the next one, so one at a time. */
export class BloscPacker {
  readonly #format: BloscFormat;
  readonly #compress: StreamCompressor;
  #shuffled = new Uint8Array(0);

  constructor(format: BloscFormat, compress: StreamCompressor) {
    this.#format = format;
    this.#compress = compress;
  }

  /** @param chunk - whole pixels. */
  async pack(chunk: Uint8Array, bytesPerPixel: number): Promise<Uint8Array> {
    const streamBytes = chunk.byteLength / bytesPerPixel;
    if (streamBytes < MIN_STREAM_BYTES) return this.#plainCopy(chunk, bytesPerPixel);
    if (this.#shuffled.byteLength !== chunk.byteLength) this.#shuffled = new Uint8Array(chunk.byteLength);
    shuffleBytes(chunk, bytesPerPixel, this.#shuffled);
    const streams: Uint8Array[] = [];
    let byteLength = HEADER_BYTES + 4;
    for (let at = 0; at < bytesPerPixel; at++) {
      const plain = this.#shuffled.subarray(at * streamBytes, (at + 1) * streamBytes);
      const packed = await this.#compress(plain);
      // A stream as long as its content is taken for the content itself.
      const stream = packed && packed.byteLength < plain.byteLength ? packed : plain;
      streams.push(stream);
      byteLength += 4 + stream.byteLength;
    }
    if (byteLength >= HEADER_BYTES + chunk.byteLength) return this.#plainCopy(chunk, bytesPerPixel);
    const flags = (FORMATS[this.#format] << 5) | (bytesPerPixel > 1 ? FLAG_SHUFFLED : 0);
    const { bytes, view } = frame(byteLength, flags, bytesPerPixel, chunk.byteLength);
    // Where the only block begins.
    view.setUint32(HEADER_BYTES, HEADER_BYTES + 4, true);
    let at = HEADER_BYTES + 4;
    for (const stream of streams) {
      view.setUint32(at, stream.byteLength, true);
      bytes.set(stream, at + 4);
      at += 4 + stream.byteLength;
    }
    return bytes;
  }

  #plainCopy(chunk: Uint8Array, bytesPerPixel: number): Uint8Array {
    const flags = (FORMATS[this.#format] << 5) | FLAG_PLAIN_COPY | (bytesPerPixel > 1 ? FLAG_SHUFFLED : 0);
    const { bytes } = frame(HEADER_BYTES + chunk.byteLength, flags, bytesPerPixel, chunk.byteLength);
    bytes.set(chunk, HEADER_BYTES);
    return bytes;
  }
}

function frame(byteLength: number, flags: number, bytesPerPixel: number, chunkBytes: number) {
  const bytes = new Uint8Array(byteLength);
  bytes.set([FORMAT_VERSION, CODEC_VERSION, flags, bytesPerPixel]);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, chunkBytes, true);
  // The block is the chunk.
  view.setUint32(8, chunkBytes, true);
  view.setUint32(12, byteLength, true);
  return { bytes, view };
}
