// Spelt as in the JSON of useq-schema 0.9.

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
