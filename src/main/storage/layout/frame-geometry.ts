import type { PixelType } from '../../../sdk/storage/index.ts';
import { RedsunError } from '../../../sdk/util/index.ts';

/** An index of 255 entries and its checksum fit in one page of 4096 bytes, so a commit never spans two. */
export const MAX_CHUNKS_PER_SHARD = 255;
/** Keeps files small enough to copy and to lose. */
const MAX_SHARD_BYTES = 256 * 1024 * 1024;

/** Axes that a frame can have. */
export const PLANE_AXES = ['c', 'z', 'y', 'x'] as const;
export type PlaneAxis = (typeof PLANE_AXES)[number];

/** How one frame is cut into chunks. */
export interface FrameGeometry {
  readonly heightPx: number;
  readonly widthPx: number;
  /** Planes of one frame along the axes of the store: colours of a colour camera, planes of a volume. 1 and 1 for a plain picture. */
  readonly planes: { readonly c: number; readonly z: number };
  /** Distance of neighbours in the frame as it comes, in pixels. */
  readonly strides: Readonly<Record<PlaneAxis, number>>;
  readonly bytesPerPixel: number;
  readonly chunkHeightPx: number;
  readonly chunkWidthPx: number;
  readonly chunkRows: number;
  readonly chunkColumns: number;
  readonly chunkBytes: number;
  /** As it comes from the camera, all planes. */
  readonly frameBytes: number;
  /** As it lies in an uncompressed shard: plane after plane, chunk after chunk, those at the edge padded. */
  readonly tiledBytes: number;
  readonly framesPerShard: number;
}

const BYTES_PER_PIXEL: Readonly<Record<PixelType, number>> = { uint8: 1, uint16: 2, int16: 2, float32: 4 };

/**
 * @param axes - of `shape`, outermost first. Default: y, x; with a last axis of 3 or 4: y, x, c; else planes first: z, y, x; c, z, y, x.
 * @throws RedsunError `store/shape` for what is no picture, colour picture or volume.
 */
export function frameGeometry(
  dtype: PixelType,
  shape: readonly number[],
  axes: readonly PlaneAxis[] = defaultAxes(shape),
): FrameGeometry {
  const { sizes, strides } = axisLengths(shape, axes);
  const { c, z, y: heightPx, x: widthPx } = sizes;
  const planes = c * z;
  if (planes > MAX_CHUNKS_PER_SHARD) {
    throw new RedsunError(
      'store/shape',
      `frames of [${shape.join(', ')}] have ${planes} planes; a file holds at most ${MAX_CHUNKS_PER_SHARD}`,
    );
  }
  let edgePx = chunkEdgePx(Math.max(heightPx, widthPx));
  const chunks = () => planes * Math.ceil(heightPx / edgePx) * Math.ceil(widthPx / edgePx);
  while (chunks() > MAX_CHUNKS_PER_SHARD) edgePx *= 2;

  const bytesPerPixel = BYTES_PER_PIXEL[dtype];
  const chunkHeightPx = Math.min(edgePx, heightPx);
  const chunkWidthPx = Math.min(edgePx, widthPx);
  const chunkRows = Math.ceil(heightPx / chunkHeightPx);
  const chunkColumns = Math.ceil(widthPx / chunkWidthPx);
  const chunkBytes = chunkHeightPx * chunkWidthPx * bytesPerPixel;
  const tiledBytes = planes * chunkBytes * chunkRows * chunkColumns;
  const fitting = Math.min(MAX_CHUNKS_PER_SHARD / chunks(), MAX_SHARD_BYTES / tiledBytes);
  return {
    heightPx,
    widthPx,
    planes: { c, z },
    strides,
    bytesPerPixel,
    chunkHeightPx,
    chunkWidthPx,
    chunkRows,
    chunkColumns,
    chunkBytes,
    frameBytes: planes * heightPx * widthPx * bytesPerPixel,
    tiledBytes,
    framesPerShard: Math.max(1, Math.floor(fitting)),
  };
}

/** The geometry of a frame whose planes are half as large along y and x; those of an odd length are rounded up. */
export function halvedGeometry(dtype: PixelType, { heightPx, widthPx, planes }: FrameGeometry): FrameGeometry {
  const half = (length: number) => Math.ceil(length / 2);
  return frameGeometry(dtype, [planes.c, planes.z, half(heightPx), half(widthPx)], PLANE_AXES);
}

/** True when the planes of a frame lie in memory as they do in the store: one after the other, by channel, rows without gaps. */
export function isPlanar({ heightPx, widthPx, planes, strides }: FrameGeometry): boolean {
  return (
    strides.x === 1 &&
    (heightPx === 1 || strides.y === widthPx) &&
    (planes.z === 1 || strides.z === heightPx * widthPx) &&
    (planes.c === 1 || strides.c === planes.z * heightPx * widthPx)
  );
}

/** The axes that a camera gave with its array; undefined: none. @throws RedsunError `store/shape`. */
export function frameAxesOf(name: string, extra: Readonly<Record<string, unknown>>): readonly PlaneAxis[] | undefined {
  const { axes } = extra;
  if (axes === undefined || axes === null) return undefined;
  const known: readonly unknown[] = PLANE_AXES;
  if (Array.isArray(axes) && axes.every((axis) => known.includes(axis))) return axes as PlaneAxis[];
  throw new RedsunError('store/shape', `${name}: frame axes ${JSON.stringify(axes)}; expected some of c, z, y, x`);
}

/** The axes of a frame whose camera names none. */
export function defaultAxes(shape: readonly number[]): readonly PlaneAxis[] {
  const last = shape.at(-1) ?? 0;
  const coloured = shape.length > 2 && (last === 3 || last === 4);
  if (coloured) return shape.length === 3 ? ['y', 'x', 'c'] : ['z', 'y', 'x', 'c'];
  return PLANE_AXES.slice(-shape.length);
}

/** Of a chunk, before the frame bounds it. */
function chunkEdgePx(longestPx: number): number {
  // One chunk: nothing is padded, and the frame is written as it lies in memory.
  if (longestPx <= 512) return 512;
  return longestPx >= 2048 ? 512 : 256;
}

function axisLengths(shape: readonly number[], axes: readonly PlaneAxis[]) {
  const complete = axes.includes('y') && axes.includes('x') && new Set(axes).size === axes.length;
  if (shape.length !== axes.length || !complete || !shape.every(isLength)) {
    throw new RedsunError(
      'store/shape',
      `frames must have shape [height, width] of positive integers, with planes or colours beside them; ` +
        `not [${shape.join(', ')}] along ${axes.join(', ') || 'no axis'}`,
    );
  }
  const sizes = { c: 1, z: 1, y: 1, x: 1 };
  const strides = { c: 0, z: 0, y: 0, x: 0 };
  let stride = 1;
  for (let at = shape.length - 1; at >= 0; at--) {
    const axis = axes[at] as PlaneAxis;
    sizes[axis] = shape[at] as number;
    strides[axis] = stride;
    stride *= shape[at] as number;
  }
  return { sizes, strides };
}

function isLength(value: number | undefined): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}
