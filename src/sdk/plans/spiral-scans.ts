import type { Readable } from '../device/protocols.ts';
import type { Plan } from '../engine/msg.ts';
import { namePlan } from '../engine/plan-name.ts';
import type { ScanAxis } from './acquire.ts';
import { planeCycler } from './patterns.ts';
import { dimensionsOf, functionName, namesOf, type PlanMetadata, type ScanOptions } from './plan-options.ts';
import { fromHere, PATTERNS_MODULE, scanNd } from './scan.ts';
import {
  fermatPoints,
  type PlanePoint,
  type SpiralArea,
  type SquareSpiralArea,
  spiralPoints,
  squareSpiralPoints,
} from './spiral-points.ts';

/** The two axes of a plane. */
export interface PlaneAxes {
  /** Horizontal. */
  readonly x: ScanAxis;
  /** Vertical. */
  readonly y: ScanAxis;
}

/** A pattern around where the axes stand: without places of its own. @typeParam Area - the pattern */
export type Relative<Area> = Omit<Area, 'xStart' | 'yStart' | 'xCenter' | 'yCenter'>;

/** Along a spiral of Archimedes around a point. @returns the uid of the run. */
export function spiral(
  detectors: readonly Readable[],
  axes: PlaneAxes,
  area: SpiralArea & { readonly nth: number },
  options: ScanOptions = {},
): Plan<string> {
  const { nth } = area;
  const args = { ...areaArgs(area), nth };
  return namePlan(alongSpiral(detectors, axes, spiralPoints(area, nth), area, 'spiral', args, options), 'spiral');
}

/** As `spiral`, around where the axes stand; they go back there at the end. */
export function relSpiral(
  detectors: readonly Readable[],
  axes: PlaneAxes,
  area: Relative<SpiralArea> & { readonly nth: number },
  { md = {}, ...options }: ScanOptions = {},
): Plan<string> {
  const here = { ...area, xStart: 0, yStart: 0 };
  const inner = spiral(detectors, axes, here, { ...options, md: { plan_name: 'rel_spiral', ...md } });
  return namePlan(fromHere(inner, [axes.x, axes.y]), 'rel_spiral');
}

/** Along a spiral of Fermat around a point: points of even density. @returns the uid of the run. */
export function spiralFermat(
  detectors: readonly Readable[],
  axes: PlaneAxes,
  area: SpiralArea & { readonly factor: number },
  options: ScanOptions = {},
): Plan<string> {
  const { factor } = area;
  const args = { ...areaArgs(area), factor };
  const plan = alongSpiral(detectors, axes, fermatPoints(area, factor), area, 'spiral_fermat', args, options);
  return namePlan(plan, 'spiral_fermat');
}

/** As `spiralFermat`, around where the axes stand; they go back there at the end. */
export function relSpiralFermat(
  detectors: readonly Readable[],
  axes: PlaneAxes,
  area: Relative<SpiralArea> & { readonly factor: number },
  { md = {}, ...options }: ScanOptions = {},
): Plan<string> {
  const here = { ...area, xStart: 0, yStart: 0 };
  const inner = spiralFermat(detectors, axes, here, { ...options, md: { plan_name: 'rel_spiral_fermat', ...md } });
  return namePlan(fromHere(inner, [axes.x, axes.y]), 'rel_spiral_fermat');
}

/** Over a mesh from its middle outwards. @returns the uid of the run. */
export function spiralSquare(
  detectors: readonly Readable[],
  axes: PlaneAxes,
  area: SquareSpiralArea,
  { md = {}, ...options }: ScanOptions = {},
): Plan<string> {
  const { xCenter, yCenter, xRange, yRange, xNum, yNum } = area;
  const dimensions = dimensionsOf([axes.y, axes.x]);
  const start = {
    plan_args: {
      ...planArgs(detectors, axes, options),
      x_center: xCenter,
      y_center: yCenter,
      x_range: xRange,
      y_range: yRange,
      x_num: xNum,
      y_num: yNum,
    },
    plan_name: 'spiral_square',
    plan_pattern: 'spiral_square',
    shape: [yNum, xNum],
    extents: [
      [yCenter - yRange / 2, yCenter + yRange / 2],
      [xCenter - xRange / 2, xCenter + xRange / 2],
    ],
    ...md,
    hints: {
      gridding: 'rectilinear_nonsequential',
      ...(dimensions ? { dimensions } : {}),
      ...(md.hints as object | undefined),
    },
  };
  const cycler = planeCycler(axes.x, axes.y, squareSpiralPoints(area));
  return namePlan(scanNd(detectors, cycler, { ...options, md: start }), 'spiral_square');
}

/** As `spiralSquare`, around where the axes stand; they go back there at the end. */
export function relSpiralSquare(
  detectors: readonly Readable[],
  axes: PlaneAxes,
  area: Relative<SquareSpiralArea>,
  { md = {}, ...options }: ScanOptions = {},
): Plan<string> {
  const here = { ...area, xCenter: 0, yCenter: 0 };
  const inner = spiralSquare(detectors, axes, here, { ...options, md: { plan_name: 'rel_spiral_square', ...md } });
  return namePlan(fromHere(inner, [axes.x, axes.y]), 'rel_spiral_square');
}

function areaArgs({ xStart, yStart, xRange, yRange, dr, drY = null, tilt = 0 }: SpiralArea): PlanMetadata {
  return { x_start: xStart, y_start: yStart, x_range: xRange, y_range: yRange, dr, dr_y: drY, tilt };
}

function planArgs(detectors: readonly Readable[], { x, y }: PlaneAxes, options: ScanOptions): PlanMetadata {
  return {
    detectors: namesOf(detectors),
    x_motor: x.name,
    y_motor: y.name,
    per_step: functionName(options.perStep),
  };
}

function alongSpiral(
  detectors: readonly Readable[],
  axes: PlaneAxes,
  points: readonly PlanePoint[],
  { xStart, yStart, xRange, yRange }: SpiralArea,
  name: string,
  args: PlanMetadata,
  { md = {}, ...options }: ScanOptions,
): Plan<string> {
  const dimensions = dimensionsOf([axes.x, axes.y]);
  const start = {
    plan_args: { ...planArgs(detectors, axes, options), ...args },
    extents: [
      [xStart - xRange, xStart + xRange],
      [yStart - yRange, yStart + yRange],
    ],
    plan_name: name,
    plan_pattern: name,
    plan_pattern_module: PATTERNS_MODULE,
    plan_pattern_args: { x_motor: axes.x.name, y_motor: axes.y.name, ...args },
    hints: dimensions ? { dimensions } : {},
    ...md,
  };
  return scanNd(detectors, planeCycler(axes.x, axes.y, points), { ...options, md: start });
}
