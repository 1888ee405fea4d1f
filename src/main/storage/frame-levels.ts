import type { PixelArray, PixelType } from '../../sdk/storage/index.ts';
import { type FrameGeometry, isPlanar } from './frame-geometry.ts';
import { halvePlanes } from './halve-planes.ts';
import { isTiledAlready, type PixelWords, separatePlanes, tileFrame } from './tile-frame.ts';

/** The steps from a frame to what is written. Buffers are kept for the next frame: what a step returns is good until it is called again. */
export class FrameLevels {
  readonly #buffers = new Map<string, Uint8Array>();

  /** The frame, plane after plane. */
  planar(frame: Uint8Array, geometry: FrameGeometry): Uint8Array {
    if (isPlanar(geometry)) return frame;
    const planar = this.#buffer('planar', geometry.frameBytes);
    separatePlanes(words(frame, geometry.bytesPerPixel), geometry, words(planar, geometry.bytesPerPixel));
    return planar;
  }

  /** The next level. */
  halve(planes: Uint8Array, from: FrameGeometry, to: FrameGeometry, dtype: PixelType, level: number): Uint8Array {
    const halved = this.#buffer(`level ${level}`, to.frameBytes);
    halvePlanes(pixelView(dtype, planes), from, pixelView(dtype, halved), to);
    return halved;
  }

  /** Planes, one after the other, cut into chunks. */
  tiles(planes: Uint8Array, geometry: FrameGeometry): Uint8Array {
    if (isTiledAlready(geometry)) return planes;
    // Padding is never written to, so a buffer stays good for all frames of one geometry.
    const { heightPx, widthPx, chunkHeightPx, chunkWidthPx } = geometry;
    const tiles = this.#buffer(`${heightPx} ${widthPx} ${chunkHeightPx} ${chunkWidthPx}`, geometry.tiledBytes);
    tileFrame(planes, geometry, tiles);
    return tiles;
  }

  #buffer(key: string, byteLength: number): Uint8Array {
    const name = `${key} ${byteLength}`;
    const known = this.#buffers.get(name) ?? new Uint8Array(byteLength);
    this.#buffers.set(name, known);
    return known;
  }
}

/** Pixels of `bytes` as numbers. */
export function pixelView(dtype: PixelType, { buffer, byteOffset, byteLength }: Uint8Array): PixelArray {
  switch (dtype) {
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 'int16':
      return new Int16Array(buffer, byteOffset, byteLength / 2);
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
  }
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
