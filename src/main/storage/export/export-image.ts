import { RedsunError } from '../../../sdk/util/index.ts';
import {
  type ArrayInfo,
  type ByteSource,
  type ImageChannel,
  type ImageDescription,
  type RawPixels,
  readArray,
  readRawPlane,
  type StoreDtype,
} from '../../../shared/stores/index.ts';

/** Axes of an image that every format here knows, outermost first. */
export const PLANE_AXES = ['t', 'c', 'z'] as const;
export type PlaneAxis = (typeof PLANE_AXES)[number];

/** Distance between neighbours along an axis; unit as NGFF spells it, null: nobody knows. */
export interface AxisScale {
  readonly scale: number;
  readonly unit: string | null;
}

/** An image as a row of planes: z goes fastest, then c, then t. */
export interface ExportImage {
  /** Of its group in the store. */
  readonly path: string;
  readonly name: string;
  readonly dtype: StoreDtype;
  readonly sizes: Readonly<Record<PlaneAxis, number>>;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly scales: Readonly<Record<PlaneAxis | 'y' | 'x', AxisScale>>;
  readonly channels: readonly ImageChannel[] | null;
  readonly planeCount: number;
  /** Elements of a plane as they are stored, C order. */
  readPlane(plane: number, signal?: AbortSignal): Promise<RawPixels>;
}

/** @throws RedsunError `export/unsupported-axes` when the image has more axes than t, c, z, y and x, or other ones twice. */
export async function exportImage(
  source: ByteSource,
  image: ImageDescription,
  signal?: AbortSignal,
): Promise<ExportImage> {
  const array = await readArray(source, image.levels[0]?.path ?? image.path, signal);
  const letters = lettersOf(image);
  const scaleOf = (letter: string): AxisScale => {
    const axis = image.axes[letters.indexOf(letter)];
    return axis ? { scale: axis.scale, unit: axis.unit } : { scale: 1, unit: null };
  };
  const sizeOf = (letter: string) => array.shape[letters.indexOf(letter)] ?? 1;
  const sizes = { t: sizeOf('t'), c: sizeOf('c'), z: sizeOf('z') };
  return {
    path: image.path,
    name: image.name,
    dtype: array.dtype,
    sizes,
    widthPx: sizeOf('x'),
    heightPx: sizeOf('y'),
    scales: { t: scaleOf('t'), c: scaleOf('c'), z: scaleOf('z'), y: scaleOf('y'), x: scaleOf('x') },
    channels: image.channels,
    planeCount: sizes.t * sizes.c * sizes.z,
    readPlane: (plane, readSignal) => readRawPlane(source, array, leadingOf(plane, sizes, letters, array), readSignal),
  };
}

/** Index along the array's own leading axes of the plane with that number. */
function leadingOf(
  plane: number,
  sizes: ExportImage['sizes'],
  letters: readonly string[],
  { shape }: ArrayInfo,
): number[] {
  const index: Record<string, number> = {
    z: plane % sizes.z,
    c: Math.floor(plane / sizes.z) % sizes.c,
    t: Math.floor(plane / (sizes.z * sizes.c)),
  };
  return letters.slice(0, Math.max(0, shape.length - 2)).map((letter) => index[letter] ?? 0);
}

/** A letter for each axis of the image: by its name, else its type, else those of t, c and z that are left, in order. */
export function lettersOf({ axes, path }: ImageDescription): string[] {
  const letters = axes.map(({ name, type }, at) => {
    if (at === axes.length - 1) return 'x';
    if (at === axes.length - 2) return 'y';
    const lower = name.toLowerCase();
    if (PLANE_AXES.some((letter) => letter === lower)) return lower;
    return { time: 't', channel: 'c', space: 'z' }[type ?? ''] ?? '';
  });
  for (const [at, letter] of letters.entries()) {
    if (letter === '') letters[at] = PLANE_AXES.find((free) => !letters.includes(free)) ?? '?';
  }
  if (new Set(letters).size !== letters.length || letters.includes('?') || axes.some(isMisplaced)) {
    const names = axes.map(({ name }) => name).join(', ');
    throw new RedsunError(
      'export/unsupported-axes',
      `${path || 'the image'}: axes [${names}] cannot be exported; t, c, z, y, x can, with y and x last`,
    );
  }
  return letters;
}

function isMisplaced({ name }: { readonly name: string }, at: number, axes: readonly unknown[]): boolean {
  return (name === 'x' && at !== axes.length - 1) || (name === 'y' && at !== axes.length - 2);
}
