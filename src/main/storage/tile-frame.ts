import type { FrameGeometry } from './frame-geometry.ts';

/** True when the chunks of a planar frame lie in memory as the frame does, so that nothing needs to be moved. */
export function isTiledAlready(geometry: FrameGeometry): boolean {
  return geometry.chunkColumns === 1 && geometry.tiledBytes === geometry.frameBytes;
}

/**
 * Copies a planar frame into `tiles`, plane after plane, chunk after chunk in C order. Chunks at the edge keep what `tiles` held: zeros.
 */
export function tileFrame(frame: Uint8Array, geometry: FrameGeometry, tiles: Uint8Array): void {
  const { heightPx, widthPx, bytesPerPixel, planes, chunkHeightPx, chunkWidthPx, chunkColumns, chunkRows, chunkBytes } =
    geometry;
  const rowBytes = widthPx * bytesPerPixel;
  const chunkRowBytes = chunkWidthPx * bytesPerPixel;
  for (let plane = 0; plane < planes.c * planes.z; plane++) {
    const from = plane * heightPx * rowBytes;
    const to = plane * chunkRows * chunkColumns * chunkBytes;
    for (let column = 0; column < chunkColumns; column++) {
      const left = column * chunkRowBytes;
      const right = Math.min(left + chunkRowBytes, rowBytes);
      for (let y = 0; y < heightPx; y++) {
        const chunk = Math.floor(y / chunkHeightPx) * chunkColumns + column;
        const target = to + chunk * chunkBytes + (y % chunkHeightPx) * chunkRowBytes;
        tiles.set(frame.subarray(from + y * rowBytes + left, from + y * rowBytes + right), target);
      }
    }
  }
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
