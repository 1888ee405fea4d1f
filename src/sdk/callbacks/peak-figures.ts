/** A straight line: `m * x + b`. */
export interface LinearBackground {
  /** Slope. */
  readonly m: number;
  /** Height at x = 0. */
  readonly b: number;
}

/** What is known of a peak, in the units of x and y. */
export interface PeakFigures {
  /** x of the centre of mass. Infinities end at the first and last x, as the mass of a curve below zero lies anywhere. */
  readonly com: number;
  /** Mean x of the crossings: the middle of the peak; null without one. */
  readonly cen: number | null;
  /** Place of the greatest y: x and the y that was measured. */
  readonly max: readonly [x: number, y: number];
  /** Place of the least y: x and the y that was measured. */
  readonly min: readonly [x: number, y: number];
  /** x where y crosses the middle between its least and its greatest value; null without one. */
  readonly crossings: readonly number[] | null;
  /** From the first crossing to the last; null with fewer than two. */
  readonly fwhm: number | null;
  /** What was taken off before; null: nothing. */
  readonly lin_bkg: LinearBackground | null;
}

/** Where the mass of an array of `shape` lies, in indices, C order. Default: a row. */
export function centerOfMass(values: ArrayLike<number>, shape: readonly number[] = [values.length]): number[] {
  const moments = shape.map(() => 0);
  let mass = 0;
  const place = shape.map(() => 0);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    mass += value;
    for (let axis = 0; axis < shape.length; axis++) moments[axis]! += value * place[axis]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++place[axis]! < shape[axis]!) break;
      place[axis] = 0;
    }
  }
  return moments.map((moment) => moment / mass);
}

/**
 * Figures of the curve y over x, at least one point. @param edgeCount - so many points at each end make a line that is taken off
 * first; null: nothing is.
 */
export function peakFigures(x: ArrayLike<number>, y: ArrayLike<number>, edgeCount: number | null = null): PeakFigures {
  const xs = Array.from(x);
  const measured = Array.from(y);
  const background = edgeCount === null ? null : backgroundOf(xs, measured, edgeCount);
  const ys = background ? measured.map((value, at) => value - (background.m * xs[at]! + background.b)) : measured;
  const lowest = extreme(ys, (a, b) => a < b);
  const highest = extreme(ys, (a, b) => a > b);
  const crossings = crossingsOf(xs, ys, (ys[highest]! + ys[lowest]!) / 2);
  const [first] = crossings;
  return {
    com: interpolated(centerOfMass(ys)[0]!, xs),
    cen: crossings.length > 0 ? mean(crossings) : null,
    max: [xs[highest]!, measured[highest]!],
    min: [xs[lowest]!, measured[lowest]!],
    crossings: crossings.length > 0 ? crossings : null,
    fwhm: first !== undefined && crossings.length > 1 ? Math.abs(crossings.at(-1)! - first) : null,
    lin_bkg: background,
  };
}

function backgroundOf(xs: readonly number[], ys: readonly number[], count: number): LinearBackground {
  const [leftX, leftY] = [mean(xs.slice(0, count)), mean(ys.slice(0, count))];
  const [rightX, rightY] = [mean(xs.slice(-count)), mean(ys.slice(-count))];
  const m = (rightY - leftY) / (rightX - leftX);
  return { m, b: leftY - m * leftX };
}

function crossingsOf(xs: readonly number[], ys: readonly number[], middle: number): number[] {
  const crossings: number[] = [];
  for (let at = 0; at + 1 < ys.length; at++) {
    if (ys[at]! > middle === ys[at + 1]! > middle) continue;
    const height = ys[at]! - middle;
    const slope = (ys[at + 1]! - middle - height) / (xs[at + 1]! - xs[at]!);
    crossings.push(-height / slope + xs[at]!);
  }
  return crossings;
}

/** The first place where `beats` holds against all others; the first that is not a number wins. */
function extreme(values: readonly number[], beats: (a: number, b: number) => boolean): number {
  const lost = values.findIndex(Number.isNaN);
  if (lost >= 0) return lost;
  let best = 0;
  for (let at = 1; at < values.length; at++) if (beats(values[at]!, values[best]!)) best = at;
  return best;
}

/** The value between two entries; outside it is that of the end. */
function interpolated(index: number, values: readonly number[]): number {
  const last = values.length - 1;
  if (Number.isNaN(index)) return Number.NaN;
  if (index <= 0) return values[0]!;
  if (index >= last) return values[last]!;
  const at = Math.floor(index);
  return (values[at + 1]! - values[at]!) * (index - at) + values[at]!;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
