import { ValueError } from '../util/errors.ts';
import type { ScanAxis } from './acquire.ts';
import { Cycler, outerProduct } from './cycler.ts';

/** From where to where an axis moves. */
export interface AxisRange<Axis = ScanAxis> {
  /** What moves. */
  readonly axis: Axis;
  /** First value, in its unit. */
  readonly start: number;
  /** Last value, in its unit. */
  readonly stop: number;
}

/** An axis of a mesh. */
export interface GridAxis<Axis = ScanAxis> extends AxisRange<Axis> {
  /** How many points. */
  readonly num: number;
  /** Turns round at each end of a line. Not for the slowest. Default false. */
  readonly snake?: boolean;
}

/** Places that an axis goes to, one after the other. */
export interface AxisPositions<Axis = ScanAxis> {
  /** What moves. */
  readonly axis: Axis;
  /** In its unit. */
  readonly positions: readonly unknown[];
}

/** Which axes turn round at each end of a line: none, all but the slowest, or these. */
export type SnakeAxes = boolean | readonly ScanAxis[];

/** `num` values from `start` to `stop`, both of them among them, as numpy has them. */
export function linspace(start: number, stop: number, num: number): number[] {
  return Array.from({ length: num }, (_, at) => linspaceAt({ start, stop }, num, at));
}

/** One of them. */
function linspaceAt(
  { start, stop }: { readonly start: number; readonly stop: number },
  num: number,
  at: number,
): number {
  if (at === num - 1 && num > 1) return stop;
  return start + at * (num > 1 ? (stop - start) / (num - 1) : 0);
}

function alongLine<Axis>(range: AxisRange<Axis>, num: number): Cycler<Axis> {
  return Cycler.computed(range.axis, num, (at) => linspaceAt(range, num, at));
}

/** `num` values from 10^`start` to 10^`stop`, at equal ratios. */
export function logspace(start: number, stop: number, num: number): number[] {
  return linspace(start, stop, num).map((exponent) => 10 ** exponent);
}

/** All axes together along a line. @throws ValueError without any axis. */
export function innerProduct(num: number, axes: readonly AxisRange[]): Cycler<ScanAxis> {
  return together(axes.map((range) => alongLine(range, num)));
}

/** All axes together along lists. @throws ValueError for lists of different lengths. */
export function innerListProduct(axes: readonly AxisPositions[]): Cycler<ScanAxis> {
  return together(axes.map(({ axis, positions }) => Cycler.of(axis, positions)));
}

/** Axes over a mesh, the first the slowest. */
export function outerProductOf(axes: readonly GridAxis[]): Cycler<ScanAxis> {
  return outerProduct(axes.map((range) => [alongLine(range, range.num), range.snake ?? false] as const));
}

/** Axes over a mesh of lists, the first the slowest. */
export function outerListProduct(axes: readonly AxisPositions[], snakeAxes: SnakeAxes): Cycler<ScanAxis> {
  return outerProduct(
    axes.map(({ axis, positions }, at) => {
      const snakes = typeof snakeAxes === 'boolean' ? snakeAxes && at > 0 : snakeAxes.includes(axis);
      return [Cycler.of(axis, positions), snakes] as const;
    }),
  );
}

/** Points of a pattern in a plane. */
export function planeCycler(
  x: ScanAxis,
  y: ScanAxis,
  points: readonly (readonly [x: number, y: number])[],
): Cycler<ScanAxis> {
  return Cycler.of(
    x,
    points.map((point) => point[0]),
  ).add(
    Cycler.of(
      y,
      points.map((point) => point[1]),
    ),
  );
}

function together(cyclers: readonly Cycler<ScanAxis>[]): Cycler<ScanAxis> {
  const [first, ...others] = cyclers;
  if (!first) throw new ValueError('A scan needs at least one axis');
  return others.reduce((sum, cycler) => sum.add(cycler), first);
}
