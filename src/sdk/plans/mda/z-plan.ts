// Spelt as in the JSON of useq-schema 0.9.

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
