import * as zlib from 'node:zlib';
import { compressSync } from 'lz4-napi';
import type { Compression } from '../../../shared/config/compression.ts';
import type { PixelKernels } from '../kernels/pixel-kernels.ts';
import { COMPRESSION_LEVEL } from '../layout/compression.ts';
import { BloscPacker } from './blosc-frame.ts';
import { letGo } from './let-go.ts';
import { copyRows, type PixelRows } from './tile-frame.ts';

/**
 * Compresses one chunk at a time.
 * @param scratch - as long as the chunk. @param room - for the result; `mostFrameBytes` says how long it must be.
 * @returns how many bytes were put into `room`.
 */
export type ChunkEncoder = (
  chunk: PixelRows,
  bytesPerPixel: number,
  scratch: Uint8Array,
  room: Uint8Array,
) => Promise<number>;

/** A stream that shrinks by less than this in the middle is stored as it is: the noise of a camera fills its lowest byte. */
const WORTHWHILE = 0.95;
const PROBE_BYTES = 2048;
/** lz4-napi puts the length of the content before the block. */
const LENGTH_PREFIX_BYTES = 4;

/** Loads what the compression needs; for the threads of the writer. */
export async function chunkEncoder(
  compression: Exclude<Compression, 'none'>,
  kernels: PixelKernels,
): Promise<ChunkEncoder> {
  switch (compression) {
    case 'gzip':
      return async (chunk, _bytesPerPixel, scratch, room) => {
        copyRows(kernels, chunk, scratch, chunk.rowBytes);
        const bytes = zlib.gzipSync(scratch, { level: COMPRESSION_LEVEL, chunkSize: scratch.byteLength + 1024 });
        const { byteLength } = bytes;
        room.set(bytes);
        letGo(bytes);
        return byteLength;
      };
    case 'blosc-zstd':
      return packWith(new BloscPacker('zstd', await zstd(), kernels));
    case 'blosc-lz4':
      return packWith(new BloscPacker('lz4', lz4(), kernels));
  }
}

function packWith(packer: BloscPacker): ChunkEncoder {
  return (chunk, bytesPerPixel, scratch, room) => packer.pack(chunk, bytesPerPixel, scratch, room);
}

async function zstd() {
  // Node has it from 22.15 on.
  const { zstdCompressSync, constants } = zlib as Partial<typeof zlib>;
  if (zstdCompressSync && constants) {
    const params = { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL };
    // In one piece: zlib's own pieces of 16 kB are gathered and copied.
    return (stream: Uint8Array) => zstdCompressSync(stream, { params, chunkSize: stream.byteLength + 1024 });
  }
  const { default: Zstd } = await import('numcodecs/zstd');
  const codec = Zstd.fromConfig({ id: 'zstd', level: COMPRESSION_LEVEL });
  return (stream: Uint8Array) => codec.encode(stream.slice()) as Promise<Uint8Array>;
}

function lz4() {
  const block = (bytes: Uint8Array) =>
    compressSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).subarray(LENGTH_PREFIX_BYTES);
  return (stream: Uint8Array) => {
    const middle = Math.max(0, Math.floor((stream.byteLength - PROBE_BYTES) / 2));
    const probe = stream.subarray(middle, middle + PROBE_BYTES);
    const probed = block(probe);
    const { byteLength } = probed;
    letGo(probed);
    return byteLength > WORTHWHILE * probe.byteLength ? null : block(stream);
  };
}
