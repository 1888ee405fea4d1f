import { inflateRawSync } from 'node:zlib';
import { type ArrayInfo, mostEncodedBytes } from '../../../shared/stores/index.ts';
import type { ChunkEntry } from '../layout/shard-on-disk.ts';

/** The first thing from `from` on that may be a chunk; null: there is none. What it decodes to must be looked at. */
export type ChunkFinder = (bytes: Uint8Array, from: number) => ChunkEntry | null;

const BLOSC_HEADER_BYTES = 16;
const BLOSC_VERSION = 2;
/** Header without name or time, and with deflate as its method: as the writer makes it. */
const GZIP_MAGIC = [0x1f, 0x8b, 0x08, 0x00] as const;
const GZIP_HEADER_BYTES = 10;
const GZIP_TRAILER_BYTES = 8;

/** How chunks of an array are told from what is beside them, when nothing says where they are. Null: with these codecs they are not. */
export function chunkFinder({ codecs }: ArrayInfo, chunkBytes: number, bytesPerPixel: number): ChunkFinder | null {
  const [codec, ...others] = codecs.bytes;
  if (codec === undefined) return (bytes, from) => plainChunk(bytes, from, chunkBytes);
  if (others.length > 0) return null;
  if (codec.name === 'blosc') return (bytes, from) => bloscChunk(bytes, from, chunkBytes, bytesPerPixel);
  if (codec.name === 'gzip') return (bytes, from) => gzipChunk(bytes, from, chunkBytes);
  return null;
}

/** One lies behind the other. */
function plainChunk(bytes: Uint8Array, from: number, chunkBytes: number): ChunkEntry | null {
  return from + chunkBytes <= bytes.byteLength ? { offset: from, byteLength: chunkBytes } : null;
}

/** A container of C-Blosc says how long it is, and how long its content. */
function bloscChunk(bytes: Uint8Array, from: number, chunkBytes: number, bytesPerPixel: number): ChunkEntry | null {
  const buffer = bufferOver(bytes);
  const size = Buffer.alloc(5);
  size.writeUInt8(bytesPerPixel);
  size.writeUInt32LE(chunkBytes, 1);
  for (let at = buffer.indexOf(size, from + 3); at >= 0; at = buffer.indexOf(size, at + 1)) {
    const offset = at - 3;
    if (offset + BLOSC_HEADER_BYTES > buffer.byteLength) return null;
    const byteLength = buffer.readUInt32LE(offset + 12);
    const fits = byteLength >= BLOSC_HEADER_BYTES && offset + byteLength <= buffer.byteLength;
    if (buffer[offset] === BLOSC_VERSION && fits) return { offset, byteLength };
  }
  return null;
}

/** A member of gzip ends where its deflate stream says so, and 8 bytes later. */
function gzipChunk(bytes: Uint8Array, from: number, chunkBytes: number): ChunkEntry | null {
  const buffer = bufferOver(bytes);
  const magic = Buffer.from(GZIP_MAGIC);
  const most = mostEncodedBytes(chunkBytes);
  for (let offset = buffer.indexOf(magic, from); offset >= 0; offset = buffer.indexOf(magic, offset + 1)) {
    const start = offset + GZIP_HEADER_BYTES;
    const streamBytes = deflatedLength(buffer.subarray(start, start + most), chunkBytes);
    if (streamBytes === null) continue;
    const byteLength = GZIP_HEADER_BYTES + streamBytes + GZIP_TRAILER_BYTES;
    if (offset + byteLength <= buffer.byteLength) return { offset, byteLength };
  }
  return null;
}

/** Bytes that a deflate stream takes; null where there is none with a content of this length. */
function deflatedLength(bytes: Uint8Array, contentBytes: number): number | null {
  try {
    // With `info`, what was read is told as well: what follows the stream is left alone.
    const { buffer, engine } = inflateRawSync(bytes, { info: true, maxOutputLength: contentBytes }) as unknown as {
      readonly buffer: Uint8Array;
      readonly engine: { readonly bytesWritten: number };
    };
    return buffer.byteLength === contentBytes ? engine.bytesWritten : null;
  } catch {
    return null;
  }
}

function bufferOver({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
