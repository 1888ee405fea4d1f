import { RedsunError } from '../../sdk/util/index.ts';
import type { ArrayInfo } from './array-metadata.ts';
import type { ByteSource } from './byte-source.ts';
import { ChunkReader } from './chunk-reader.ts';
import { DecodedChunks } from './decoded-chunks.ts';
import { asNumbers, type Pixels, type RawPixels, STORE_DTYPES, type StoreDtype, viewPixels } from './pixel-types.ts';
import { readRawRows, unravel } from './read-plane.ts';
import type { ImageDescription } from './store-description.ts';
import { readArray } from './store-node.ts';

/** A limit against metadata that lie, and against a slip. */
const MOST_BYTES = 1024 * 1024 * 1024;
/** Decoded chunks that are kept while a region is read: a chunk of several planes is decoded once for all of them. */
const KEPT_BYTES = 256 * 1024 * 1024;

/** Indices from `from` up to, but without, `to`. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** What is wanted of an image. */
export interface RegionAsked {
  /** By name of the axis; a single index takes the axis away. Absent: 0, and of y and x all. */
  readonly axes: Readonly<Record<string, number | IndexRange | undefined>>;
  /** Resolution, 0 is the finest. Default: 0. */
  readonly level?: number;
}

/** A part of an image. */
export interface Region {
  /** C order, `shape`; 64-bit integers as doubles, float16 as float32. */
  readonly data: Pixels;
  /** Length along each of `axes`. */
  readonly shape: readonly number[];
  /** Names of the axes that were asked for as ranges, and y and x unless they were single indices; in the order of the image. */
  readonly axes: readonly string[];
  readonly dtype: StoreDtype;
}

/**
 * Reads any part of an image. The array's metadata is read again each time, so that a store that grows can be read as it comes. Abort
 * reaches the byte source.
 * @throws RedsunError `store/no-plane` outside the array, or for an axis that the image has not; `store/too-large`; as `readPlane`
 */
export async function readRegion(
  source: ByteSource,
  image: ImageDescription,
  { axes: asked, level = 0 }: RegionAsked,
  signal?: AbortSignal,
): Promise<Region> {
  const path = image.levels[level]?.path;
  if (path === undefined) {
    throw new RedsunError('store/no-plane', `${image.path || '/'}: level ${level} of ${image.levels.length} levels`);
  }
  const array = await readArray(source, path, signal);
  const names = array.shape.map((_, axis) => image.axes[axis]?.name ?? String(axis));
  const unknown = Object.keys(asked).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RedsunError('store/no-plane', `${path || '/'}: no axis "${unknown}"; there are ${names.join(', ')}`);
  }
  const ranges = names.map((name, axis) => rangeAlong(array, axis, name, asked[name]));
  const lengths = ranges.map(({ from, to }) => to - from);
  const elements = lengths.reduce((product, length) => product * length, 1);
  const bytes = elements * STORE_DTYPES[array.dtype];
  if (bytes > MOST_BYTES) {
    throw new RedsunError('store/too-large', `${path || '/'}: a part of ${lengths.join(' x ')} takes ${bytes} bytes`);
  }
  const whole = viewPixels(array.dtype, new ArrayBuffer(bytes), 0, elements);
  const chunks = new DecodedChunks(array, new ChunkReader(source, array, signal), KEPT_BYTES);
  const [y = { from: 0, to: 1 }, x = { from: 0, to: 1 }] = ranges.slice(-2);
  const leading = lengths.slice(0, -2);
  const rows = { top: y.from, height: y.to - y.from, left: x.from, width: x.to - x.from };
  const planes = leading.reduce((product, length) => product * length, 1);
  for (let plane = 0; plane < planes; plane++) {
    signal?.throwIfAborted();
    const indices = unravel(plane, leading).map((index, axis) => index + (ranges[axis]?.from ?? 0));
    put(whole, await readRawRows(array, indices, rows, chunks, signal), plane * rows.height * rows.width);
  }
  const kept = names.map((name, axis) => ({ name, axis })).filter(({ name }) => typeof asked[name] !== 'number');
  const shown = kept.filter(({ name, axis }) => asked[name] !== undefined || axis >= names.length - 2);
  return {
    data: asNumbers(array.dtype, whole),
    shape: shown.map(({ axis }) => lengths[axis] ?? 1),
    axes: shown.map(({ name }) => name),
    dtype: array.dtype,
  };
}

/** Both have the dtype of the array, which the types cannot say. */
function put(whole: RawPixels, part: RawPixels, at: number): void {
  (whole as Uint8Array).set(part as Uint8Array, at);
}

function rangeAlong(array: ArrayInfo, axis: number, name: string, asked: number | IndexRange | undefined): IndexRange {
  const size = array.shape[axis] ?? 0;
  const isPlane = axis >= array.shape.length - 2;
  const range =
    asked === undefined
      ? { from: 0, to: isPlane ? size : 1 }
      : typeof asked === 'number'
        ? { from: asked, to: asked + 1 }
        : asked;
  const { from, to } = range;
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= size) return range;
  const words = typeof asked === 'number' ? `index ${asked}` : `from ${from} to ${to}`;
  throw new RedsunError('store/no-plane', `${array.path || '/'}: ${words} along ${name}, which has ${size}`);
}
