import {
  FRAME_AXES,
  type FrameIndex,
  type FrameLayout,
  frameIndexOf,
  type LayoutPosition,
  type SourceInfo,
} from '../../../sdk/storage/index.ts';
import { RedsunError } from '../../../sdk/util/index.ts';
import type { Compression } from '../../../shared/config/compression.ts';
import { isReservedName, safeName } from '../target/safe-name.ts';
import { type FrameGeometry, frameAxesOf, frameGeometry, halvedGeometry } from './frame-geometry.ts';

/** Frames along the axes of an image; t is null when nobody knows how many time points come. */
export interface ImageSizes {
  readonly t: number | null;
  readonly c: number;
  readonly z: number;
}

/** One resolution of an image: an array. */
export interface LevelPlan {
  readonly arrayPath: string;
  readonly geometry: FrameGeometry;
  /** Frames along each axis that share a shard. */
  readonly shard: { readonly t: number; readonly c: number; readonly z: number };
}

/** One image of the store: one camera at one position. */
export interface ImagePlan {
  /** Path of the image's group in the store; empty when it is the only image. */
  readonly groupPath: string;
  /** Of the finest level. */
  readonly arrayPath: string;
  readonly source: SourceInfo;
  readonly positionIndex: number;
  readonly position: LayoutPosition | null;
  readonly layout: FrameLayout | null;
  /** Of the finest level. */
  readonly geometry: FrameGeometry;
  readonly sizes: ImageSizes;
  /** The finest first. */
  readonly levels: readonly [LevelPlan, ...LevelPlan[]];
  readonly compression: Compression;
}

/** How frames are stored, whatever they show. */
export interface StorageFormat {
  readonly compression: Compression;
  /** Resolutions of each image, the full one included. */
  readonly levels: number;
}

/** Where a frame goes. */
export interface FramePlace {
  readonly image: ImagePlan;
  readonly t: number;
  readonly p: number;
  readonly c: number;
  readonly z: number;
}

/** What the frames of a source need to find their place. */
export interface SourcePlan {
  readonly source: SourceInfo;
  readonly layout: FrameLayout | null;
  /** By position. */
  readonly images: readonly ImagePlan[];
}

/** The images that a run makes. @param capacities - frames that were announced by name of source; 0: unknown. */
export function planImages(
  sources: readonly SourceInfo[],
  capacities: ReadonlyMap<string, number>,
  format: StorageFormat,
): SourcePlan[] {
  const layouts = sources.map(layoutOf);
  const imageCount = layouts.reduce((sum, layout) => sum + positionCount(layout), 0);
  const onPlate = sources.length === 1 && isPlate(layouts[0] ?? null);
  const taken = new Set(['ome']);
  return sources.map((source, at) => {
    const layout = layouts[at] ?? null;
    const geometry = frameGeometry(source.dtype, source.shape, frameAxesOf(source.name, source.extra));
    const sizes = imageSizes(layout, capacities.get(source.name) ?? 0);
    const folder = uniqueName(safeName(source.name.replace(/[^A-Za-z0-9._-]/g, '_')), taken);
    const positions = positionCount(layout);
    const fields = new Map<string, number>();
    const images = Array.from({ length: positions }, (_, positionIndex): ImagePlan => {
      const groupPath = onPlate
        ? fieldPath(layout?.positions[positionIndex], fields)
        : imageCount === 1
          ? ''
          : positions === 1
            ? folder
            : `${folder}_p${positionIndex}`;
      const levels = levelPlans(groupPath, source, geometry, layout, sizes, format.levels);
      return {
        groupPath,
        arrayPath: levels[0].arrayPath,
        source,
        positionIndex,
        position: layout?.positions[positionIndex] ?? null,
        layout,
        geometry,
        sizes,
        levels,
        compression: format.compression,
      };
    });
    return { source, layout, images };
  });
}

/**
 * The place of frame `frameNumber`: `index` when it is given, else row-major in the order of the layout.
 * @throws RedsunError `store/over-capacity` for a frame outside the declared sizes.
 */
export function placeOf(plan: SourcePlan, frameNumber: number, index: FrameIndex | undefined): FramePlace {
  const { t = 0, p = 0, c = 0, z = 0 } = index ?? frameIndexOf(plan.layout, frameNumber);
  const image = plan.images[p];
  const inside = image && within(t, image.sizes.t) && within(c, image.sizes.c) && within(z, image.sizes.z);
  if (!inside) {
    const first = plan.images[0];
    const { t: sizeT, c: sizeC, z: sizeZ } = first?.sizes ?? { t: 0, c: 0, z: 0 };
    throw new RedsunError(
      'store/over-capacity',
      `${plan.source.name}: frame ${frameNumber} at t ${t}, p ${p}, c ${c}, z ${z} is outside the declared ` +
        `${sizeT ?? 'any'} time points, ${plan.images.length} positions, ${sizeC} channels, ${sizeZ} planes`,
    );
  }
  return { image, t, p, c, z };
}

/** True when every position is in a well. With several cameras a field would be several images, which a plate cannot say. */
export function isPlate(layout: FrameLayout | null): boolean {
  const { positions = [] } = layout ?? {};
  return (
    positions.length > 0 && positions.length === positionCount(layout) && positions.every(({ well }) => isWell(well))
  );
}

/** Fields of a well are counted in the order they are visited. @param fields - by well, how many there are so far. */
function fieldPath(position: LayoutPosition | undefined, fields: Map<string, number>): string {
  const well = `${position?.well?.row}/${position?.well?.column}`;
  const field = fields.get(well) ?? 0;
  fields.set(well, field + 1);
  return `${well}/${field}`;
}

/** Names of wells become folders. */
function isWell(well: unknown): boolean {
  if (typeof well !== 'object' || well === null) return false;
  const { row, column } = well as Partial<Record<'row' | 'column', unknown>>;
  return [row, column].every(
    (name) => typeof name === 'string' && /^[A-Za-z0-9]{1,64}$/.test(name) && !isReservedName(name),
  );
}

function within(index: number, size: number | null): boolean {
  return Number.isInteger(index) && index >= 0 && (size === null || index < size);
}

function positionCount(layout: FrameLayout | null): number {
  return Math.max(1, layout?.sizes.p ?? layout?.positions.length ?? 1);
}

function imageSizes(layout: FrameLayout | null, capacity: number): ImageSizes {
  if (!layout) return { t: capacity > 0 ? capacity : null, c: 1, z: 1 };
  const { t, c, z } = layout.sizes;
  return {
    t: layout.order.includes('t') ? t : (t ?? 1),
    c: Math.max(1, c ?? layout.channels.length),
    z: Math.max(1, z ?? 1),
  };
}

/** As many levels as asked for, but none smaller than a pixel. */
function levelPlans(
  groupPath: string,
  { dtype }: SourceInfo,
  geometry: FrameGeometry,
  layout: FrameLayout | null,
  sizes: ImageSizes,
  count: number,
): [LevelPlan, ...LevelPlan[]] {
  const level = (at: number, own: FrameGeometry): LevelPlan => ({
    arrayPath: groupPath === '' ? `${at}` : `${groupPath}/${at}`,
    geometry: own,
    shard: shardExtents(layout, sizes, own.framesPerShard),
  });
  const levels: [LevelPlan, ...LevelPlan[]] = [level(0, geometry)];
  let finer = geometry;
  while (levels.length < count && (finer.heightPx > 1 || finer.widthPx > 1)) {
    finer = halvedGeometry(dtype, finer);
    levels.push(level(levels.length, finer));
  }
  return levels;
}

/** The axis that changes fastest fills a shard first, so that as few shards as possible are open at a time. */
function shardExtents(layout: FrameLayout | null, sizes: ImageSizes, framesPerShard: number) {
  const extents = { t: 1, c: 1, z: 1 };
  const declared = (layout?.order ?? ['t']).filter((axis) => axis !== 'p').reverse();
  const fastestFirst = [...declared, ...(['z', 'c', 't'] as const).filter((axis) => !declared.includes(axis))];
  let room = framesPerShard;
  for (const axis of fastestFirst) {
    extents[axis] = Math.max(1, Math.min(sizes[axis] ?? room, room));
    room = Math.floor(room / extents[axis]);
  }
  return extents;
}

function layoutOf(source: SourceInfo): FrameLayout | null {
  const layout = source.extra.layout;
  if (layout === undefined || layout === null) return null;
  if (!isFrameLayout(layout)) {
    throw new RedsunError('store/layout', `${source.name}: the layout of its frames is malformed`);
  }
  const inner = layout.order.slice(1).find((axis) => layout.sizes[axis] === null);
  if (inner !== undefined) {
    throw new RedsunError(
      'store/layout',
      `${source.name}: the length of axis ${inner} is unknown, which only the outermost axis (${layout.order[0]}) may be`,
    );
  }
  return layout;
}

function isFrameLayout(value: unknown): value is FrameLayout {
  if (typeof value !== 'object' || value === null) return false;
  const { order, sizes, channels, positions } = value as Partial<Record<keyof FrameLayout, unknown>>;
  if (!Array.isArray(order) || !Array.isArray(channels) || !Array.isArray(positions)) return false;
  if (typeof sizes !== 'object' || sizes === null) return false;
  const axes: readonly unknown[] = FRAME_AXES;
  const knownSize = (size: unknown) =>
    size === null || size === undefined || (Number.isInteger(size) && Number(size) >= 0);
  return (
    order.every((axis) => axes.includes(axis)) &&
    new Set(order).size === order.length &&
    Object.values(sizes).every(knownSize)
  );
}

function uniqueName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  // Disks of Windows and macOS do not tell capitals from small letters.
  for (let suffix = 2; taken.has(name.toLowerCase()); suffix++) name = `${wanted}_${suffix}`;
  taken.add(name.toLowerCase());
  return name;
}
