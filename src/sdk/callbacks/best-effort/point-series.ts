import type { CellNumber } from './run-data.ts';

/** What was added or has changed since it was last asked for. */
export interface PointsChange {
  readonly from: number;
  readonly stride: number;
  readonly points: readonly (readonly CellNumber[])[];
}

/** A point; `at` is the number of its event. */
export interface Point {
  readonly at: number;
  readonly values: readonly CellNumber[];
}

/**
 * Points of a plot in bounded memory. When there are more than `capacity`, half of them go and from then on fewer are taken in: which,
 * is the subclass' choice. `stride` says how many events one of them stands for.
 */
export abstract class PointSeries {
  readonly #capacity: number;
  protected points: Point[] = [];
  #stride = 1;
  /** So many points are known to whoever asks. */
  #told = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get stride(): number {
    return this.#stride;
  }

  get length(): number {
    return this.points.length;
  }

  /** Takes in the reading of an event. */
  abstract add(point: Point): void;
  /** Half of the points. */
  protected abstract halved(points: readonly Point[]): Point[];
  /** What is held back is forgotten from this event on. */
  protected abstract forget(at: number): void;

  protected push(...points: readonly Point[]): void {
    this.points.push(...points);
    while (this.points.length > this.#capacity) {
      this.points = this.halved(this.points);
      this.#stride *= 2;
      this.#told = 0;
    }
  }

  /** A plan was rewound: events from number `at` on come again. */
  rewind(at: number): void {
    this.forget(at);
    const kept = this.points.findIndex((point) => point.at >= at);
    if (kept < 0) return;
    this.points.length = kept;
    this.#told = Math.min(this.#told, kept);
  }

  /** Null: nothing new. */
  take(): PointsChange | null {
    if (this.#told === this.points.length) return null;
    const from = this.#told;
    this.#told = this.points.length;
    return { from, stride: this.#stride, points: columnsOf(this.points.slice(from)) };
  }
}

function columnsOf(points: readonly Point[]): CellNumber[][] {
  const width = points[0]?.values.length ?? 0;
  return Array.from({ length: width }, (_, column) => points.map(({ values }) => values[column] ?? null));
}

/** A curve: of each stretch the points with the least and the greatest y stay, so that no peak is lost. */
export class LineSeries extends PointSeries {
  #stretch: Point[] = [];

  add(point: Point): void {
    if (this.stride === 1) {
      this.push(point);
      return;
    }
    this.#stretch.push(point);
    if (this.#stretch.length < 2 * this.stride) return;
    const stretch = this.#stretch;
    this.#stretch = [];
    this.push(...extremes(stretch));
  }

  /** What is held back for a full stretch is shown, too. */
  finish(): void {
    const stretch = this.#stretch;
    this.#stretch = [];
    this.push(...extremes(stretch));
  }

  protected halved(points: readonly Point[]): Point[] {
    const halved: Point[] = [];
    for (let at = 0; at < points.length; at += 4) halved.push(...extremes(points.slice(at, at + 4)));
    return halved;
  }

  protected forget(at: number): void {
    this.#stretch = this.#stretch.filter((point) => point.at < at);
  }
}

/** The points with the least and the greatest y, in their order. */
function extremes(points: readonly Point[]): Point[] {
  let least: Point | null = null;
  let greatest: Point | null = null;
  for (const point of points) {
    const y = point.values[1] ?? null;
    if (y === null) continue;
    if (least === null || y < (least.values[1] as number)) least = point;
    if (greatest === null || y > (greatest.values[1] as number)) greatest = point;
  }
  if (least === null || greatest === null) return points.slice(0, 1);
  if (least === greatest) return [least];
  return least.at < greatest.at ? [least, greatest] : [greatest, least];
}

/** Points in a plane: every `stride`-th stays. */
export class ScatterSeries extends PointSeries {
  #seen = 0;

  add(point: Point): void {
    if (this.#seen++ % this.stride === 0) this.push(point);
  }

  protected halved(points: readonly Point[]): Point[] {
    return points.filter((_, index) => index % 2 === 0);
  }

  protected forget(_at: number): void {
    // Nothing is held back.
  }
}
