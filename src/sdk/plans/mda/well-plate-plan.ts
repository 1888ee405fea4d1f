import { RedsunError } from '../../util/errors.ts';
import { nearMissHint } from '../../util/near-miss.ts';
import type { MdaRelativePointsPlan } from './grid-plan.ts';
import { gridPoints, isRandom } from './grid-points.ts';
import type { MdaWellPlate, MdaWellPlatePlan, MdaWellSelection } from './plate-plan.ts';
import { isLeftToChance } from './random-points.ts';
import { refusal } from './refusal.ts';
import { WELL_PLATES } from './well-plates.ts';

/** A point in a well. */
export interface WellPoint {
  /** um */
  readonly xUm: number;
  /** um */
  readonly yUm: number;
  /** From the focus, um. */
  readonly zUm: number;
  /** `A1`, `A1_0003` */
  readonly name: string;
  /** From 0. */
  readonly row: number;
  /** From 0. */
  readonly column: number;
}

type Well = readonly [row: number, column: number];

/** The plate that a plan means. @throws RedsunError `mda/unknown-plate` with the nearest name. */
export function wellPlate(plate: MdaWellPlatePlan['plate'], path: string): MdaWellPlate {
  if (typeof plate === 'object') return plate;
  const name = typeof plate === 'number' ? `${Math.trunc(plate)}-well` : plate;
  const known = Object.hasOwn(WELL_PLATES, name) ? WELL_PLATES[name] : undefined;
  if (known) return known;
  const hint = nearMissHint(name, Object.keys(WELL_PLATES)) || ` There are: ${Object.keys(WELL_PLATES).join(', ')}.`;
  throw new RedsunError('mda/unknown-plate', `${path}: no plate "${name}".${hint}`);
}

/**
 * The points of a plate in the order they are visited: well by well.
 * @param random - asked for what is left to chance, anew in each well.
 * @throws RedsunError `mda/unknown-plate`; `mda/bad-sequence` for wells that the plate has not.
 */
export function wellPoints(plan: MdaWellPlatePlan, path: string, random: () => number): WellPoint[] {
  const plate = wellPlate(plan.plate, `${path}.plate`);
  const centre = wellCentre(plan, plate, path);
  const points = pointsPlan(plan.well_points_plan ?? {}, plate);
  const pointsPath = `${path}.well_points_plan`;
  // With a seed every well has the same points.
  const same = isRandom(points) && isLeftToChance(points) ? null : gridPoints(points, pointsPath, random);
  return selectedWells(plan.selected_wells, plate, `${path}.selected_wells`).flatMap(([row, column]) => {
    const [x, y] = centre(row, column);
    const offsets = same ?? gridPoints(points, pointsPath, random);
    const well = `${rowName(row)}${column + 1}`;
    return Array.from({ length: offsets.length }, (_, index): WellPoint => {
      const { xUm, yUm, zUm, name } = offsets.at(index);
      return { xUm: x + xUm, yUm: y + yUm, zUm, name: name ? `${well}_${name}` : well, row, column };
    });
  });
}

/** Random points are spread over the well where the plan does not say how wide. */
function pointsPlan(plan: MdaRelativePointsPlan, plate: MdaWellPlate): MdaRelativePointsPlan {
  if (!isRandom(plan)) return plan;
  const [width, height] = pair(plate.well_size);
  const unbounded = (size: number | undefined) => size === Number.POSITIVE_INFINITY;
  return {
    ...plan,
    ...(unbounded(plan.max_width) && { max_width: width * 1000 - (plan.fov_width || 0.1) }),
    ...(unbounded(plan.max_height) && { max_height: height * 1000 - (plan.fov_height || 0.1) }),
    shape: plan.shape ?? ((plate.circular_wells ?? true) ? 'ellipse' : 'rectangle'),
  };
}

/** Rows go down the plate, against y; the plate is turned about the centre of A1. */
function wellCentre({ a1_center_xy: [a1X, a1Y], rotation }: MdaWellPlatePlan, plate: MdaWellPlate, path: string) {
  const [spacingX, spacingY] = pair(plate.well_spacing);
  const radians = (degrees(rotation, `${path}.rotation`) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return (row: number, column: number): readonly [number, number] => [
    (sin * spacingY * row + cos * spacingX * column + a1X / 1000) * 1000,
    (-cos * spacingY * row + sin * spacingX * column + a1Y / 1000) * 1000,
  ];
}

function degrees(rotation: MdaWellPlatePlan['rotation'], path: string): number {
  if (rotation === null || rotation === undefined) return 0;
  if (typeof rotation === 'number') return rotation;
  const expected = 'degrees, an angle with its unit ("5°", "0.1 rad"), or a rotation matrix of 4 numbers';
  if (typeof rotation === 'string') {
    const inRadians = rotation.includes('rad');
    const text = rotation.replaceAll(/rad|°|˚|deg/g, '').trim();
    const value = text === '' ? Number.NaN : Number(text);
    if (Number.isNaN(value)) throw refusal(path, rotation, expected);
    return inRadians ? (value * 180) / Math.PI : value;
  }
  const matrix = rotation.flat().map(Number);
  if (matrix.length !== 4 || matrix.some(Number.isNaN)) throw refusal(path, rotation, expected);
  return (Math.atan2(matrix[2]!, matrix[0]!) * 180) / Math.PI;
}

/** As numpy indexes rows and columns: two lists are taken in pairs, one number goes with each of a list. */
function selectedWells(selection: MdaWellSelection | null | undefined, plate: MdaWellPlate, path: string): Well[] {
  const all = (row: number) => Array.from({ length: plate.columns }, (_, column): Well => [row, column]);
  if (selection === undefined) return Array.from({ length: plate.rows }, (_, row) => all(row)).flat();
  if (selection === null || selection === 0) return [];
  const parts = typeof selection === 'number' ? [selection] : selection;
  if (parts.length === 0) return [];
  const expected = `rows (0 to ${plate.rows - 1}), or rows and columns (0 to ${plate.columns - 1}) of the plate`;
  const [rowPart, columnPart, ...more] = parts;
  if (rowPart === undefined || more.length > 0) throw refusal(path, selection, expected);
  const inside = (part: number | readonly number[], size: number) =>
    [part].flat().map((index: number) => {
      if (!Number.isInteger(index) || index >= size || index < -size) throw refusal(path, selection, expected);
      return index < 0 ? index + size : index;
    });
  const rows = inside(rowPart, plate.rows);
  if (columnPart === undefined) return rows.flatMap(all);
  const columns = inside(columnPart, plate.columns);
  const count = rows.length === 1 ? columns.length : rows.length;
  if (columns.length !== count && columns.length !== 1) {
    throw refusal(path, selection, 'as many rows as columns, or one of either');
  }
  return Array.from({ length: count }, (_, at): Well => [rows[at % rows.length]!, columns[at % columns.length]!]);
}

/** A to Z, AA, AB and so on. */
export function rowName(row: number): string {
  let name = '';
  for (let rest = row; rest >= 0; rest = Math.floor(rest / 26) - 1) name = String.fromCharCode(65 + (rest % 26)) + name;
  return name;
}

function pair(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}
