// The part of useq-schema 0.9's MDASequence that is acquired today: axes t, p, z, c. Spelt as in its JSON.

/** A channel of a sequence. */
export interface MdaChannel {
  /** Name of a channel of the session. */
  readonly config: string;
  /** ms; absent: the channel's own. */
  readonly exposure?: number | null;
  /** um, added to every plane of this channel. */
  readonly z_offset?: number;
  /** False: only the middle plane. */
  readonly do_stack?: boolean;
  /** Only every n-th time point. */
  readonly acquire_every?: number;
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
  /** Lowest plane under the focus, um, as a positive number. */
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

/** Time points at a fixed interval. */
export interface MdaTimePlan {
  /** Between starts, s; 0: as fast as possible. */
  readonly interval: number;
  /** How many time points. */
  readonly loops: number;
}

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
}

/** What to acquire: channels, planes, times and places, nested in the order of the axes. */
export interface MdaSequence {
  /** Outermost first, of `tpzc`. */
  readonly axis_order?: string;
  /** None: one exposure with whatever light is chosen. */
  readonly channels?: readonly MdaChannel[];
  /** Planes at each point; null: the focus stays. */
  readonly z_plan?: MdaZPlan | null;
  /** Time points; null: one. */
  readonly time_plan?: MdaTimePlan | null;
  /** Places, in the order they are visited; none: the stage stays. */
  readonly stage_positions?: readonly MdaPosition[];
  /** Goes into the start document. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}
