import type { MdaRelativePointsPlan } from './grid-plan.ts';

// Spelt as in the JSON of useq-schema 0.9.

/** A plate with wells. */
export interface MdaWellPlate {
  /** How many. */
  readonly rows: number;
  /** How many. */
  readonly columns: number;
  /** From centre to centre, mm; a pair: along x and y. */
  readonly well_spacing: number | readonly [x: number, y: number];
  /** Diameter or edge, mm; a pair: along x and y. */
  readonly well_size: number | readonly [x: number, y: number];
  /** Default true. */
  readonly circular_wells?: boolean;
  /** As it is called. */
  readonly name?: string;
}

/** Rows, or rows and columns: numbers from 0 or lists of them; negative ones count from the end. */
export type MdaWellSelection = number | readonly (number | readonly number[])[];

/** Wells of a plate, and the points in each. */
export interface MdaWellPlatePlan {
  /** By name (`96-well`), by its number of wells, or spelt out. */
  readonly plate: string | number | MdaWellPlate;
  /** Stage coordinates of the centre of well A1, um. */
  readonly a1_center_xy: readonly [xUm: number, yUm: number];
  /** Anti-clockwise, degrees, or with a unit (`5°`, `0.1 rad`), or a rotation matrix. */
  readonly rotation?: number | string | readonly unknown[] | null;
  /** Absent: all wells. Null, 0 or an empty list: none. */
  readonly selected_wells?: MdaWellSelection | null;
  /** Points in each well, from its centre. Default: the centre. */
  readonly well_points_plan?: MdaRelativePointsPlan;
}
