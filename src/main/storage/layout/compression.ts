import { COMPRESSIONS, type Compression } from '../../../shared/config/compression.ts';
import type { FrameGeometry } from './frame-geometry.ts';
import { pageAfter } from './work-area.ts';

/** Level of every codec: higher ones cost several times as much for a few percent on camera images. */
export const COMPRESSION_LEVEL = 1;

/** The codecs of a chunk behind `bytes`, as zarr-python writes them. */
export function codecMetadata(compression: Compression, bytesPerPixel: number): Record<string, unknown>[] {
  switch (compression) {
    case 'none':
      return [];
    case 'gzip':
      return [{ name: 'gzip', configuration: { level: COMPRESSION_LEVEL } }];
    case 'blosc-zstd':
    case 'blosc-lz4':
      return [
        {
          name: 'blosc',
          configuration: {
            cname: compression === 'blosc-zstd' ? 'zstd' : 'lz4',
            clevel: COMPRESSION_LEVEL,
            // Bytes of equal weight next to each other compress better; single bytes have nothing to sort.
            shuffle: bytesPerPixel > 1 ? 'shuffle' : 'noshuffle',
            typesize: bytesPerPixel,
            blocksize: 0,
          },
        },
      ];
  }
}

/** The compression that makes these codecs; null: the writer has none that does. @param codecs - of a chunk, behind `bytes`. */
export function compressionOf(codecs: readonly unknown[], bytesPerPixel: number): Compression | null {
  const given = JSON.stringify(codecs);
  return COMPRESSIONS.find((one) => JSON.stringify(codecMetadata(one, bytesPerPixel)) === given) ?? null;
}

/** From this size on, whole pages cost a compressed frame less than 1 % of room. */
const MIN_PAGED_BYTES = 262_144;

/**
 * How much of a shard a compressed frame takes: large ones begin at pages and end with zeros up to the next, so that they are written past
 * the page cache. @param byteLength - of its chunks.
 */
export function occupiedBytes(byteLength: number, { tiledBytes }: FrameGeometry): number {
  return tiledBytes < MIN_PAGED_BYTES ? byteLength : pageAfter(byteLength);
}

/** The most that a frame can take in a shard: data that do not compress grow by a header. */
export function mostFrameBytes(compression: Compression, geometry: FrameGeometry): number {
  if (compression === 'none') return geometry.tiledBytes;
  const chunks = geometry.tiledBytes / geometry.chunkBytes;
  // gzip: 18 bytes around it and 5 for each stored block of 16 kB; blosc: a header of 16.
  const most = geometry.tiledBytes + chunks * (64 + Math.ceil(geometry.chunkBytes / 1024));
  return occupiedBytes(most, geometry);
}
