import { type Cell, gridOrder } from './grid-order.ts';
import type {
  MdaGridFromEdges,
  MdaGridFromPolygon,
  MdaGridOptions,
  MdaGridPlan,
  MdaGridRowsColumns,
  MdaGridWidthHeight,
  MdaRandomPoints,
} from './grid-plan.ts';
import { type Box, boxAround, convexHull, isSimple, meetsBox, ringOf } from './polygon.ts';
import { offsetPolygon } from './polygon-offset.ts';
import { randomPoints } from './random-points.ts';
import { refusal } from './refusal.ts';
import type { Point } from './visiting-order.ts';

/** Tiles above which nobody can have meant a grid. */
const MAX_TILES = 1_000_000;

/** A tile of a grid. */
export interface GridPoint {
  /** um, from the position or of the stage. */
  readonly xUm: number;
  /** um, from the position or of the stage. */
  readonly yUm: number;
  /** um, from the position. */
  readonly zUm: number;
  /** Joined to the name of a well; null: none. */
  readonly name: string | null;
}

/** The tiles of a grid in the order they are visited. */
export interface GridPoints {
  /** Counted from the position, or of the stage. */
  readonly kind: 'relative' | 'absolute';
  /** How many. */
  readonly length: number;
  /** The n-th. */
  at(index: number): GridPoint;
}

/** True for a grid of tiles, whose distance follows from the field of view. */
export function isTiled(
  plan: MdaGridPlan,
): plan is MdaGridFromEdges | MdaGridFromPolygon | MdaGridRowsColumns | MdaGridWidthHeight {
  return 'top' in plan || 'vertices' in plan || 'rows' in plan || 'width' in plan;
}

/** True for points that are drawn. */
export function isRandom(plan: MdaGridPlan): plan is MdaRandomPoints {
  return !isTiled(plan) && 'num_points' in plan;
}

/**
 * The points of a grid plan. A field of view that nobody gives is 1 um, as useq has it; plans are given one beforehand.
 * @param random - asked for what is left to chance.
 * @throws RedsunError `mda/bad-sequence` for a polygon that meets itself, tiles of no size, too many tiles.
 */
export function gridPoints(plan: MdaGridPlan, path: string, random: () => number): GridPoints {
  if (isRandom(plan)) return listed('relative', randomPoints(plan, path, random));
  if (!isTiled(plan)) {
    const { x = 0, y = 0, z = 0, name = null } = plan;
    return { kind: 'relative', length: 1, at: () => ({ xUm: x, yUm: y, zUm: z, name }) };
  }
  if ('vertices' in plan) return listed('absolute', tilesOnPolygon(plan, path));
  return 'top' in plan ? betweenEdges(plan, path) : aroundPosition(plan, path);
}

function listed(kind: GridPoints['kind'], points: readonly Point[]): GridPoints {
  const { length } = points;
  return { kind, length, at: (index) => pointAt(points[index]!, index) };
}

function pointAt([xUm, yUm]: Point, index: number): GridPoint {
  return { xUm, yUm, zUm: 0, name: String(index).padStart(4, '0') };
}

interface Spacing {
  readonly dxUm: number;
  readonly dyUm: number;
}

function spacingOf(plan: MdaGridOptions): Spacing {
  const [overlapX, overlapY] = overlapOf(plan);
  const width = plan.fov_width || 1;
  const height = plan.fov_height || 1;
  return { dxUm: width - (width * overlapX) / 100, dyUm: height - (height * overlapY) / 100 };
}

function overlapOf({ overlap = 0 }: MdaGridOptions): readonly [number, number] {
  return typeof overlap === 'number' ? [overlap, overlap] : overlap;
}

function aroundPosition(plan: MdaGridRowsColumns | MdaGridWidthHeight, path: string): GridPoints {
  const { dxUm, dyUm } = spacingOf(plan);
  const fixed = 'rows' in plan;
  const columns = fixed ? plan.columns : Math.ceil(over(plan.width, dxUm, path, plan));
  const rows = fixed ? plan.rows : Math.ceil(over(plan.height, dyUm, path, plan));
  const centred = (plan.relative_to ?? 'center') === 'center';
  const origin: Point = centred ? [-((columns - 1) * dxUm) / 2, ((rows - 1) * dyUm) / 2] : [0, 0];
  return tiled('relative', plan, rows, columns, origin, { dxUm, dyUm }, path);
}

function betweenEdges(plan: MdaGridFromEdges, path: string): GridPoints {
  const { dxUm, dyUm } = spacingOf(plan);
  const count = (spanUm: number, fovUm: number | null | undefined, stepUm: number) => {
    if (fovUm == null) return Math.ceil(over(spanUm + stepUm, stepUm, path, plan));
    return spanUm <= fovUm ? 1 : Math.ceil(over(spanUm - fovUm, stepUm, path, plan)) + 1;
  };
  const columns = count(Math.abs(plan.right - plan.left), plan.fov_width, dxUm);
  const rows = count(Math.abs(plan.top - plan.bottom), plan.fov_height, dyUm);
  const origin: Point = [
    Math.min(plan.left, plan.right) + (plan.fov_width ?? 0) / 2,
    Math.max(plan.top, plan.bottom) - (plan.fov_height ?? 0) / 2,
  ];
  return tiled('absolute', plan, rows, columns, origin, { dxUm, dyUm }, path);
}

function tiled(
  kind: GridPoints['kind'],
  plan: MdaGridOptions,
  rows: number,
  columns: number,
  [x0, y0]: Point,
  { dxUm, dyUm }: Spacing,
  path: string,
): GridPoints {
  const order = checkedOrder(plan, rows, columns, path);
  const at = (index: number) => {
    const [row, column] = order.at(index);
    return pointAt([x0 + column * dxUm, y0 - row * dyUm], index);
  };
  return { kind, length: order.length, at };
}

function tilesOnPolygon(plan: MdaGridFromPolygon, path: string): Point[] {
  const regions = polygonRegions(plan, path);
  if (regions.length === 0) return [];
  const { left, right, bottom, top } = boxAround(regions.flat());
  const [width, height] = [plan.fov_width || 1, plan.fov_height || 1];
  const [overlapX, overlapY] = overlapOf(plan);
  const [dxUm, dyUm] = [width * (1 - overlapX / 100), height * (1 - overlapY / 100)];
  const count = (spanUm: number, fovUm: number, stepUm: number) =>
    spanUm <= fovUm ? 1 : Math.ceil(over(spanUm - fovUm, stepUm, path, plan)) + 1;
  const order = checkedOrder(plan, count(top - bottom, height, dyUm), count(right - left, width, dxUm), path);
  const centre = ([row, column]: Cell): Point => [left + width / 2 + column * dxUm, top - height / 2 - row * dyUm];
  const tiles = Array.from({ length: order.length }, (_, index) => centre(order.at(index)));
  return tiles.filter((tile) => regions.some((region) => meetsBox(region, tileBox(tile, width / 2, height / 2))));
}

function tileBox([x, y]: Point, halfWidth: number, halfHeight: number): Box {
  return { left: x - halfWidth, bottom: y - halfHeight, right: x + halfWidth, top: y + halfHeight };
}

/** The area to cover, as rings. */
function polygonRegions(plan: MdaGridFromPolygon, path: string): Point[][] {
  const ring = ringOf(plan.vertices);
  if (!isSimple(ring)) {
    throw refusal(
      `${path}.vertices`,
      plan.vertices,
      'a polygon of three corners or more that does not intersect itself',
    );
  }
  const regions = plan.offset ? offsetPolygon(ring, plan.offset) : [ring];
  return plan.convex_hull && regions.length > 0 ? [convexHull(regions.flat())] : regions;
}

function checkedOrder({ mode = 'row_wise_snake' }: MdaGridOptions, rows: number, columns: number, path: string) {
  const order = gridOrder(mode, rows, columns);
  // A spiral is walked on the square around the grid.
  const walked = mode === 'spiral' && order.length > 0 ? Math.max(rows, columns) ** 2 : order.length;
  if (!(walked <= MAX_TILES)) throw refusal(path, `${rows} rows, ${columns} columns`, `at most ${MAX_TILES} tiles`);
  return order;
}

function over(lengthUm: number, stepUm: number, path: string, { overlap }: MdaGridOptions): number {
  if (stepUm === 0) throw refusal(`${path}.overlap`, overlap, 'less than 100 %, so that tiles are apart');
  return lengthUm / stepUm;
}
