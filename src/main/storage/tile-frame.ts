import type { FrameGeometry } from './frame-geometry.ts';

/** True when the chunks of a frame lie in memory as the frame does, so that nothing needs to be moved. */
export function isTiledAlready(geometry: FrameGeometry): boolean {
  return geometry.chunkColumns === 1 && geometry.tiledBytes === geometry.frameBytes;
}

/** Copies a frame into `tiles`, chunk after chunk in C order. Chunks at the edge keep what `tiles` held: zeros. */
export function tileFrame(frame: Uint8Array, geometry: FrameGeometry, tiles: Uint8Array): void {
  const { heightPx, widthPx, bytesPerPixel, chunkHeightPx, chunkWidthPx, chunkColumns, chunkBytes } = geometry;
  const rowBytes = widthPx * bytesPerPixel;
  const chunkRowBytes = chunkWidthPx * bytesPerPixel;
  for (let column = 0; column < chunkColumns; column++) {
    const left = column * chunkRowBytes;
    const right = Math.min(left + chunkRowBytes, rowBytes);
    for (let y = 0; y < heightPx; y++) {
      const chunk = Math.floor(y / chunkHeightPx) * chunkColumns + column;
      const target = chunk * chunkBytes + (y % chunkHeightPx) * chunkRowBytes;
      tiles.set(frame.subarray(y * rowBytes + left, y * rowBytes + right), target);
    }
  }
}
