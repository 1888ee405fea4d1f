// Spelt as in the JSON of useq-schema 0.9.

/** Orders in which the tiles of a grid can be visited. */
export const MDA_GRID_MODES = ['row_wise', 'column_wise', 'row_wise_snake', 'column_wise_snake', 'spiral'] as const;
/** Order in which the tiles of a grid are visited. */
export type MdaGridMode = (typeof MDA_GRID_MODES)[number];

/** Size of the field of view; absent: the camera's, um. */
export interface MdaFieldOfView {
  /** Along x, um. */
  readonly fov_width?: number | null;
  /** Along y, um. */
  readonly fov_height?: number | null;
}

/** What all grids have. */
export interface MdaGridOptions extends MdaFieldOfView {
  /** Of neighbouring tiles, percent; a pair: along x and y. Negative: a gap. Default 0. */
  readonly overlap?: number | readonly [x: number, y: number];
  /** Default `row_wise_snake`. */
  readonly mode?: MdaGridMode;
}

/** Where a relative grid lies: around its position, or to the right of it and below. */
export type MdaRelativeTo = 'center' | 'top_left';

/** A grid of so many rows and columns. */
export interface MdaGridRowsColumns extends MdaGridOptions {
  /** How many. */
  readonly rows: number;
  /** How many. */
  readonly columns: number;
  /** Default `center`. */
  readonly relative_to?: MdaRelativeTo;
}

/** A grid that covers so much. */
export interface MdaGridWidthHeight extends MdaGridOptions {
  /** Along x, um. */
  readonly width: number;
  /** Along y, um. */
  readonly height: number;
  /** Default `center`. */
  readonly relative_to?: MdaRelativeTo;
}

/** A grid between stage coordinates, which are the outer edges of its tiles, um. */
export interface MdaGridFromEdges extends MdaGridOptions {
  /** Greatest y, um. */
  readonly top: number;
  /** Least x, um. */
  readonly left: number;
  /** Least y, um. */
  readonly bottom: number;
  /** Greatest x, um. */
  readonly right: number;
}

/** The tiles of a grid that touch a polygon in stage coordinates. */
export interface MdaGridFromPolygon extends MdaGridOptions {
  /** Corners in order, um; at least three, and no edge may meet another one. */
  readonly vertices: readonly (readonly [xUm: number, yUm: number])[];
  /** True: its convex hull instead. */
  readonly convex_hull?: boolean | null;
  /** Grows it by so much, um; negative: shrinks it. */
  readonly offset?: number | null;
}

/** A place that is counted from another one, um. */
export interface MdaRelativePosition extends MdaFieldOfView {
  /** um, default 0 */
  readonly x?: number;
  /** um, default 0 */
  readonly y?: number;
  /** um, default 0 */
  readonly z?: number;
  /** Joined to the name of the well. */
  readonly name?: string | null;
}

/** Random points around a position. */
export interface MdaRandomPoints extends MdaFieldOfView {
  /** How many. */
  readonly num_points: number;
  /** Of the area, um. Default 1. */
  readonly max_width?: number;
  /** Of the area, um. Default 1. */
  readonly max_height?: number;
  /** Of the area. Default `ellipse`; in a well, the shape of the well. */
  readonly shape?: 'ellipse' | 'rectangle';
  /** 0 to 2^32 - 1: the same points each time, those of numpy. Null: drawn, and written into the start document. */
  readonly random_seed?: number | null;
  /** False: no two fields of view overlap. Default true. */
  readonly allow_overlap?: boolean;
  /** Null: as drawn. Default `two_opt`. */
  readonly order?: 'nearest_neighbor' | 'two_opt' | 'random' | null;
  /** The point to begin with: its number, or a place that is added to the points. Default 0. */
  readonly start_at?: number | MdaRelativePosition;
  /** The points that were drawn, in the order they are visited, um: what Redsun writes where something was left to chance. */
  readonly points?: readonly (readonly [xUm: number, yUm: number])[];
}

/** Several places around a position. */
export type MdaRelativePointsPlan = MdaGridRowsColumns | MdaGridWidthHeight | MdaRandomPoints | MdaRelativePosition;

/** The tiles at each position, or over an area of the stage. */
export type MdaGridPlan = MdaGridFromEdges | MdaGridFromPolygon | MdaRelativePointsPlan;
