import type { FrameGeometry } from './frame-geometry.ts';
import type { PixelKernels } from './kernels/pixel-kernels.ts';

/** True when the chunks of a planar frame lie in memory as the frame does, so that nothing needs to be moved. */
export function isTiledAlready(geometry: FrameGeometry): boolean {
  return geometry.chunkColumns === 1 && geometry.tiledBytes === geometry.frameBytes;
}

/**
 * Copies chunk `chunk` of a planar frame into `room`; chunks are counted plane after plane, in C order. What a chunk at the edge has beyond the
 * frame is zero.
 * @param planes - and `room`: parts of the memory that the kernels work on.
 */
export function tileChunk(
  kernels: PixelKernels,
  planes: Uint8Array,
  geometry: FrameGeometry,
  chunk: number,
  room: Uint8Array,
): void {
  const { heightPx, widthPx, bytesPerPixel, chunkHeightPx, chunkWidthPx, chunkColumns, chunkRows } = geometry;
  const plane = Math.floor(chunk / (chunkRows * chunkColumns));
  const top = (Math.floor(chunk / chunkColumns) % chunkRows) * chunkHeightPx;
  const left = (chunk % chunkColumns) * chunkWidthPx;
  const rows = Math.min(chunkHeightPx, heightPx - top);
  const columns = Math.min(chunkWidthPx, widthPx - left);
  if (rows < chunkHeightPx || columns < chunkWidthPx) room.fill(0);
  const rowBytes = widthPx * bytesPerPixel;
  const from = planes.byteOffset + (plane * heightPx + top) * rowBytes + left * bytesPerPixel;
  kernels.copyRows(from, rowBytes, room.byteOffset, chunkWidthPx * bytesPerPixel, columns * bytesPerPixel, rows);
}

/** Pixels as integers of their size: enough to move them about. */
export type PixelWords = Uint8Array | Uint16Array | Uint32Array;

/** Sorts the pixels of a frame into planes: colours that come pixel by pixel, axes in another order. */
export function separatePlanes(frame: PixelWords, geometry: FrameGeometry, separated: PixelWords): void {
  const { heightPx, widthPx, planes, strides } = geometry;
  let to = 0;
  for (let c = 0; c < planes.c; c++) {
    for (let z = 0; z < planes.z; z++) {
      for (let y = 0; y < heightPx; y++) {
        let from = c * strides.c + z * strides.z + y * strides.y;
        for (let x = 0; x < widthPx; x++, from += strides.x) separated[to++] = frame[from] as number;
      }
    }
  }
}
