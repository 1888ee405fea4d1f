import {
  type PlaneAxes,
  relSpiral,
  relSpiralFermat,
  relSpiralSquare,
  spiral,
  spiralFermat,
  spiralSquare,
} from 'redsun/sdk/plans';
import { z } from 'zod';
import { badParameter } from './describe-issue.ts';
import type { DeviceLookup } from './device-lookup.ts';
import { checkVisited, type MoveKind } from './limits.ts';
import { detectors, deviceName, number, pointCount, positive, stepKeywords } from './parameters.ts';
import type { AppPlan, BoundPlan } from './plan-definition.ts';
import type { PlanRegistry } from './plan-registry.ts';
import { bindStepScan, checkPoints, placesOf, type StepScan } from './step-scan.ts';

const axes = { detectors, x_motor: deviceName('axis'), y_motor: deviceName('axis') };
const centre = { x_start: number.describe('Centre'), y_start: number.describe('Centre') };
const extent = {
  x_range: number.min(0, 'at least 0').describe('Width'),
  y_range: number.min(0, 'at least 0').describe('Height'),
  dr: positive.describe('Distance between turns'),
};
const nth = positive.describe('Points on the first turn');
const factor = positive.describe('The larger, the denser the points');
const keywords = {
  dr_y: positive.nullable().default(null).describe('Distance between turns along y; null: as dr'),
  tilt: number.default(0).meta({ description: 'Tilt of the left and right edges', units: 'rad' }),
  ...stepKeywords,
};

interface Common {
  readonly detectors: readonly string[];
  readonly x_motor: string;
  readonly y_motor: string;
  readonly md: Record<string, unknown> | null;
  /** A mesh has none, and always points. */
  readonly dr?: number;
}
interface Extent {
  readonly x_range: number;
  readonly y_range: number;
  readonly dr: number;
  readonly dr_y: number | null;
  readonly tilt: number;
}

function areaOf({ x_range: xRange, y_range: yRange, dr, dr_y: drY, tilt }: Extent) {
  return { xRange, yRange, dr, drY, tilt };
}

/** Points of a pattern whose length is the other way round: many when turns are close. */
function turns({ xRange, yRange, dr, drY }: ReturnType<typeof areaOf>): number {
  return Math.hypot(xRange / 2, yRange / (2 * (drY ? drY / dr : 1))) / dr;
}

/** A spiral is computed as a whole before it begins, and STOP is not to wait for that. */
const MAX_POINTS = 100_000;

/** @param about - how many points there may be, before they are counted. */
function bindSpiral(
  devices: DeviceLookup,
  { detectors, x_motor, y_motor, md, dr = 0 }: Common,
  about: number,
  kind: MoveKind,
  build: (axes: PlaneAxes) => StepScan['build'],
): BoundPlan {
  const [x, y] = [devices.axis(x_motor, 'x_motor'), devices.axis(y_motor, 'y_motor')];
  const places = placesOf(devices.plan, [
    [x, 'x_motor'],
    [y, 'y_motor'],
  ]);
  checkPoints(devices.plan, Math.ceil(about), MAX_POINTS);
  const scan = { detectors: devices.readables(detectors, 'detectors'), places, kind, build: build({ x, y }) };
  let points = 0;
  const counted = scan.build([], {
    perStep: function* (_detectors, _step, _positions) {
      points++;
    },
  });
  checkVisited(devices, counted, places, kind);
  if (points === 0) throw badParameter(devices.plan, 'dr', 'a distance that leaves points in the area', dr);
  return bindStepScan(devices, md, { ...scan, points });
}

const TEXT = {
  spiral: 'Moves two motors along a spiral and reads the detectors at each point',
  fermat: 'Moves two motors along a Fermat spiral, points of even density, and reads the detectors at each point',
  square: 'Moves two motors over a mesh from its middle outwards and reads the detectors at each point',
  here: 'The centre is where the motors stand; they go back there at the end.',
};

const spiralParameters = z.object({ ...axes, ...centre, ...extent, nth, ...keywords });
const spiralPlan: AppPlan<z.infer<typeof spiralParameters>> = {
  name: 'spiral',
  description: `${TEXT.spiral}.`,
  positional: ['detectors', 'x_motor', 'y_motor', 'x_start', 'y_start', 'x_range', 'y_range', 'dr', 'nth'],
  parameters: spiralParameters,
  plan(given, devices) {
    const area = { ...areaOf(given), xStart: given.x_start, yStart: given.y_start, nth: given.nth };
    return bindSpiral(devices, given, spiralLength(area), 'absolute', (plane) => (readables, options) => {
      return spiral(readables, plane, area, options);
    });
  },
};

const relSpiralParameters = z.object({ ...axes, ...extent, nth, ...keywords });
const relSpiralPlan: AppPlan<z.infer<typeof relSpiralParameters>> = {
  name: 'rel_spiral',
  description: `${TEXT.spiral}. ${TEXT.here}`,
  positional: ['detectors', 'x_motor', 'y_motor', 'x_range', 'y_range', 'dr', 'nth'],
  parameters: relSpiralParameters,
  plan(given, devices) {
    const area = { ...areaOf(given), nth: given.nth };
    return bindSpiral(devices, given, spiralLength(area), 'relative', (plane) => (readables, options) => {
      return relSpiral(readables, plane, area, options);
    });
  },
};

function spiralLength(area: ReturnType<typeof areaOf> & { readonly nth: number }): number {
  return ((turns(area) + 3) ** 2 / 2) * area.nth;
}

const fermatParameters = z.object({ ...axes, ...centre, ...extent, factor, ...keywords });
const fermatPlan: AppPlan<z.infer<typeof fermatParameters>> = {
  name: 'spiral_fermat',
  description: `${TEXT.fermat}.`,
  positional: ['detectors', 'x_motor', 'y_motor', 'x_start', 'y_start', 'x_range', 'y_range', 'dr', 'factor'],
  parameters: fermatParameters,
  plan(given, devices) {
    const area = { ...areaOf(given), xStart: given.x_start, yStart: given.y_start, factor: given.factor };
    return bindSpiral(devices, given, fermatLength(area), 'absolute', (plane) => (readables, options) => {
      return spiralFermat(readables, plane, area, options);
    });
  },
};

const relFermatParameters = z.object({ ...axes, ...extent, factor, ...keywords });
const relFermatPlan: AppPlan<z.infer<typeof relFermatParameters>> = {
  name: 'rel_spiral_fermat',
  description: `${TEXT.fermat}. ${TEXT.here}`,
  positional: ['detectors', 'x_motor', 'y_motor', 'x_range', 'y_range', 'dr', 'factor'],
  parameters: relFermatParameters,
  plan(given, devices) {
    const area = { ...areaOf(given), factor: given.factor };
    return bindSpiral(devices, given, fermatLength(area), 'relative', (plane) => (readables, options) => {
      return relSpiralFermat(readables, plane, area, options);
    });
  },
};

function fermatLength(area: ReturnType<typeof areaOf> & { readonly factor: number }): number {
  return (1.5 * turns(area) * area.factor) ** 2;
}

const square = {
  x_range: number.describe('Width'),
  y_range: number.describe('Height'),
  x_num: pointCount.min(2, 'at least 2').describe('Points along x'),
  y_num: pointCount.min(2, 'at least 2').describe('Points along y'),
  ...stepKeywords,
};
const squareParameters = z.object({
  ...axes,
  x_center: number.describe('Centre'),
  y_center: number.describe('Centre'),
  ...square,
});
const squarePlan: AppPlan<z.infer<typeof squareParameters>> = {
  name: 'spiral_square',
  description: `${TEXT.square}.`,
  positional: ['detectors', 'x_motor', 'y_motor', 'x_center', 'y_center', 'x_range', 'y_range', 'x_num', 'y_num'],
  parameters: squareParameters,
  plan(given, devices) {
    const area = { ...meshOf(given), xCenter: given.x_center, yCenter: given.y_center };
    return bindSpiral(devices, given, area.xNum * area.yNum, 'absolute', (plane) => (readables, options) => {
      return spiralSquare(readables, plane, area, options);
    });
  },
};

const relSquareParameters = z.object({ ...axes, ...square });
const relSquarePlan: AppPlan<z.infer<typeof relSquareParameters>> = {
  name: 'rel_spiral_square',
  description: `${TEXT.square}. ${TEXT.here}`,
  positional: ['detectors', 'x_motor', 'y_motor', 'x_range', 'y_range', 'x_num', 'y_num'],
  parameters: relSquareParameters,
  plan(given, devices) {
    const area = meshOf(given);
    return bindSpiral(devices, given, area.xNum * area.yNum, 'relative', (plane) => (readables, options) => {
      return relSpiralSquare(readables, plane, area, options);
    });
  },
};

interface Mesh {
  readonly x_range: number;
  readonly y_range: number;
  readonly x_num: number;
  readonly y_num: number;
}

function meshOf({ x_range: xRange, y_range: yRange, x_num: xNum, y_num: yNum }: Mesh) {
  return { xRange, yRange, xNum, yNum };
}

/** Scans along spirals. */
export function addSpiralScans(plans: PlanRegistry): void {
  plans.add(spiralPlan);
  plans.add(relSpiralPlan);
  plans.add(fermatPlan);
  plans.add(relFermatPlan);
  plans.add(squarePlan);
  plans.add(relSquarePlan);
}
