import type { ImageDescription, StoreDescription } from '../../shared/stores/index.ts';

export interface ImageChannelInfo {
  readonly name: string;
  readonly colour: string;
  readonly window: { readonly start: number; readonly end: number } | null;
}

/** An axis with a slider. */
export interface SliderAxis {
  readonly name: string;
  readonly label: string;
  /** In the array's shape. */
  readonly index: number;
  readonly size: number;
  readonly scale: number;
  readonly unit: string | null;
}

/** Given to channels without a colour, in this order. */
const PALETTE = ['#3ddc84', '#4f95ff', '#f062c0', '#ffc53d', '#35c8f0', '#ff8a3d'];
const GREY = '#c9ced4';
const AXIS_LABELS: Readonly<Record<string, string>> = { t: 'Time', z: 'Z', p: 'Position', c: 'Channel' };
/** Levels with more pixels are shown by a coarser one. */
const MOST_PIXELS = 4096 * 4096;

/** Every axis but y, x and the channels. */
export function sliderAxes(image: ImageDescription): readonly SliderAxis[] {
  return image.axes
    .slice(0, -2)
    .map((axis, index) => ({ ...axis, index, label: AXIS_LABELS[axis.name] ?? axis.name }))
    .filter((axis) => !isChannelAxis(axis) && axis.size > 1);
}

export function channelAxisOf(image: ImageDescription): { readonly name: string; readonly size: number } | null {
  return image.axes.slice(0, -2).find(isChannelAxis) ?? null;
}

/** One entry per channel, named and coloured even where the store says nothing. */
export function channelsOf(image: ImageDescription): readonly ImageChannelInfo[] {
  const count = channelAxisOf(image)?.size ?? 1;
  return Array.from({ length: count }, (_, index) => {
    const known = image.channels?.[index];
    const colour = known && /^#[0-9a-f]{6}$/i.test(known.colour) ? known.colour : null;
    return {
      name: known?.label || (count === 1 ? 'Image' : `Channel ${index + 1}`),
      colour: colour ?? (count === 1 ? GREY : (PALETTE[index % PALETTE.length] ?? GREY)),
      window: known?.window ?? null,
    };
  });
}

/** The finest level that a window can show. */
export function shownLevel(image: ImageDescription): number {
  const level = image.levels.findIndex(
    ({ shape }) => (shape[shape.length - 1] ?? 1) * (shape[shape.length - 2] ?? 1) <= MOST_PIXELS,
  );
  return level === -1 ? Math.max(0, image.levels.length - 1) : level;
}

/** um per pixel of the finest level; null where the store has no length unit. */
export function umPerPxOf(image: ImageDescription): number | null {
  const axis = image.axes[image.axes.length - 1];
  const factor = { nanometer: 1e-3, micrometer: 1, millimeter: 1e3, meter: 1e6 }[axis?.unit ?? ''];
  return axis && factor !== undefined ? axis.scale * factor : null;
}

/** Images that are one camera's positions, by name `camera_p3`; others stand alone. */
export interface ImageFamily {
  readonly name: string;
  /** Indices into the store's images, in order of position. */
  readonly images: readonly number[];
}

export function familiesOf(store: StoreDescription): readonly ImageFamily[] {
  const families = new Map<string, number[]>();
  store.images.forEach((image, index) => {
    const name = image.path || image.name;
    // The fields of a plate are positions of one camera.
    const family = store.layout === 'plate' ? (store.plate?.name ?? 'Plate') : (/^(.+)_p\d+$/.exec(name)?.[1] ?? name);
    const images = families.get(family);
    if (images) images.push(index);
    else families.set(family, [index]);
  });
  return [...families].map(([name, images]) => ({ name: name || 'Image', images }));
}

/** A well of a plate and its fields. */
export interface PlateWell {
  /** `A1` */
  readonly name: string;
  /** Indices into the store's images, in order of fields. */
  readonly images: readonly number[];
}

/** The wells that have something to show; none where the store is no plate. */
export function wellsOf(store: StoreDescription): readonly PlateWell[] {
  const indexOf = new Map(store.images.map(({ path }, index) => [path, index]));
  return (store.plate?.wells ?? [])
    .map(({ path, fields }) => ({
      name: path.replaceAll('/', ''),
      images: fields.flatMap((field) => indexOf.get(field) ?? []),
    }))
    .filter(({ images }) => images.length > 0);
}

/** A line of a run's journal, as far as it is shown. */
export interface JournalFrame {
  readonly frame: number;
  readonly time: number | null;
  readonly asked: Readonly<Record<string, unknown>>;
  readonly read: Readonly<Record<string, unknown>>;
  readonly changed: Readonly<Record<string, unknown>>;
  readonly crc32c: string | null;
}

/** Finds the journal's line of a plane. */
export class Journal {
  #frames = new Map<string, JournalFrame>();
  readonly size: number;

  constructor(lines: readonly Readonly<Record<string, unknown>>[]) {
    for (const line of lines) {
      if (typeof line.array !== 'string' || typeof line.frame !== 'number') continue;
      const index = recordOf(line.index);
      this.#frames.set(keyOf(line.array, index), {
        frame: line.frame,
        time: typeof line.time === 'number' ? line.time : null,
        asked: recordOf(line.asked),
        read: recordOf(line.read),
        changed: recordOf(line.changed),
        crc32c: typeof line.crc32c === 'string' ? line.crc32c : null,
      });
    }
    this.size = this.#frames.size;
  }

  /** @param array - path of the array; `index` by axis, a missing one is 0. */
  find(array: string, index: Readonly<Record<string, unknown>>): JournalFrame | null {
    return this.#frames.get(keyOf(array, index)) ?? null;
  }
}

function keyOf(array: string, index: Readonly<Record<string, unknown>>): string {
  return `${array} ${index.t ?? 0} ${index.c ?? 0} ${index.z ?? 0}`;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isChannelAxis(axis: { readonly name: string; readonly type: string | null }): boolean {
  return axis.type === 'channel' || (axis.type === null && axis.name === 'c');
}
