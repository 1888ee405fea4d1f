/** Pixels of a camera, C order. */
export interface SourcePixels {
  readonly data: Uint8Array | Uint16Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What somebody wants to see of a frame. */
export interface PictureAsked {
  /** Part of the frame, px of the frame; null: all of it. */
  readonly region: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  } | null;
  /** Pixels of the frame along each side of a pixel of the picture. */
  readonly step: number;
  /** Where `step` would give more, a larger one is taken. */
  readonly maxPixels: number;
}

/** A part of a frame as it goes to a screen. */
export interface MadePicture {
  /** Place of the first pixel in the frame, px; multiples of `step`. */
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly step: number;
  /** C order. With `step` n each is the mean of n x n pixels, half counts up; at the right and lower edge of those that there are. */
  readonly pixels: Uint16Array;
}

interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The part of a frame that was asked for. Blocks of pixels are counted from the frame's corner, so that a picture of another part has the
 * same ones. A part that lies outside, as of a camera whose frame has become smaller, gives the whole frame.
 * @param memory - for so many pixels; default: new memory
 */
export function makePicture(
  source: SourcePixels,
  asked: PictureAsked,
  memory: (pixels: number) => Uint16Array = (pixels) => new Uint16Array(pixels),
): MadePicture {
  const { widthPx, heightPx } = source;
  const wanted = within(source, asked.region);
  const least = Math.ceil(Math.sqrt((wanted.width * wanted.height) / Math.max(1, asked.maxPixels)));
  const step = Math.max(1, Math.floor(asked.step), least);
  const x = Math.floor(wanted.x / step) * step;
  const y = Math.floor(wanted.y / step) * step;
  const right = Math.min(widthPx, Math.ceil((wanted.x + wanted.width) / step) * step);
  const bottom = Math.min(heightPx, Math.ceil((wanted.y + wanted.height) / step) * step);
  const part: Part = { x, y, width: right - x, height: bottom - y };
  const [columns, rows] = [Math.ceil(part.width / step), Math.ceil(part.height / step)];
  const pixels = memory(columns * rows);
  if (step === 1) crop(source, part, pixels);
  else average(source, part, step, pixels);
  return { x, y, widthPx: columns, heightPx: rows, step, pixels };
}

function within({ widthPx, heightPx }: SourcePixels, region: PictureAsked['region']): Part {
  const whole = { x: 0, y: 0, width: widthPx, height: heightPx };
  if (region === null) return whole;
  const x = Math.min(widthPx, Math.max(0, Math.floor(region.x)));
  const y = Math.min(heightPx, Math.max(0, Math.floor(region.y)));
  const width = Math.min(widthPx, Math.ceil(region.x + region.width)) - x;
  const height = Math.min(heightPx, Math.ceil(region.y + region.height)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : whole;
}

function crop({ data, widthPx }: SourcePixels, { x, y, width, height }: Part, pixels: Uint16Array): void {
  if (width === widthPx) {
    pixels.set(data.subarray(y * widthPx, (y + height) * widthPx));
    return;
  }
  for (let row = 0; row < height; row++) {
    const from = (y + row) * widthPx + x;
    pixels.set(data.subarray(from, from + width), row * width);
  }
}

function average({ data, widthPx }: SourcePixels, part: Part, step: number, pixels: Uint16Array): void {
  const columns = Math.ceil(part.width / step);
  const rows = Math.ceil(part.height / step);
  const whole = Math.floor(part.width / step);
  const rest = part.width - whole * step;
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const lines = Math.min(step, part.height - row * step);
    sums.fill(0);
    for (let line = 0; line < lines; line++) {
      let at = (part.y + row * step + line) * widthPx + part.x;
      for (let column = 0; column < whole; column++) {
        let sum = 0;
        for (const end = at + step; at < end; at++) sum += data[at]!;
        sums[column] = sums[column]! + sum;
      }
      for (let left = 0; left < rest; left++) sums[whole] = sums[whole]! + data[at + left]!;
    }
    for (let column = 0; column < columns; column++) {
      const counted = lines * (column < whole ? step : rest);
      pixels[row * columns + column] = Math.floor(sums[column]! / counted + 0.5);
    }
  }
}
