import type { PixelType } from '../../../sdk/storage/index.ts';
import type { Compression } from '../../../shared/config/compression.ts';
import type { PixelKernels } from '../kernels/pixel-kernels.ts';
import { mostFrameBytes } from '../layout/compression.ts';
import { type FrameGeometry, isPlanar } from '../layout/frame-geometry.ts';
import { pageAfter, type WorkArea } from '../layout/work-area.ts';
import { halvePlanes } from './halve-planes.ts';
import {
  isTiledAlready,
  type PixelRows,
  type PixelWords,
  rowsOfChunk,
  separatePlanes,
  tileChunk,
  untileChunk,
} from './tile-frame.ts';

/** The steps from a frame to what is written. */
export class FrameLevels {
  readonly #kernels: PixelKernels;
  readonly #area: WorkArea;

  constructor(kernels: PixelKernels, area: WorkArea) {
    this.#kernels = kernels;
    this.#area = area;
  }

  /** The frame, plane after plane. */
  planar(frame: Uint8Array, geometry: FrameGeometry): Uint8Array {
    if (isPlanar(geometry)) return frame;
    const planar = this.#area.take(geometry.frameBytes);
    separatePlanes(words(frame, geometry.bytesPerPixel), geometry, words(planar, geometry.bytesPerPixel));
    return planar;
  }

  /** The next level. */
  halve(planes: Uint8Array, from: FrameGeometry, to: FrameGeometry, dtype: PixelType): Uint8Array {
    const halved = this.#area.take(to.frameBytes);
    halvePlanes(this.#kernels, planes, from, halved, to, dtype);
    return halved;
  }

  /** Planes, one after the other, cut into chunks. */
  tiles(planes: Uint8Array, geometry: FrameGeometry): Uint8Array {
    if (isTiledAlready(geometry)) return planes;
    const tiles = this.#area.take(geometry.tiledBytes);
    const { chunkBytes } = geometry;
    for (let chunk = 0; chunk * chunkBytes < geometry.tiledBytes; chunk++) {
      tileChunk(this.#kernels, planes, geometry, chunk, tiles.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes));
    }
    return tiles;
  }

  /** Puts chunks that lie one after the other back together to planes. @param tiles - and `planes`: parts of the memory of the kernels. */
  untile(tiles: Uint8Array, geometry: FrameGeometry, planes: Uint8Array): void {
    const { chunkBytes, tiledBytes } = geometry;
    for (let chunk = 0; chunk * chunkBytes < tiledBytes; chunk++) {
      const tile = tiles.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes);
      untileChunk(this.#kernels, tile, geometry, chunk, planes);
    }
  }

  /** One chunk of planes, all of its pixels: where they lie, or, at the edge of the frame, in `room` with zeros around them. */
  chunk(planes: Uint8Array, geometry: FrameGeometry, chunk: number, room: Uint8Array): PixelRows {
    const { chunkHeightPx, chunkWidthPx, bytesPerPixel } = geometry;
    const found = rowsOfChunk(planes, geometry, chunk);
    const rowBytes = chunkWidthPx * bytesPerPixel;
    if (found.rows === chunkHeightPx && found.rowBytes === rowBytes) return found;
    tileChunk(this.#kernels, planes, geometry, chunk, room);
    return { bytes: room, pitch: rowBytes, rowBytes, rows: chunkHeightPx };
  }
}

/**
 * What a thread needs to work on one frame until all of it is written; 0 for what is written as it lies in memory.
 * @param levels - of one image, the finest first.
 */
export function workAreaBytes(levels: readonly FrameGeometry[], compression: Compression): number {
  const [finest, ...coarser] = levels;
  if (!finest) return 0;
  const sum = (bytes: (level: FrameGeometry) => number, of: readonly FrameGeometry[]) =>
    of.reduce((all, level) => all + pageAfter(bytes(level)), 0);
  const planar = isPlanar(finest) ? 0 : pageAfter(finest.frameBytes);
  const halved = sum(({ frameBytes }) => frameBytes, coarser);
  if (compression === 'none') {
    return planar + halved + sum((level) => (isTiledAlready(level) ? 0 : level.tiledBytes), levels);
  }
  const packed = sum((level) => mostFrameBytes(compression, level), levels);
  return planar + halved + packed + 2 * pageAfter(finest.chunkBytes);
}

function words({ buffer, byteOffset, byteLength }: Uint8Array, bytesPerPixel: number): PixelWords {
  switch (bytesPerPixel) {
    case 1:
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 2:
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    default:
      return new Uint32Array(buffer, byteOffset, byteLength / 4);
  }
}
