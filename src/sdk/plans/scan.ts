import type { Movable, Readable } from '../device/protocols.ts';
import { nameOf } from '../engine/described-object.ts';
import type { Plan } from '../engine/msg.ts';
import { checkpoint, move, triggerAndRead } from './stubs.ts';
import { withRun, withStaged } from './wrappers.ts';

/** What a scan can move: set to a number in the axis' own unit, and read back into each event. */
export type ScanAxis = Movable<number> & Readable;

/** A line of points on one axis, both ends included. */
export interface AxisRange {
  /** The axis that is moved. */
  readonly axis: ScanAxis;
  /** First target, in the unit of the axis. */
  readonly start: number;
  /** Last target, in the unit of the axis. */
  readonly stop: number;
}

/** The same with its own number of points, for grids. */
export interface GridAxis extends AxisRange {
  /** Points on this axis, ends included. */
  readonly num: number;
}

/** `num` numbers from `start` to `stop`, as NumPy's linspace makes them. */
export function linspace(start: number, stop: number, num: number): number[] {
  if (num === 1) return [start];
  const step = (stop - start) / (num - 1);
  return Array.from({ length: num }, (_, i) => (i === num - 1 ? stop : i * step + start));
}

/** Moves all axes together along one line of `num` points. */
export function* scan(
  detectors: readonly Readable[],
  axes: readonly AxisRange[],
  num: number,
  metadata: Record<string, unknown> = {},
): Plan<void> {
  const lines = axes.map(({ start, stop }) => linspace(start, stop, num));
  const points = Array.from({ length: num }, (_, i) => axes.map(({ axis }, k) => [axis, lines[k]?.[i] ?? 0] as const));
  yield* stepScan(
    detectors,
    axes.map(({ axis }) => axis),
    points,
    {
      plan_name: 'scan',
      plan_args: {
        detectors: detectors.map(nameOf),
        num,
        args: axes.flatMap(({ axis, start, stop }) => [nameOf(axis), start, stop]),
      },
      hints: { dimensions: [[axes.map(({ axis }) => nameOf(axis)), 'primary']] },
      ...metadata,
    },
  );
}

/** A mesh: the first axis is slowest. `snake`: every second line runs backwards, for all axes but the slowest. */
export function* gridScan(
  detectors: readonly Readable[],
  axes: readonly GridAxis[],
  snake: boolean,
  metadata: Record<string, unknown> = {},
): Plan<void> {
  yield* stepScan(
    detectors,
    axes.map(({ axis }) => axis),
    [...mesh(axes, snake)],
    {
      plan_name: 'grid_scan',
      plan_pattern: 'outer_product',
      shape: axes.map(({ num }) => num),
      extents: axes.map(({ start, stop }) => [start, stop]),
      snaking: axes.map((_, index) => snake && index > 0),
      plan_args: {
        detectors: detectors.map(nameOf),
        args: axes.flatMap(({ axis, start, stop, num }) => [nameOf(axis), start, stop, num]),
        snake_axes: snake,
      },
      hints: {
        gridding: 'rectilinear',
        dimensions: axes.map(({ axis }) => [[nameOf(axis)], 'primary']),
      },
      ...metadata,
    },
  );
}

function* mesh(axes: readonly GridAxis[], snake: boolean): Generator<(readonly [ScanAxis, number])[]> {
  const lines = axes.map(({ start, stop, num }) => linspace(start, stop, num));
  const total = axes.reduce((product, { num }) => product * num, 1);
  for (let flat = 0; flat < total; flat++) {
    let rest = flat;
    const indices: number[] = [];
    for (let k = axes.length - 1; k >= 0; k--) {
      const { num } = axes[k]!;
      const pass = Math.floor(rest / num);
      const index = rest % num;
      indices[k] = snake && k > 0 && pass % 2 === 1 ? num - 1 - index : index;
      rest = pass;
    }
    yield axes.map(({ axis }, k) => [axis, lines[k]![indices[k]!]!] as const);
  }
}

function* stepScan(
  detectors: readonly Readable[],
  axes: readonly ScanAxis[],
  points: readonly (readonly (readonly [ScanAxis, number])[])[],
  metadata: Record<string, unknown>,
): Plan<void> {
  const start = {
    detectors: detectors.map(nameOf),
    motors: axes.map(nameOf),
    num_points: points.length,
    num_intervals: points.length - 1,
    plan_type: 'generator',
    plan_pattern: 'inner_product',
    ...metadata,
  };
  yield* withStaged([...detectors, ...axes], () =>
    withRun(
      (function* () {
        const last = new Map<ScanAxis, number>();
        for (const point of points) {
          yield* checkpoint();
          const targets = new Map(point.filter(([axis, value]) => last.get(axis) !== value));
          yield* move(targets as Map<Movable, unknown>, 'scan-move');
          for (const [axis, value] of point) last.set(axis, value);
          yield* triggerAndRead([...detectors, ...axes]);
        }
      })(),
      start,
    ),
  );
}
