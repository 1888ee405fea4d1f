import type { Readable } from '../device/protocols.ts';
import type { Plan } from '../engine/msg.ts';
import { namePlan } from '../engine/plan-name.ts';
import { ValueError } from '../util/errors.ts';
import type { ScanAxis } from './acquire.ts';
import { type AxisPositions, type GridAxis, outerListProduct, outerProductOf, type SnakeAxes } from './patterns.ts';
import {
  dimensionsOf,
  functionName,
  namesOf,
  type PlanMetadata,
  requireList,
  type ScanOptions,
  withHints,
} from './plan-options.ts';
import { fromHere, PATTERNS_MODULE, scanNd } from './scan.ts';

/** What a scan over a mesh can be told. */
export interface GridOptions extends ScanOptions {
  /** Which axes turn round at each end of a line. Default: as each axis says. */
  readonly snakeAxes?: SnakeAxes;
}

/** Moves axes over a mesh, the first the slowest, and reads the detectors at each point. @returns the uid of the run. */
export function gridScan(
  detectors: readonly Readable[],
  axes: readonly GridAxis[],
  options: GridOptions = {},
): Plan<string> {
  return namePlan(gridScanning(detectors, axes, options), 'grid_scan');
}

function* gridScanning(
  detectors: readonly Readable[],
  given: readonly GridAxis[],
  { snakeAxes, md = {}, ...options }: GridOptions,
): Plan<string> {
  requireList(detectors);
  const moved = given.map(({ axis }) => axis);
  if (new Set(moved).size !== moved.length) {
    throw new ValueError(
      `Some motors are listed multiple times in the argument list 'args': '[${namesOf(moved).join(', ')}]'`,
    );
  }
  const axes = snakeAxes === undefined ? given : withSnakes(given, snakeAxes);
  const args = axes.flatMap(({ axis, start, stop, num, snake = false }, at) =>
    at === 0 ? [axis.name, start, stop, num] : [axis.name, start, stop, num, snake],
  );
  const dimensions = dimensionsOf(moved);
  const start = {
    shape: axes.map(({ num }) => num),
    extents: axes.map((range) => [range.start, range.stop]),
    snaking: axes.map(({ snake = false }) => snake),
    plan_args: { detectors: namesOf(detectors), args, per_step: functionName(options.perStep ?? options.perStep1d) },
    plan_name: 'grid_scan',
    plan_pattern: 'outer_product',
    plan_pattern_args: { args },
    plan_pattern_module: PATTERNS_MODULE,
    motors: namesOf(moved),
    ...withHints(md, { gridding: 'rectilinear', ...(dimensions ? { dimensions } : {}) }),
  };
  return yield* scanNd(detectors, outerProductOf(axes), { ...options, md: start });
}

function withSnakes(axes: readonly GridAxis[], snakeAxes: SnakeAxes): readonly GridAxis[] {
  if (typeof snakeAxes === 'boolean') return axes.map((axis, at) => ({ ...axis, snake: snakeAxes && at > 0 }));
  const [slowest] = axes;
  const names = `'(${namesOf(snakeAxes).join(', ')},)'`;
  if (slowest && snakeAxes.includes(slowest.axis)) {
    throw new ValueError(`The list of axes 'snake_axes' contains the slowest motor: ${names}`);
  }
  if (snakeAxes.some((wanted) => !axes.some(({ axis }) => axis === wanted))) {
    throw new ValueError(
      `The list of axes 'snake_axes' contains motors that are not controlled during the scan: ${names}`,
    );
  }
  return axes.map((axis) => ({ ...axis, snake: snakeAxes.includes(axis.axis) }));
}

/** As `gridScan`, around where the axes stand; they go back there at the end. */
export function relGridScan(
  detectors: readonly Readable[],
  axes: readonly GridAxis[],
  { md = {}, ...options }: GridOptions = {},
): Plan<string> {
  const moved = axes.map(({ axis }) => axis);
  const inner = gridScan(detectors, axes, { ...options, md: { plan_name: 'rel_grid_scan', ...md } });
  return namePlan(fromHere(inner, moved), 'rel_grid_scan');
}

/** Moves axes over a mesh of listed positions, the first the slowest. @returns the uid of the run. */
export function listGridScan(
  detectors: readonly Readable[],
  axes: readonly AxisPositions<ScanAxis>[],
  options: GridOptions = {},
): Plan<string> {
  return namePlan(listGridScanning(detectors, axes, options), 'list_grid_scan');
}

function* listGridScanning(
  detectors: readonly Readable[],
  axes: readonly AxisPositions<ScanAxis>[],
  { snakeAxes = false, md = {}, ...options }: GridOptions,
): Plan<string> {
  requireList(detectors);
  const moved = axes.map(({ axis }) => axis);
  const args = axes.flatMap(({ axis, positions }) => [axis.name, positions]);
  const snakes = typeof snakeAxes === 'boolean' ? snakeAxes : namesOf(snakeAxes);
  const dimensions = dimensionsOf(moved);
  const start: PlanMetadata = {
    shape: axes.map(({ positions }) => positions.length),
    extents: axes.map(({ positions }) => extentOf(positions)),
    snake_axes: snakes,
    plan_args: { detectors: namesOf(detectors), args, per_step: functionName(options.perStep ?? options.perStep1d) },
    plan_name: 'list_grid_scan',
    plan_pattern: 'outer_list_product',
    plan_pattern_args: { args, snake_axes: snakes },
    plan_pattern_module: PATTERNS_MODULE,
    motors: namesOf(moved),
    ...withHints(md, dimensions ? { dimensions } : {}),
  };
  return yield* scanNd(detectors, outerListProduct(axes, snakeAxes), { ...options, md: start });
}

/** As `listGridScan`, around where the axes stand; they go back there at the end. */
export function relListGridScan(
  detectors: readonly Readable[],
  axes: readonly AxisPositions<ScanAxis>[],
  { md = {}, ...options }: GridOptions = {},
): Plan<string> {
  const moved = axes.map(({ axis }) => axis);
  const inner = listGridScan(detectors, axes, { ...options, md: { plan_name: 'rel_list_grid_scan', ...md } });
  return namePlan(fromHere(inner, moved), 'rel_list_grid_scan');
}

function extentOf(positions: readonly unknown[]): readonly [unknown, unknown] | null {
  const numbers = positions.filter((position) => typeof position === 'number');
  return numbers.length > 0
    ? [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))]
    : null;
}
