/** An axis of the microscope as frames tell of it. */
export interface StageAxis {
  /** By which frames name it. */
  readonly name: string;
  /** A read-back this near to its target is there, um. */
  readonly toleranceUm: number;
}

/** The axes that say where a picture was taken; null: the microscope has none, or nobody knows. */
export interface StageAxes {
  readonly x: StageAxis | null;
  readonly y: StageAxis | null;
  readonly z: StageAxis | null;
}

export const NO_AXES: StageAxes = { x: null, y: null, z: null };

/** Where the stage stood, um; null: nobody knows. */
export interface PlaceUm {
  readonly xUm: number | null;
  readonly yUm: number | null;
  readonly zUm: number | null;
}

/** Where and when a frame was taken. */
export interface FrameSeen {
  readonly index: { readonly t: number; readonly c: number; readonly z: number };
  /** Unix time, s, at the end of the exposure. */
  readonly time: number;
  readonly asked: Readonly<Record<string, unknown>>;
  readonly read: Readonly<Record<string, unknown>>;
}

/** What happened while the frames of an image came in, told in short: frames may come in any order. */
export class ImageCourse {
  readonly #axes: StageAxes;
  readonly #ranges = { x: newRange(), y: newRange() };
  #first: { readonly order: readonly number[]; readonly place: PlaceUm } | null = null;
  #earliest = { t: Number.POSITIVE_INFINITY, time: 0 };
  #latest = { t: -1, time: 0 };

  constructor(axes: StageAxes) {
    this.#axes = axes;
  }

  /** As many as there are up to the last that came. */
  get timePoints(): number {
    return this.#latest.t + 1;
  }

  /** Mean time between time points, s; null: there is one, or none. */
  get intervalS(): number | null {
    const passed = this.#latest.t - this.#earliest.t;
    return passed > 0 ? (this.#latest.time - this.#earliest.time) / passed : null;
  }

  /** Where its first plane was taken. An axis that went elsewhere for others of its frames is not known: one number is not true of all. */
  get placeUm(): PlaceUm | null {
    const place = this.#first?.place;
    if (!place) return null;
    return {
      xUm: stood(this.#ranges.x, this.#axes.x) ? place.xUm : null,
      yUm: stood(this.#ranges.y, this.#axes.y) ? place.yUm : null,
      zUm: place.zUm,
    };
  }

  note({ index: { t, c, z }, time, asked, read }: FrameSeen): void {
    if (t < this.#earliest.t) this.#earliest = { t, time };
    else if (t === this.#earliest.t) this.#earliest.time = Math.min(this.#earliest.time, time);
    if (t > this.#latest.t) this.#latest = { t, time };
    else if (t === this.#latest.t) this.#latest.time = Math.min(this.#latest.time, time);
    const at = (axis: StageAxis | null) => axis && whereUm(axis, asked[axis.name], read[axis.name]);
    const place = { xUm: at(this.#axes.x), yUm: at(this.#axes.y), zUm: at(this.#axes.z) };
    widen(this.#ranges.x, place.xUm);
    widen(this.#ranges.y, place.yUm);
    const order = [t, z, c];
    if (this.#first === null || comesBefore(order, this.#first.order)) this.#first = { order, place };
  }
}

/** Where an axis was asked to be, when it was there: read-backs tremble. Else what was read. */
function whereUm({ toleranceUm }: StageAxis, asked: unknown, read: unknown): number | null {
  const [target, readback] = [finite(asked), finite(read)];
  if (readback === null) return target;
  return target !== null && Math.abs(target - readback) <= toleranceUm ? target : readback;
}

/** The interval of the schedule where it was kept, to the hundredth; else the one that happened; null: neither is known. */
export function intervalOf(askedS: number | null, measuredS: number | null): number | null {
  const [asked, measured] = [positive(askedS), positive(measuredS)];
  if (measured === null) return asked;
  return asked !== null && Math.abs(measured - asked) <= KEPT * asked ? asked : measured;
}

/** Of an interval, what it may be off: frames are stamped when they are read out. */
const KEPT = 0.02;

interface Range {
  low: number;
  high: number;
}

function newRange(): Range {
  return { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
}

function widen(range: Range, value: number | null): void {
  if (value === null) return;
  range.low = Math.min(range.low, value);
  range.high = Math.max(range.high, value);
}

function stood({ low, high }: Range, axis: StageAxis | null): boolean {
  return axis !== null && high - low <= 2 * axis.toleranceUm;
}

function comesBefore(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at !== -1 && one[at]! < other[at]!;
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function positive(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value > 0 ? value : null;
}
