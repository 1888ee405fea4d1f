import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type ArrayInfo, type RawPixels, STORE_DTYPES, type StoreDtype } from '../../../shared/stores/index.ts';
import { writeJson } from './ngff-04-group.ts';

const compress = promisify(gzip);
/** The fastest: camera noise gains little from more. */
const GZIP_LEVEL = 1;
/** Small enough to look at a part of a plane, large enough not to make thousands of files. */
const MAX_CHUNK_PX = 1024;
const CONCURRENT_CHUNKS = 4;

const DTYPE_LETTERS: Readonly<Record<StoreDtype, string>> = {
  bool: '|b1',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
};

/** Writes an array of Zarr 2, plane by plane, in chunks of a part of a plane. Chunks that hold only the fill value are left out. */
export class Zarr2Array {
  readonly #folder: string;
  readonly #array: ArrayInfo;
  readonly #chunkHeight: number;
  readonly #chunkWidth: number;

  /** @param array - of which this becomes a copy. */
  constructor(folder: string, array: ArrayInfo) {
    this.#folder = folder;
    this.#array = array;
    this.#chunkHeight = Math.max(1, Math.min(array.shape.at(-2) ?? 1, MAX_CHUNK_PX));
    this.#chunkWidth = Math.max(1, Math.min(array.shape.at(-1) ?? 1, MAX_CHUNK_PX));
  }

  async writeMetadata(): Promise<void> {
    const { shape, dtype, fillValue } = this.#array;
    const rank = shape.length;
    const chunks = shape.map((_, axis) =>
      axis === rank - 1 ? this.#chunkWidth : axis === rank - 2 ? this.#chunkHeight : 1,
    );
    await mkdir(this.#folder, { recursive: true });
    await writeJson(join(this.#folder, '.zarray'), {
      zarr_format: 2,
      shape,
      chunks,
      dtype: DTYPE_LETTERS[dtype],
      compressor: { id: 'gzip', level: GZIP_LEVEL },
      fill_value: fillOf(dtype, fillValue),
      order: 'C',
      filters: null,
      dimension_separator: '/',
    });
  }

  /** @param leading - index along all axes but y and x. @param plane - C order. */
  async writePlane(leading: readonly number[], plane: RawPixels): Promise<void> {
    const height = this.#array.shape.at(-2) ?? 1;
    const width = this.#array.shape.at(-1) ?? 1;
    const places: { readonly row: number; readonly column: number }[] = [];
    for (let row = 0; row * this.#chunkHeight < height; row++) {
      for (let column = 0; column * this.#chunkWidth < width; column++) places.push({ row, column });
    }
    for (let at = 0; at < places.length; at += CONCURRENT_CHUNKS) {
      await Promise.all(
        places.slice(at, at + CONCURRENT_CHUNKS).map(async ({ row, column }) => {
          const chunk = this.#cut(plane, row, column, height, width);
          if (this.#isFill(chunk)) return;
          const key = [...leading, row, column].slice(-this.#array.shape.length);
          const path = join(this.#folder, ...key.map(String));
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, await compress(chunk, { level: GZIP_LEVEL }));
        }),
      );
    }
  }

  /** Bytes of a whole chunk; at the edge of the array the rest is zero. */
  #cut(plane: RawPixels, row: number, column: number, height: number, width: number): Uint8Array {
    const size = STORE_DTYPES[this.#array.dtype];
    const bytes = new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength);
    const chunk = new Uint8Array(this.#chunkHeight * this.#chunkWidth * size);
    const [top, left] = [row * this.#chunkHeight, column * this.#chunkWidth];
    const rowBytes = Math.min(this.#chunkWidth, width - left) * size;
    for (let y = 0; y < Math.min(this.#chunkHeight, height - top); y++) {
      const from = ((top + y) * width + left) * size;
      chunk.set(bytes.subarray(from, from + rowBytes), y * this.#chunkWidth * size);
    }
    return chunk;
  }

  #isFill(chunk: Uint8Array): boolean {
    return this.#array.fillValue === 0 && chunk.every((byte) => byte === 0);
  }
}

function fillOf(dtype: StoreDtype, value: number): number | boolean | string {
  if (dtype === 'bool') return value !== 0;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return value;
}
