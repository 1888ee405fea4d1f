import type { PixelType } from '../../../sdk/storage/index.ts';
import { RedsunError } from '../../../sdk/util/index.ts';
import { STORE_DTYPES } from '../../../shared/stores/index.ts';
import type { FrameGeometry } from '../layout/frame-geometry.ts';
import type { ArrayOnDisk } from '../run/array-on-disk.ts';

const PIXEL_TYPES: readonly string[] = ['uint8', 'uint16', 'int16', 'float32'] satisfies PixelType[];

/** How one plane of an array is cut into chunks. */
export function planeGeometry({ info }: ArrayOnDisk): FrameGeometry {
  const [heightPx, widthPx] = info.shape.slice(3) as [number, number];
  const [chunkHeightPx, chunkWidthPx] = info.chunkShape.slice(3) as [number, number];
  const bytesPerPixel = STORE_DTYPES[info.dtype];
  const chunkRows = Math.ceil(heightPx / chunkHeightPx);
  const chunkColumns = Math.ceil(widthPx / chunkWidthPx);
  const chunkBytes = chunkHeightPx * chunkWidthPx * bytesPerPixel;
  return {
    heightPx,
    widthPx,
    planes: { c: 1, z: 1 },
    strides: { c: heightPx * widthPx, z: heightPx * widthPx, y: widthPx, x: 1 },
    bytesPerPixel,
    chunkHeightPx,
    chunkWidthPx,
    chunkRows,
    chunkColumns,
    chunkBytes,
    frameBytes: heightPx * widthPx * bytesPerPixel,
    tiledBytes: chunkRows * chunkColumns * chunkBytes,
    framesPerShard: 1,
  };
}

/** @throws RedsunError `store/unknown-dtype` for pixels that Redsun does not write. */
export function pixelTypeOf({ info: { path, dtype } }: ArrayOnDisk): PixelType {
  if (PIXEL_TYPES.includes(dtype)) return dtype as PixelType;
  throw new RedsunError('store/unknown-dtype', `${path}: pixels of ${dtype}; Redsun writes ${PIXEL_TYPES.join(', ')}`);
}

/** The pixels of a plane in C order. @param chunks - decoded, in C order, those at the edge padded. */
export function untile(chunks: readonly Uint8Array[], geometry: FrameGeometry): Uint8Array {
  const { heightPx, widthPx, chunkHeightPx, chunkWidthPx, chunkColumns, bytesPerPixel } = geometry;
  const plane = new Uint8Array(geometry.frameBytes);
  const rowBytes = widthPx * bytesPerPixel;
  const chunkRowBytes = chunkWidthPx * bytesPerPixel;
  for (const [number, chunk] of chunks.entries()) {
    const top = Math.floor(number / chunkColumns) * chunkHeightPx;
    const left = (number % chunkColumns) * chunkRowBytes;
    const width = Math.min(chunkRowBytes, rowBytes - left);
    for (let y = top; y < Math.min(top + chunkHeightPx, heightPx); y++) {
      const from = (y - top) * chunkRowBytes;
      plane.set(chunk.subarray(from, from + width), y * rowBytes + left);
    }
  }
  return plane;
}
