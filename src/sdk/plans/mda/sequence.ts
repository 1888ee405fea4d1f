import type { MdaGridPlan } from './grid-plan.ts';
import type { MdaWellPlatePlan } from './plate-plan.ts';
import type { MdaTimePlan } from './time-plan.ts';
import type { MdaZPlan } from './z-plan.ts';

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
