import type { PixelType } from '../../../sdk/storage/index.ts';
import { PIXEL_KERNELS_WASM } from './pixel-kernels.wasm.ts';

/**
 * What is done to every pixel, in WebAssembly with 16 bytes at a time: loops in JavaScript over an 8 MB frame take several times as long.
 * `from` and `to` are places in the memory, in bytes; they must not overlap.
 */
export interface PixelKernels {
  /** Copies `rows` rows of `rowBytes` bytes; a pitch is the distance from one row to the next, in bytes. */
  copyRows(from: number, fromPitch: number, to: number, toPitch: number, rowBytes: number, rows: number): void;
  /**
   * Sorts the bytes of `rows` rows of `count` pixels by their weight, as blosc's byte shuffle does: all lowest ones first, those of each
   * weight `high` bytes behind those of the one below.
   */
  shuffle2(from: number, fromPitch: number, to: number, high: number, count: number, rows: number): void;
  shuffle4(from: number, fromPitch: number, to: number, high: number, count: number, rows: number): void;
  /** Means of 2 x 2 pixels of two rows, `count` of them; integers are rounded half up. */
  halveRows(dtype: PixelType, upper: number, lower: number, to: number, count: number): void;
}

type HalveRows = (upper: number, lower: number, to: number, count: number) => void;

interface Exports extends Omit<PixelKernels, 'halveRows'> {
  readonly halve_uint8: HalveRows;
  readonly halve_uint16: HalveRows;
  readonly halve_int16: HalveRows;
  readonly halve_float32: HalveRows;
}

/** The kernels, working on `memory`, which must be shared. */
export function pixelKernels(memory: WebAssembly.Memory): PixelKernels {
  const module = new WebAssembly.Module(Buffer.from(PIXEL_KERNELS_WASM, 'base64'));
  const exports = new WebAssembly.Instance(module, { ring: { memory } }).exports as unknown as Exports;
  const { copyRows, shuffle2, shuffle4 } = exports;
  const halve: Readonly<Record<PixelType, HalveRows>> = {
    uint8: exports.halve_uint8,
    uint16: exports.halve_uint16,
    int16: exports.halve_int16,
    float32: exports.halve_float32,
  };
  return {
    copyRows,
    shuffle2,
    shuffle4,
    halveRows: (dtype, upper, lower, to, count) => halve[dtype](upper, lower, to, count),
  };
}
