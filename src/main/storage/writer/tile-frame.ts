import type { PixelKernels } from '../kernels/pixel-kernels.ts';
import type { FrameGeometry } from '../layout/frame-geometry.ts';

/** True when the chunks of a planar frame lie in memory as the frame does, so that nothing needs to be moved. */
export function isTiledAlready(geometry: FrameGeometry): boolean {
  return geometry.chunkColumns === 1 && geometry.tiledBytes === geometry.frameBytes;
}

/** Rows of pixels in the memory that the kernels work on. */
export interface PixelRows {
  /** The memory, from the first row to the last. */
  readonly bytes: Uint8Array;
  /** From one row to the next, bytes. */
  readonly pitch: number;
  readonly rowBytes: number;
  readonly rows: number;
}

/** The rows of chunk `chunk` that a planar frame has; chunks are counted plane after plane, in C order. */
export function rowsOfChunk(planes: Uint8Array, geometry: FrameGeometry, chunk: number): PixelRows {
  const { heightPx, widthPx, bytesPerPixel, chunkHeightPx, chunkWidthPx, chunkColumns, chunkRows } = geometry;
  const plane = Math.floor(chunk / (chunkRows * chunkColumns));
  const top = (Math.floor(chunk / chunkColumns) % chunkRows) * chunkHeightPx;
  const left = (chunk % chunkColumns) * chunkWidthPx;
  const rows = Math.min(chunkHeightPx, heightPx - top);
  const rowBytes = Math.min(chunkWidthPx, widthPx - left) * bytesPerPixel;
  const pitch = widthPx * bytesPerPixel;
  const from = (plane * heightPx + top) * pitch + left * bytesPerPixel;
  return { bytes: planes.subarray(from, from + (rows - 1) * pitch + rowBytes), pitch, rowBytes, rows };
}

/** Copies rows into `room`, from one `pitch` to the next. */
export function copyRows(
  kernels: PixelKernels,
  { bytes, pitch: fromPitch, rowBytes, rows }: PixelRows,
  room: Uint8Array,
  pitch: number,
) {
  kernels.copyRows(bytes.byteOffset, fromPitch, room.byteOffset, pitch, rowBytes, rows);
}

/** Copies chunk `chunk` of a planar frame into `room`. What a chunk at the edge has beyond the frame is zero. */
export function tileChunk(
  kernels: PixelKernels,
  planes: Uint8Array,
  geometry: FrameGeometry,
  chunk: number,
  room: Uint8Array,
): void {
  const { chunkHeightPx, chunkWidthPx, bytesPerPixel } = geometry;
  const found = rowsOfChunk(planes, geometry, chunk);
  const pitch = chunkWidthPx * bytesPerPixel;
  if (found.rows < chunkHeightPx || found.rowBytes < pitch) room.fill(0);
  copyRows(kernels, found, room, pitch);
}

/** Copies chunk `chunk`, as `tileChunk` made it, back to its place in a planar frame. */
export function untileChunk(
  kernels: PixelKernels,
  tile: Uint8Array,
  geometry: FrameGeometry,
  chunk: number,
  planes: Uint8Array,
): void {
  const { bytes, pitch, rowBytes, rows } = rowsOfChunk(planes, geometry, chunk);
  const tilePitch = geometry.chunkWidthPx * geometry.bytesPerPixel;
  kernels.copyRows(tile.byteOffset, tilePitch, bytes.byteOffset, pitch, rowBytes, rows);
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
