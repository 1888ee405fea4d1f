import type { PixelType } from '../../sdk/storage/index.ts';
import { RedsunError } from '../../sdk/util/index.ts';

/** An index of 255 entries and its checksum fit in one page of 4096 bytes, so a commit never spans two. */
export const MAX_CHUNKS_PER_SHARD = 255;
/** Keeps files small enough to copy and to lose. */
const MAX_SHARD_BYTES = 256 * 1024 * 1024;

/** How one frame is cut into chunks. */
export interface FrameGeometry {
  readonly heightPx: number;
  readonly widthPx: number;
  readonly bytesPerPixel: number;
  readonly chunkHeightPx: number;
  readonly chunkWidthPx: number;
  readonly chunkRows: number;
  readonly chunkColumns: number;
  readonly chunkBytes: number;
  /** As it comes from the camera. */
  readonly frameBytes: number;
  /** As it lies in a shard: chunk after chunk, those at the edge padded. */
  readonly tiledBytes: number;
  readonly framesPerShard: number;
}

const BYTES_PER_PIXEL: Readonly<Record<PixelType, number>> = { uint8: 1, uint16: 2, int16: 2, float32: 4 };

/** @throws RedsunError `store/shape` unless `shape` is `[height, width]`, both positive. */
export function frameGeometry(dtype: PixelType, shape: readonly number[]): FrameGeometry {
  const [heightPx, widthPx] = shape;
  if (shape.length !== 2 || !isLength(heightPx) || !isLength(widthPx)) {
    throw new RedsunError(
      'store/shape',
      `frames must have shape [height, width] of positive integers, not [${shape.join(', ')}]`,
    );
  }
  let edgePx = Math.max(heightPx, widthPx) >= 2048 ? 512 : 256;
  const chunks = () => Math.ceil(heightPx / edgePx) * Math.ceil(widthPx / edgePx);
  while (chunks() > MAX_CHUNKS_PER_SHARD) edgePx *= 2;

  const bytesPerPixel = BYTES_PER_PIXEL[dtype];
  const chunkHeightPx = Math.min(edgePx, heightPx);
  const chunkWidthPx = Math.min(edgePx, widthPx);
  const chunkRows = Math.ceil(heightPx / chunkHeightPx);
  const chunkColumns = Math.ceil(widthPx / chunkWidthPx);
  const chunkBytes = chunkHeightPx * chunkWidthPx * bytesPerPixel;
  const tiledBytes = chunkBytes * chunkRows * chunkColumns;
  const fitting = Math.min(MAX_CHUNKS_PER_SHARD / (chunkRows * chunkColumns), MAX_SHARD_BYTES / tiledBytes);
  return {
    heightPx,
    widthPx,
    bytesPerPixel,
    chunkHeightPx,
    chunkWidthPx,
    chunkRows,
    chunkColumns,
    chunkBytes,
    frameBytes: heightPx * widthPx * bytesPerPixel,
    tiledBytes,
    framesPerShard: Math.max(1, Math.floor(fitting)),
  };
}

/** Room that so many frames take on the disk, metadata aside. */
export function storeBytes(dtype: PixelType, shape: readonly number[], frames: number): number {
  return frameGeometry(dtype, shape).tiledBytes * frames;
}

function isLength(value: number | undefined): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}
