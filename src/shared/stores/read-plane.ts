import { RedsunError } from '../../sdk/util/index.ts';
import type { ArrayInfo } from './array-metadata.ts';
import type { ByteSource } from './byte-source.ts';
import { ChunkReader } from './chunk-reader.ts';
import { chunkByteLength, type DecodedChunk, decodeChunk } from './decode-chunk.ts';
import {
  asNumbers,
  elementOf,
  type Pixels,
  type RawPixels,
  rangeOf,
  STORE_DTYPES,
  type StoreDtype,
  viewPixels,
} from './pixel-types.ts';
import type { ImageDescription } from './store-description.ts';
import { readArray } from './store-node.ts';

/** A limit against metadata that lie. */
const MAX_PLANE_BYTES = 1024 * 1024 * 1024;
const CONCURRENT_CHUNKS = 8;

/** One picture of an image. */
export interface Plane {
  /** C order; 64-bit integers as doubles, float16 as float32. */
  readonly data: Pixels;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dtype: StoreDtype;
  readonly min: number;
  readonly max: number;
  /** False where the store says that this plane was never acquired: its pixels are no measurement then. */
  readonly acquired: boolean;
}

/** Index along the axes beside y and x, by name; a missing one is 0. */
export type PlaneIndex = Readonly<Record<string, number | undefined>>;

/**
 * Reads one plane. The array's metadata is read again each time, so that planes of a store that grows can be read as they come.
 * @throws RedsunError `store/no-plane` outside the array; `store/truncated-chunk`, `store/bad-chunk`, `store/bad-index`, `store/too-large`...
 */
export async function readPlane(
  source: ByteSource,
  image: ImageDescription,
  level: number,
  indices: PlaneIndex,
  signal?: AbortSignal,
): Promise<Plane> {
  const path = image.levels[level]?.path;
  if (path === undefined) {
    throw new RedsunError('store/no-plane', `${image.path || '/'}: level ${level} of ${image.levels.length} levels`);
  }
  const array = await readArray(source, path, signal);
  const leading = array.shape.slice(0, -2).map((_, axis) => indices[image.axes[axis]?.name ?? ''] ?? 0);
  const reader = new ChunkReader(source, array, signal);
  const raw = await readRawPlane(source, array, leading, signal, reader);
  const data = asNumbers(array.dtype, raw);
  const told = image.planesPerFrame !== undefined && array.sharding;
  const acquired = !told || (await isAcquired(reader, array, leading));
  if (!acquired && level > 0) {
    // A level that was not made yet is no plane that was never acquired.
    const finest = await readArray(source, image.levels[0]!.path, signal);
    if (await isAcquired(new ChunkReader(source, finest, signal), finest, leading)) {
      throw new RedsunError('store/no-plane', `${path}: plane [${leading.join(', ')}] was not made at this level`);
    }
  }
  return {
    data,
    widthPx: array.shape.at(-1) ?? 1,
    heightPx: array.shape.at(-2) ?? 1,
    dtype: array.dtype,
    ...rangeOf(data),
    acquired,
  };
}

/** How many planes of a sharded array were written; for images with `planesPerFrame`. Null for an array without shards. */
export async function countWrittenPlanes(
  source: ByteSource,
  array: ArrayInfo,
  signal?: AbortSignal,
): Promise<number | null> {
  if (!array.sharding) return null;
  const reader = new ChunkReader(source, array, signal);
  const sizes = array.shape.slice(0, -2);
  const planes = sizes.reduce((product, size) => product * size, 1);
  let written = 0;
  for (let at = 0; at < planes; at++) {
    if (at % 1024 === 0) signal?.throwIfAborted();
    if (await isAcquired(reader, array, unravel(at, sizes))) written++;
  }
  return written;
}

/** All chunks of a plane are there or none is: its first one tells. */
async function isAcquired(reader: ChunkReader, array: ArrayInfo, leading: readonly number[]): Promise<boolean> {
  const first = [...leading.map((index, axis) => Math.floor(index / array.chunkShape[axis]!)), 0, 0];
  return !array.sharding || (await reader.isInShard(array.sharding, first.slice(-array.shape.length)));
}

/** The index of the element number `at` in an array of `sizes`, C order. */
export function unravel(at: number, sizes: readonly number[]): number[] {
  let rest = at;
  return sizes
    .map((_, axis) => {
      const size = sizes[sizes.length - 1 - axis]!;
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    })
    .reverse();
}

/** The elements of a plane as they are stored, C order. @param leading - index along all axes but the last two. */
export async function readRawPlane(
  source: ByteSource,
  array: ArrayInfo,
  leading: readonly number[],
  signal?: AbortSignal,
  reader: ChunkReader = new ChunkReader(source, array, signal),
): Promise<RawPixels> {
  for (const [axis, index] of leading.entries()) {
    const size = array.shape[axis] ?? 0;
    if (Number.isInteger(index) && index >= 0 && index < size) continue;
    throw new RedsunError('store/no-plane', `${array.path || '/'}: index ${index} of axis ${axis}, which has ${size}`);
  }
  const height = array.shape.at(-2) ?? 1;
  const width = array.shape.at(-1) ?? 1;
  const bytes = height * width * STORE_DTYPES[array.dtype];
  if (bytes > MAX_PLANE_BYTES) {
    throw new RedsunError(
      'store/too-large',
      `${array.path || '/'}: a plane of ${height} x ${width} pixels takes ${bytes} bytes`,
    );
  }
  chunkByteLength(array);
  const plane = viewPixels(array.dtype, new ArrayBuffer(bytes), 0, height * width);
  const todo = chunksOfPlane(array, leading, height, width);
  // A few at a time: decoded chunks are as large as what they fill.
  for (let at = 0; at < todo.length; at += CONCURRENT_CHUNKS) {
    signal?.throwIfAborted();
    await Promise.all(
      todo.slice(at, at + CONCURRENT_CHUNKS).map(async (place) => {
        const encoded = await reader.read(place.coordinates);
        if (encoded)
          copyChunk(array, leading, place, await decodeChunk(array, encoded.bytes, encoded.key), plane, height, width);
        else fillChunk(array, place, plane, height, width);
      }),
    );
  }
  return plane;
}

interface ChunkPlace {
  /** In the grid of chunks. */
  readonly coordinates: readonly number[];
  readonly top: number;
  readonly left: number;
}

function chunksOfPlane(array: ArrayInfo, leading: readonly number[], height: number, width: number): ChunkPlace[] {
  const [chunkHeight, chunkWidth] = chunkSize(array);
  const before = leading.map((index, axis) => Math.floor(index / array.chunkShape[axis]!));
  const places: ChunkPlace[] = [];
  for (let top = 0; top < height; top += chunkHeight) {
    for (let left = 0; left < width; left += chunkWidth) {
      const last = [top / chunkHeight, left / chunkWidth].slice(2 - Math.min(2, array.shape.length));
      places.push({ coordinates: [...before, ...last], top, left });
    }
  }
  return places;
}

function copyChunk(
  array: ArrayInfo,
  leading: readonly number[],
  { top, left }: ChunkPlace,
  { pixels, strides }: DecodedChunk,
  plane: RawPixels,
  height: number,
  width: number,
): void {
  const [chunkHeight, chunkWidth] = chunkSize(array);
  const rows = Math.min(chunkHeight, height - top);
  const columns = Math.min(chunkWidth, width - left);
  const start = leading.reduce((sum, index, axis) => sum + (index % array.chunkShape[axis]!) * strides[axis]!, 0);
  const strideY = strides.at(-2) ?? 0;
  const strideX = strides.at(-1) ?? 0;
  for (let y = 0; y < rows; y++) {
    const from = start + y * strideY;
    const to = (top + y) * width + left;
    if (strideX === 1) setPixels(plane, pixels.subarray(from, from + columns), to);
    else for (let x = 0; x < columns; x++) plane[to + x] = pixels[from + x * strideX]!;
  }
}

/** Both have the dtype of the array, which the types cannot say. */
function setPixels(plane: RawPixels, row: RawPixels, at: number): void {
  (plane as Uint8Array).set(row as Uint8Array, at);
}

function fillChunk(array: ArrayInfo, { top, left }: ChunkPlace, plane: RawPixels, height: number, width: number): void {
  if (array.fillValue === 0) return;
  const [chunkHeight, chunkWidth] = chunkSize(array);
  const value = elementOf(array.dtype, array.fillValue);
  for (let y = top; y < Math.min(top + chunkHeight, height); y++) {
    (plane as Uint8Array).fill(value as number, y * width + left, y * width + Math.min(left + chunkWidth, width));
  }
}

function chunkSize({ chunkShape }: ArrayInfo): readonly [height: number, width: number] {
  return [chunkShape.at(-2) ?? 1, chunkShape.at(-1) ?? 1];
}
