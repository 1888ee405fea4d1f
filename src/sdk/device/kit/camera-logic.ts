import type { Awaitable } from '../protocols.ts';
import type { CameraLimits, CameraSensor, CameraSettings, DetectorTrigger, Frame } from '../roles.ts';

/** A frame that was read out. Its memory is lent until `release`, or until the next frame is asked for. */
export interface ReadFrame extends Pick<Frame, 'data' | 'time' | 'ceilingCounts'> {
  /** What it was exposed with, where settings may have changed since. Absent: the settings of now. */
  readonly settings?: CameraSettings;
  /** Mean of its pixels, counts; absent: it is worked out. */
  readonly meanCounts?: number;
  /** Its memory may be used again. */
  readonly release?: () => void;
}

/** What frames are asked for. */
export interface Acquire {
  /** How many; Infinity: until nobody asks for more, or the signal aborts. */
  readonly frames: number;
  /** Number of the first in its acquisition. */
  readonly firstFrame: number;
  /** What begins each exposure. */
  readonly trigger: DetectorTrigger;
  /** What to expose the next frame with: it may change in Live. */
  readonly settings: () => CameraSettings;
}

/** When frames are taken. */
export interface TriggerLogic {
  /** What may begin an exposure. Absent: the camera's own clock alone. */
  readonly triggers?: readonly DetectorTrigger[];
  /** Time after an exposure in which no trigger is heard, s. Absent: 0. */
  deadTimeS?(settings: CameraSettings): number;
}

/** How frames are taken. */
export interface AcquireLogic {
  /** Arms the camera, gives frame after frame as they are read out, and disarms it when `signal` aborts or nobody asks for more. */
  frames(asked: Acquire, signal: AbortSignal): AsyncIterable<ReadFrame>;
  /** Sets the camera before the next frame. @returns what it is set to, as read back. Absent: settings go with each frame. */
  apply?(settings: CameraSettings): Awaitable<CameraSettings>;
}

/** All that is special about a camera. */
export interface CameraLogic extends TriggerLogic, AcquireLogic {
  /** Its chip. */
  readonly sensor: CameraSensor;
  /** What it may be set to, and with that what it cannot do. */
  readonly limits: CameraLimits;
  /** What it is set to at first. Absent, or in part: the shortest exposure, gain 1, the first binning, the most bits, the whole sensor. */
  readonly start?: Partial<CameraSettings>;
}
