// What to acquire, spelt as in the JSON of useq-schema 0.9. Lengths are um, times s, exposures ms, angles degrees.

/** An axis of a sequence: time, position, grid, channel, focus. */
export type MdaAxis = 't' | 'p' | 'g' | 'c' | 'z';

/** A channel of a sequence; a string is its `config`. */
export interface MdaChannel {
  /** Name of a channel of the session. */
  readonly config: string;
  /** Kept in the document; the session knows channels by name alone. */
  readonly group?: string;
  /** ms; absent: the channel's own. */
  readonly exposure?: number | null;
  /** um, added to every plane of this channel. */
  readonly z_offset?: number;
  /** False: only the middle plane. */
  readonly do_stack?: boolean;
  /** Only every n-th time point. */
  readonly acquire_every?: number;
  /** Nothing but null: all cameras expose at each event. */
  readonly camera?: string | null;
}

/** Planes symmetric about the focus. */
export interface MdaZRange {
  /** From the lowest to the highest plane, um. */
  readonly range: number;
  /** Between planes, um. */
  readonly step: number;
  /** False: the highest plane first. Default true. */
  readonly go_up?: boolean;
}

/** Planes from below to above the focus. */
export interface MdaZAboveBelow {
  /** Highest plane over the focus, um. */
  readonly above: number;
  /** Lowest plane under the focus, um; its sign does not matter. */
  readonly below: number;
  /** Between planes, um. */
  readonly step: number;
  /** False: the highest plane first. Default true. */
  readonly go_up?: boolean;
}

/** Planes between two heights of the focus axis. */
export interface MdaZTopBottom {
  /** Highest plane, um, absolute. */
  readonly top: number;
  /** Lowest plane, um, absolute. */
  readonly bottom: number;
  /** Between planes, um. */
  readonly step: number;
  /** False: the highest plane first. Default true. */
  readonly go_up?: boolean;
}

/** Planes listed by their distance from the focus. */
export interface MdaZRelative {
  /** um, in the order they are visited. */
  readonly relative: readonly number[];
  /** False: in reverse. Default true. */
  readonly go_up?: boolean;
}

/** Planes listed by their height. */
export interface MdaZAbsolute {
  /** um, in the order they are visited. */
  readonly absolute: readonly number[];
  /** False: in reverse. Default true. */
  readonly go_up?: boolean;
}

/** The planes of a stack, in one of five ways to say them. */
export type MdaZPlan = MdaZRange | MdaZAboveBelow | MdaZTopBottom | MdaZRelative | MdaZAbsolute;

/** A time by its parts, which add up. */
export interface MdaDurationParts {
  /** 7 days. */
  readonly weeks?: number;
  /** 24 h. */
  readonly days?: number;
  /** 60 min. */
  readonly hours?: number;
  /** 60 s. */
  readonly minutes?: number;
  /** s */
  readonly seconds?: number;
  /** ms */
  readonly milliseconds?: number;
  /** us */
  readonly microseconds?: number;
}

/** A length of time: seconds, `0:01:30`, ISO 8601 (`PT1M30S`), or its parts. Kept to the microsecond. */
export type MdaDuration = number | string | MdaDurationParts;

/** Time points by their interval and number. */
export interface MdaIntervalLoops {
  /** Between starts; 0: as fast as possible. */
  readonly interval: MdaDuration;
  /** How many time points. */
  readonly loops: number;
  /** True: a time point that is late by an interval is left out. Default false. */
  readonly prioritize_duration?: boolean;
}

/** Time points spread over a duration: the last one starts at its end. */
export interface MdaDurationLoops {
  /** From the first start to the last. */
  readonly duration: MdaDuration;
  /** How many time points, at least 2. */
  readonly loops: number;
  /** True: a time point that is late by an interval is left out. Default false. */
  readonly prioritize_duration?: boolean;
}

/** As many time points as fit into a duration. */
export interface MdaIntervalDuration {
  /** Between starts. */
  readonly interval: MdaDuration;
  /** From the first start to the last, at most. */
  readonly duration: MdaDuration;
  /** True, the default: a time point that is late by an interval is left out. */
  readonly prioritize_duration?: boolean;
}

/** Time points at one interval. */
export type MdaTimePhase = MdaIntervalLoops | MdaDurationLoops | MdaIntervalDuration;

/** Phases that follow each other: the last time point of one is the first of the next. */
export interface MdaMultiPhase {
  /** In order. */
  readonly phases: readonly MdaTimePhase[];
  /** For all phases: a time point that is late by an interval is left out. Default: as each phase says. */
  readonly prioritize_duration?: boolean;
}

/** When to acquire. */
export type MdaTimePlan = MdaTimePhase | MdaMultiPhase | readonly MdaTimePhase[];

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

/** What is set on a device before an event: device, property, value. */
export type MdaProperty = readonly [device: string, property: string, value: unknown];

/** A place of the stage. Absent or null: that axis stays where it is. */
export interface MdaPosition {
  /** um */
  readonly x?: number | null;
  /** um */
  readonly y?: number | null;
  /** um, absolute */
  readonly z?: number | null;
  /** Shown to the operator, and names the image in the store. */
  readonly name?: string | null;
  /** What is acquired here instead of, or inside, what the whole sequence says. Without positions of its own. */
  readonly sequence?: MdaSequence | null;
  /** Set when the position is reached. */
  readonly properties?: readonly MdaProperty[] | null;
  /** Of its well, from 0. */
  readonly plate_row?: number | null;
  /** Of its well, from 0. */
  readonly plate_col?: number | null;
  /** In a grid, from 0. */
  readonly grid_row?: number | null;
  /** In a grid, from 0. */
  readonly grid_col?: number | null;
}

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

/** When to focus by hardware: whenever one of these axes has moved on. */
export interface MdaAutofocusPlan {
  /** Of `tpgcz`. */
  readonly axes: readonly string[];
  /** Null: the session's. */
  readonly autofocus_device_name?: string | null;
  /** Distance to hold, um; null: as it is. */
  readonly autofocus_motor_offset?: number | null;
}

/** What to acquire: channels, planes, times and places, nested in the order of the axes. */
export interface MdaSequence {
  /** Outermost first, of `tpgcz`, which is the default; an axis that is not named is not acquired. */
  readonly axis_order?: string | readonly string[];
  /** None: whatever light is chosen. */
  readonly channels?: readonly (string | MdaChannel)[];
  /** Planes at each point; null: the focus stays. */
  readonly z_plan?: MdaZPlan | null;
  /** Tiles at each position; null: the position alone. */
  readonly grid_plan?: MdaGridPlan | null;
  /** Time points; null: one. */
  readonly time_plan?: MdaTimePlan | null;
  /** Places in the order they are visited, objects or lists `[x, y, z]`; none: the stage stays. Or wells of a plate. */
  readonly stage_positions?: readonly (MdaPosition | readonly (number | null)[])[] | MdaWellPlatePlan;
  /** Null: no hardware autofocus. */
  readonly autofocus_plan?: MdaAutofocusPlan | null;
  /** Axes along which the light stays on from one exposure to the next. */
  readonly keep_shutter_open_across?: string | readonly string[];
  /** Kept in the document, not carried out. */
  readonly setup?: Readonly<Record<string, unknown>> | null;
  /** Goes into the start document. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Kept in the document. */
  readonly uid?: string;
}
