/** One channel of a picture, ready to be drawn. */
export interface ImageLayer {
  readonly name: string;
  /** C order, `heightPx` x `widthPx`. */
  readonly data: Uint16Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Place of the first data pixel in the image, px; absent: its corner. */
  readonly x?: number;
  readonly y?: number;
  /** Image pixels per data pixel along each side. */
  readonly step: number;
  /** Counts of `data` = (value - offset) / factor; 0 and 1 for unsigned integers up to 16 bit. */
  readonly offset: number;
  readonly factor: number;
  /** Values as stored, where `data` is only their likeness. */
  readonly values?: ArrayLike<number>;
  readonly display: LayerDisplay;
}

export interface LayerDisplay {
  /** `#rrggbb` */
  readonly colour: string;
  readonly low: number;
  readonly high: number;
  readonly gamma: number;
  readonly visible: boolean;
}

/** `#3ddc84` as 0..1 each. */
export function rgbOf(colour: string): readonly [red: number, green: number, blue: number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Value at an image pixel, or null where there is none; with a `step` of n the mean of the n x n pixels around it. */
export function valueAt(layer: ImageLayer, x: number, y: number): number | null {
  const column = Math.floor((x - (layer.x ?? 0)) / layer.step);
  const row = Math.floor((y - (layer.y ?? 0)) / layer.step);
  if (column < 0 || row < 0 || column >= layer.widthPx || row >= layer.heightPx) return null;
  const index = row * layer.widthPx + column;
  if (layer.values) return layer.values[index] ?? null;
  const counts = layer.data[index];
  return counts === undefined ? null : counts * layer.factor + layer.offset;
}
