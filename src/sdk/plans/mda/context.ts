import type { PDevice } from '../../device/protocols.ts';
import type { Autofocus, Axis, Camera, XYStage } from '../../device/roles.ts';
import type { Plan } from '../../engine/msg.ts';
import type { FrameIndex } from '../../storage/layout.ts';
import type { MdaOrigin } from './expand.ts';

/** What a named channel means on this microscope; given by the session. */
export interface ChannelPlans {
  /** `#rrggbb`, for the picture. */
  readonly colour: string;
  /** Exposure, ms, where the sequence gives none. */
  readonly exposureMs: number;
  /** Sets filter, intensities; lights stay as they are. */
  select(): Plan<unknown>;
  /** Lights of the channel on, shutter open. */
  illuminate(): Plan<unknown>;
  /** The same lights off, shutter closed. */
  darken(): Plan<unknown>;
}

/** An interrupted sequence that goes on. */
export interface MdaResume {
  /** Where the stage and the focus were when it began: `mda_origin_um` of its start document. */
  readonly origin: MdaOrigin;
  /** True when the frame of a place is there, of every camera. */
  readonly isDone: (place: Required<FrameIndex>) => boolean;
  /** Number of the first frame that is taken now, among those of a camera. */
  readonly firstFrame: number;
}

/** The devices that a sequence is acquired with. */
export interface MdaContext {
  /** Cameras that expose at each event, in the order of the start document. */
  readonly cameras: readonly Camera[];
  /** Null: the microscope has none, and a sequence that needs it is refused before the run. */
  readonly xy: XYStage | null;
  /** Focus axis, um; null: the microscope has none, and a sequence with planes is refused before the run. */
  readonly z: Axis | null;
  /** Channels of the session, by the name that a sequence uses. */
  readonly channels: ReadonlyMap<string, ChannelPlans>;
  /** Remembers what the light path is set to. @returns a plan that sets it so again. Default: it stays as the last channel has it. */
  readonly rememberLightPath?: () => () => Plan<unknown>;
  /** Focus locks; the first one is taken where a sequence names none. Default: there are none. */
  readonly autofocuses?: readonly Autofocus[];
  /** What positions set properties of, by name. Default: nothing. */
  readonly devices?: ReadonlyMap<string, PDevice>;
  /** Size of the camera's field of view in the sample, um; null or absent: nobody knows. */
  readonly fieldOfViewUm?: readonly [widthUm: number, heightUm: number] | null;
  /** From 0 up to but not including 1, for what a sequence leaves to chance. Default: `Math.random`. */
  readonly random?: () => number;
  /** Where an interrupted sequence goes on. Absent: it is taken from the start. */
  readonly resume?: MdaResume;
  /** Monotonic time, s, that stands still while the run is paused: times of the sequence move by the length of a pause. */
  readonly nowS: () => number;
  /** Hears how the times of the sequence are kept. Default: nobody. */
  readonly onTimePoint?: (point: MdaTimePoint) => void;
}

/** How one time of a sequence was kept, at one of the places that have times of their own. */
export type MdaTimePoint =
  | {
      /** It has begun. */
      readonly kind: 'begun';
      /** When it was due, counted from the first of its times, s. */
      readonly dueS: number;
      /** How much later it was, s. */
      readonly lateS: number;
    }
  | {
      /** It was left out, as the next one was due already. */
      readonly kind: 'left-out';
    };
