import type { FrameIndex } from '../../storage/layout.ts';
import type { MdaAxis, MdaProperty } from './sequence.ts';

/** What an event does. */
export type MdaAction =
  | {
      /** Exposes all cameras. */
      readonly type: 'acquire_image';
    }
  | {
      /** Focuses by hardware. */
      readonly type: 'hardware_autofocus';
      /** null: the session's. */
      readonly autofocus_device_name: string | null;
      /** Distance to hold, um; null: as it is. */
      readonly autofocus_motor_offset: number | null;
      /** How often it is tried again. */
      readonly max_retries: number;
    };

/** A channel as an event names it. */
export interface MdaEventChannel {
  /** Name of a channel of the session. */
  readonly config: string;
  /** Kept in the document. */
  readonly group: string;
}

/** Place along each axis of useq; those that the event has. */
export type MdaIndex = Readonly<Partial<Record<MdaAxis, number>>>;

/** One exposure of a sequence, or what is done before it. */
export interface MdaEvent {
  /** Exposure or autofocus. */
  readonly action: MdaAction;
  /** As useq counts: tiles apart from positions, those of a sub-sequence from 0. */
  readonly index: MdaIndex;
  /** Where the frame goes in the store; no two exposures have the same. */
  readonly place: Required<FrameIndex>;
  /** null when the sequence names none. */
  readonly channel: MdaEventChannel | null;
  /** ms; null: the channel's own, or the camera's. */
  readonly exposureMs: number | null;
  /** Not before this long after the event timer was last reset, s; null: at once. */
  readonly minStartS: number | null;
  /** null: the position has none. */
  readonly posName: string | null;
  /** um; null: stays. */
  readonly xUm: number | null;
  /** um; null: stays. */
  readonly yUm: number | null;
  /** um; null: stays. */
  readonly zUm: number | null;
  /** What the channel adds to the height where there are no planes to add it to, um. */
  readonly zOffsetUm: number;
  /** To set before, when the position is reached; empty: nothing. */
  readonly properties: readonly MdaProperty[];
  /** The next event needs the same light: it stays on. */
  readonly keepShutterOpen: boolean;
  /** Times are counted from this event on. */
  readonly resetEventTimer: boolean;
  /** True: left out with its whole time point when the next one is due already. */
  readonly skippedWhenLate: boolean;
  /** When the next time point may start, s; null: there is none. */
  readonly nextStartS: number | null;
}
