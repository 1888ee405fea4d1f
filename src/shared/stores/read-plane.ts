import { RedsunError } from '../../sdk/util/index.ts';
import type { ArrayInfo } from './array-metadata.ts';
import type { ByteSource } from './byte-source.ts';
import { ChunkReader } from './chunk-reader.ts';
import { chunkByteLength, type DecodedChunk } from './decode-chunk.ts';
import { DecodedChunks } from './decoded-chunks.ts';
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
const CONCURRENT_BYTES = 256 * 1024 * 1024;
/** More planes are counted by nobody: a limit against metadata that lie. */
const MAX_PLANES = 100_000_000;
/** So often others get their turn while planes are counted. */
const GIVE_WAY_EVERY = 1024;

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
  if (planes > MAX_PLANES) {
    throw new RedsunError('store/too-large', `${array.path || '/'}: ${planes} planes are too many to count`);
  }
  let written = 0;
  for (let at = 0; at < planes; at++) {
    if (at % GIVE_WAY_EVERY === 0) await otherWork(signal);
    if (await isAcquired(reader, array, unravel(at, sizes))) written++;
  }
  return written;
}

/** Also what is known already comes by promises, which alone would keep a signal from being heard. */
async function otherWork(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
  signal?.throwIfAborted();
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
export function readRawPlane(
  source: ByteSource,
  array: ArrayInfo,
  leading: readonly number[],
  signal?: AbortSignal,
  reader: ChunkReader = new ChunkReader(source, array, signal),
): Promise<RawPixels> {
  const rows = { top: 0, height: array.shape.at(-2) ?? 1 };
  return readRawRows(array, leading, rows, new DecodedChunks(array, reader, 0), signal);
}

/** Rows of a plane, counted from its upper edge, and of each the pixels from `left` on; absent: all of them. */
export interface Rows {
  readonly top: number;
  readonly height: number;
  readonly left?: number;
  readonly width?: number;
}

/** A part of a plane, as `readRawPlane` gives all of it. Only the chunks that it lies in are read. */
export async function readRawRows(
  array: ArrayInfo,
  leading: readonly number[],
  rows: Rows,
  chunks: DecodedChunks,
  signal?: AbortSignal,
): Promise<RawPixels> {
  for (const [axis, index] of leading.entries()) {
    const size = array.shape[axis] ?? 0;
    if (Number.isInteger(index) && index >= 0 && index < size) continue;
    throw new RedsunError('store/no-plane', `${array.path || '/'}: index ${index} of axis ${axis}, which has ${size}`);
  }
  const { top, height, left = 0, width = (array.shape.at(-1) ?? 1) - left } = rows;
  const bytes = height * width * STORE_DTYPES[array.dtype];
  if (bytes > MAX_PLANE_BYTES) {
    throw new RedsunError(
      'store/too-large',
      `${array.path || '/'}: a plane of ${height} x ${width} pixels takes ${bytes} bytes`,
    );
  }
  // A few at a time: decoded chunks are as large as what they fill, or larger.
  const atOnce = Math.min(CONCURRENT_CHUNKS, Math.max(1, Math.floor(CONCURRENT_BYTES / chunkByteLength(array))));
  const part = { pixels: viewPixels(array.dtype, new ArrayBuffer(bytes), 0, height * width), top, height, left, width };
  const todo = chunksOf(array, leading, part);
  for (let at = 0; at < todo.length; at += atOnce) {
    signal?.throwIfAborted();
    await Promise.all(
      todo.slice(at, at + atOnce).map(async (place) => {
        const chunk = await chunks.get(place.coordinates);
        if (chunk) copyChunk(array, leading, place, chunk, part);
        else fillChunk(array, place, part);
      }),
    );
  }
  return part.pixels;
}

/** A part of a plane that is being put together. */
interface PlanePart extends Required<Rows> {
  readonly pixels: RawPixels;
}

interface ChunkPlace {
  /** In the grid of chunks. */
  readonly coordinates: readonly number[];
  readonly top: number;
  readonly left: number;
}

function chunksOf(array: ArrayInfo, leading: readonly number[], part: Required<Rows>): ChunkPlace[] {
  const [chunkHeight, chunkWidth] = chunkSize(array);
  const before = leading.map((index, axis) => Math.floor(index / array.chunkShape[axis]!));
  const places: ChunkPlace[] = [];
  for (let top = part.top - (part.top % chunkHeight); top < part.top + part.height; top += chunkHeight) {
    for (let left = part.left - (part.left % chunkWidth); left < part.left + part.width; left += chunkWidth) {
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
  part: PlanePart,
): void {
  const [chunkHeight, chunkWidth] = chunkSize(array);
  const [firstX, endX] = [Math.max(left, part.left), Math.min(left + chunkWidth, part.left + part.width)];
  const columns = endX - firstX;
  const start = leading.reduce((sum, index, axis) => sum + (index % array.chunkShape[axis]!) * strides[axis]!, 0);
  const strideY = strides.at(-2) ?? 0;
  const strideX = strides.at(-1) ?? 0;
  for (let y = Math.max(top, part.top); y < Math.min(top + chunkHeight, part.top + part.height); y++) {
    const from = start + (y - top) * strideY + (firstX - left) * strideX;
    const to = (y - part.top) * part.width + firstX - part.left;
    if (strideX === 1) setPixels(part.pixels, pixels.subarray(from, from + columns), to);
    else for (let x = 0; x < columns; x++) part.pixels[to + x] = pixels[from + x * strideX]!;
  }
}

/** Both have the dtype of the array, which the types cannot say. */
function setPixels(plane: RawPixels, row: RawPixels, at: number): void {
  (plane as Uint8Array).set(row as Uint8Array, at);
}

function fillChunk(array: ArrayInfo, { top, left }: ChunkPlace, part: PlanePart): void {
  if (array.fillValue === 0) return;
  const [chunkHeight, chunkWidth] = chunkSize(array);
  const value = elementOf(array.dtype, array.fillValue);
  for (let y = Math.max(top, part.top); y < Math.min(top + chunkHeight, part.top + part.height); y++) {
    const row = (y - part.top) * part.width;
    const [first, end] = [Math.max(left, part.left), Math.min(left + chunkWidth, part.left + part.width)];
    (part.pixels as Uint8Array).fill(value as number, row + first - part.left, row + end - part.left);
  }
}

function chunkSize({ chunkShape }: ArrayInfo): readonly [height: number, width: number] {
  return [chunkShape.at(-2) ?? 1, chunkShape.at(-1) ?? 1];
}
