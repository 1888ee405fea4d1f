/** Labels of one plane, over the whole picture whatever its resolution. */
export interface LabelPicture {
  /** C order, `heightPx` x `widthPx`. */
  readonly data: ArrayLike<number>;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Degrees between hues of neighbouring numbers: the golden angle, so that none of the next ones looks alike. */
const GOLDEN_ANGLE_DEG = 137.508;
const LIGHTNESS = 0.58;
const SATURATION = 0.75;

/** The label at a pixel of a picture of that size, or null outside. */
export function labelAt(picture: LabelPicture, x: number, y: number, image: { width: number; height: number }) {
  const column = Math.floor((x * picture.widthPx) / image.width);
  const row = Math.floor((y * picture.heightPx) / image.height);
  if (column < 0 || row < 0 || column >= picture.widthPx || row >= picture.heightPx) return null;
  return picture.data[row * picture.widthPx + column] ?? null;
}

/** RGBA of a picture of labels: the store's colours, else one of our own per number; 0 is nothing unless the store colours it. */
export function labelPixels(
  { data, widthPx, heightPx }: LabelPicture,
  colours: Readonly<Record<number, string>>,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * widthPx * heightPx);
  const known = new Map<number, readonly [number, number, number, number]>();
  for (let at = 0; at < data.length; at++) {
    const label = data[at] as number;
    let rgba = known.get(label);
    if (!rgba) {
      rgba = rgbaOf(label, colours[label]);
      known.set(label, rgba);
    }
    if (rgba[3] > 0) pixels.set(rgba, 4 * at);
  }
  return pixels;
}

/** @param colour - `#rrggbbaa`, as the store says. */
export function rgbaOf(label: number, colour: string | undefined): readonly [number, number, number, number] {
  if (colour !== undefined) {
    const value = Number.parseInt(colour.slice(1), 16);
    return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  }
  if (label === 0) return [0, 0, 0, 0];
  const hue = (((label * GOLDEN_ANGLE_DEG) % 360) + 360) % 360;
  const chroma = (1 - Math.abs(2 * LIGHTNESS - 1)) * SATURATION;
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (LIGHTNESS - (chroma / 2) * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4), 255];
}
