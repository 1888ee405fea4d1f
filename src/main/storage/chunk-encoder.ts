import * as zlib from 'node:zlib';
import { compressSync } from 'lz4-napi';
import type { Compression } from '../../shared/config/compression.ts';
import { BloscPacker } from './blosc-frame.ts';
import { COMPRESSION_LEVEL } from './compression.ts';

/** Compresses one chunk at a time. */
export type ChunkEncoder = (chunk: Uint8Array, bytesPerPixel: number) => Promise<Uint8Array>;

/** A stream that shrinks by less than this in the middle is stored as it is: the noise of a camera fills its lowest byte. */
const WORTHWHILE = 0.95;
const PROBE_BYTES = 8192;
/** lz4-napi puts the length of the content before the block. */
const LENGTH_PREFIX_BYTES = 4;

/** Loads what the compression needs; for the threads of the writer. */
export async function chunkEncoder(compression: Exclude<Compression, 'none'>): Promise<ChunkEncoder> {
  switch (compression) {
    case 'gzip':
      return async (chunk) => zlib.gzipSync(chunk, { level: COMPRESSION_LEVEL });
    case 'blosc-zstd': {
      const packer = new BloscPacker('zstd', await zstd());
      return (chunk, bytesPerPixel) => packer.pack(chunk, bytesPerPixel);
    }
    case 'blosc-lz4': {
      const packer = new BloscPacker('lz4', lz4());
      return (chunk, bytesPerPixel) => packer.pack(chunk, bytesPerPixel);
    }
  }
}

async function zstd() {
  // Node has it from 22.15 on.
  const { zstdCompressSync, constants } = zlib as Partial<typeof zlib>;
  if (zstdCompressSync && constants) {
    const params = { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL };
    return (stream: Uint8Array) => zstdCompressSync(stream, { params });
  }
  const { default: Zstd } = await import('numcodecs/zstd');
  const codec = Zstd.fromConfig({ id: 'zstd', level: COMPRESSION_LEVEL });
  return (stream: Uint8Array) => codec.encode(stream) as Promise<Uint8Array>;
}

function lz4() {
  const block = (bytes: Uint8Array) =>
    compressSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).subarray(LENGTH_PREFIX_BYTES);
  return (stream: Uint8Array) => {
    const middle = Math.max(0, Math.floor((stream.byteLength - PROBE_BYTES) / 2));
    const probe = stream.subarray(middle, middle + PROBE_BYTES);
    return block(probe).byteLength > WORTHWHILE * probe.byteLength ? null : block(stream);
  };
}
