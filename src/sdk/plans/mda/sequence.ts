// The part of useq-schema 0.9's MDASequence that is acquired today: axes t, p, z, c. Spelt as in its JSON.

export interface MdaChannel {
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

export type MdaZPlan =
  | { readonly range: number; readonly step: number; readonly go_up?: boolean }
  | { readonly above: number; readonly below: number; readonly step: number; readonly go_up?: boolean }
  | { readonly top: number; readonly bottom: number; readonly step: number; readonly go_up?: boolean }
  | { readonly relative: readonly number[]; readonly go_up?: boolean }
  | { readonly absolute: readonly number[]; readonly go_up?: boolean };

/** Seconds. */
export type MdaTimePlan = { readonly interval: number; readonly loops: number };

export interface MdaPosition {
  readonly x?: number | null;
  readonly y?: number | null;
  readonly z?: number | null;
  readonly name?: string | null;
}

export interface MdaSequence {
  /** Outermost first, of `tpzc`. */
  readonly axis_order?: string;
  readonly channels?: readonly MdaChannel[];
  readonly z_plan?: MdaZPlan | null;
  readonly time_plan?: MdaTimePlan | null;
  readonly stage_positions?: readonly MdaPosition[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}
