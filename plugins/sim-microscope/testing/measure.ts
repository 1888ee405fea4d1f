import type { Picture } from './microscope.ts';

export function meanOf(values: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    sum += value;
    count++;
  }
  return sum / count;
}

/** Pearson's coefficient between two pictures of a size. */
export function correlation(a: Picture, b: Picture): number {
  return correlationAt(a, b, 0, 0);
}

/** Of picture `a` with picture `b` where `b` shows (x + dx, y + dy) of `a` at (x, y), over the part that they share. */
export function correlationAt(a: Picture, b: Picture, dx: number, dy: number): number {
  let [count, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let y = Math.max(0, -dy); y < Math.min(a.heightPx, a.heightPx - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(a.widthPx, a.widthPx - dx); x++) {
      const valueA = a.pixels[(y + dy) * a.widthPx + x + dx]!;
      const valueB = b.pixels[y * b.widthPx + x]!;
      count++;
      sumA += valueA;
      sumB += valueB;
      sumAA += valueA * valueA;
      sumBB += valueB * valueB;
      sumAB += valueA * valueB;
    }
  }
  const covariance = sumAB - (sumA * sumB) / count;
  return covariance / Math.sqrt((sumAA - sumA ** 2 / count) * (sumBB - sumB ** 2 / count));
}

/** The shift (dx, dy) within `reachPx` of `aboutPx` at which `b` is most like `a`. */
export function bestShift(
  a: Picture,
  b: Picture,
  aboutPx: readonly [number, number],
  reachPx: number,
): readonly [dx: number, dy: number] {
  let best = { dx: 0, dy: 0, score: -1 };
  for (let dy = aboutPx[1] - reachPx; dy <= aboutPx[1] + reachPx; dy++) {
    for (let dx = aboutPx[0] - reachPx; dx <= aboutPx[0] + reachPx; dx++) {
      const score = correlationAt(a, b, dx, dy);
      if (score > best.score) best = { dx, dy, score };
    }
  }
  return [best.dx, best.dy];
}

/** Variance of the Laplacian over the squared mean: high where the picture is sharp. */
export function sharpness({ pixels, widthPx, heightPx }: Picture): number {
  let [sum, sumOfSquares, count] = [0, 0, 0];
  for (let y = 1; y < heightPx - 1; y++) {
    for (let x = 1; x < widthPx - 1; x++) {
      const at = y * widthPx + x;
      const laplacian =
        4 * pixels[at]! - pixels[at - 1]! - pixels[at + 1]! - pixels[at - widthPx]! - pixels[at + widthPx]!;
      sum += laplacian;
      sumOfSquares += laplacian ** 2;
      count++;
    }
  }
  return (sumOfSquares / count - (sum / count) ** 2) / meanOf(pixels) ** 2;
}

/** Mean of a rectangle of pixels. */
export function meanWithin(picture: Picture, x: number, y: number, width: number, height: number): number {
  let sum = 0;
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) sum += picture.pixels[row * picture.widthPx + column]!;
  }
  return sum / (width * height);
}
