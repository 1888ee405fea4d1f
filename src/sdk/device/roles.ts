import type { FrameLayout } from '../storage/layout.ts';
import type { Signal } from '../virtual/signal.ts';
import type {
  Awaitable,
  Checkable,
  Configurable,
  Locatable,
  Movable,
  PDevice,
  Preparable,
  Readable,
  Stageable,
  Stoppable,
  Triggerable,
  WritesStreamAssets,
} from './protocols.ts';

/** What a device is to the operator. Live, STOP, channels and forms find devices by role, never by name. */
export const ROLES = ['camera', 'axis', 'xy-stage', 'light', 'shutter', 'selector', 'objective', 'autofocus'] as const;
/** What a device is to the operator. */
export type Role = (typeof ROLES)[number];

/** What devices of all roles have. */
export interface HasRole<R extends Role> extends PDevice {
  /** What it is to the operator. */
  readonly role: R;
  /** A read-back of this device changed: position, state, setting. */
  readonly changed: Signal<[]>;
}

/** One picture. `data` is lent for the synchronous call only: copy what you keep. */
export interface Frame {
  /** C order, `height` x `width`; the low `bitDepth` bits are used. */
  readonly data: Uint8Array | Uint16Array;
  /** Columns, px. */
  readonly widthPx: number;
  /** Rows, px. */
  readonly heightPx: number;
  /** Bits that mean something. */
  readonly bitDepth: number;
  /**
   * Counts of a pixel that holds no more: where the full well or the converter ends, whichever comes first. Absent: `2 ** bitDepth - 1`.
   */
  readonly ceilingCounts?: number;
  /** Index within the acquisition or the live view, from 0. */
  readonly index: number;
  /** Unix time (s) at the end of the exposure. */
  readonly time: number;
  /** How long it was exposed, ms. */
  readonly exposureMs: number;
}

/** A part of the sensor, in unbinned sensor pixels. */
export interface Region {
  /** First column, px. */
  readonly x: number;
  /** First row, px. */
  readonly y: number;
  /** Columns, px. */
  readonly width: number;
  /** Rows, px. */
  readonly height: number;
}

/** What a camera is set to. */
export interface CameraSettings {
  /** Exposure, ms. */
  readonly exposureMs: number;
  /** Electrons per count at `gain` 1 are a property of the camera; a gain of 2 doubles the counts. */
  readonly gain: number;
  /** Sensor pixels along each side of a pixel of the frame. */
  readonly binning: number;
  /** Bits per pixel. */
  readonly bitDepth: number;
  /** Part of the sensor that is read. */
  readonly region: Region;
}

/** From where to where a number may go, both included. */
export interface NumberRange {
  /** Least. */
  readonly low: number;
  /** Greatest. */
  readonly high: number;
}

/** What a camera may be set to. What it cannot do it says here: no binning is `[1]`, no regions is `regions: 'none'`. */
export interface CameraLimits {
  /** ms */
  readonly exposureMs: NumberRange;
  /** Factor on the counts. */
  readonly gain: NumberRange;
  /** Binnings that it knows. */
  readonly binnings: readonly number[];
  /** Bits per pixel that it knows. */
  readonly bitDepths: readonly number[];
  /** Whether a part of the sensor can be read alone. Absent: `free`. */
  readonly regions?: 'free' | 'none';
}

/** What an acquisition will ask of a camera; refines what `stage()` assumed. */
export interface TriggerInfo {
  /** Frames to come; 0: unknown. */
  readonly frames: number;
  /** How frames lie in the store; absent: one after the other along t. */
  readonly layout?: FrameLayout;
  /**
   * Number of the first frame in its acquisition: more than 0 where an interrupted one goes on. For cameras that count their frames, as
   * simulated ones do; stores count by themselves. Absent: 0.
   */
  readonly firstFrame?: number;
  /** What begins an exposure. Absent: `internal`. A camera that does not know it refuses. */
  readonly trigger?: DetectorTrigger;
  /** Time between the end of an exposure and the next trigger that the source of triggers leaves, s. Absent: enough. */
  readonly deadTimeS?: number;
  /** Exposures that make one event, each stored. Absent: 1. */
  readonly collectionsPerEvent?: number;
}

/**
 * What begins an exposure: the camera's own clock; an edge of a signal from outside, for an exposure as long as it is set; a signal from
 * outside, for an exposure as long as it lasts. The words are those of ophyd-async.
 */
export type DetectorTrigger = 'internal' | 'external-edge' | 'external-level';

/** The chip of a camera. */
export interface CameraSensor {
  /** Columns, px. */
  readonly widthPx: number;
  /** Rows, px. */
  readonly heightPx: number;
  /** Edge of a sensor pixel, um. */
  readonly pixelSizeUm: number;
  /** As the maker calls it. */
  readonly model: string;
  /** Of this very camera. */
  readonly serial: string;
}

/** Takes pictures. */
export interface Camera
  extends HasRole<'camera'>,
    Readable,
    Triggerable,
    Stageable,
    Stoppable,
    Configurable,
    Preparable<TriggerInfo>,
    WritesStreamAssets {
  /** Its chip. */
  readonly sensor: CameraSensor;
  /** As read back from the camera. */
  readonly settings: CameraSettings;
  /** What it may be set to. */
  readonly limits: CameraLimits;
  /** Rows and columns of a frame with these settings, px. */
  readonly frameShape: readonly [heightPx: number, widthPx: number];
  /** Type of a pixel with these settings. */
  readonly dtype: 'uint8' | 'uint16';
  /** Changes settings; refused while exposing for a run. @throws RedsunError `device/limit` with the limit in words. */
  applySettings(settings: Partial<CameraSettings>): Promise<void>;
  /** Called with each frame, live or acquired. */
  onFrame(listener: (frame: Frame) => void): Disposable;
  /** One picture that is not stored. */
  snap(signal: AbortSignal): Promise<void>;
  /** Frames as fast as exposure and readout allow, until `signal` aborts. Not stored. Resolves when it has ended. */
  live(signal: AbortSignal): Promise<void>;
}

/** Moves along a line or around a point. */
export interface Axis
  extends HasRole<'axis'>,
    Readable,
    Movable<number>,
    Locatable<number>,
    Stoppable,
    Checkable<number> {
  /** Of targets and read-backs; `um` for stages. */
  readonly units: 'um' | 'deg';
  /** Where it may go, in `units`. */
  readonly limits: NumberRange;
  /** A read-back further than this from its target is a mismatch, in `units`. */
  readonly tolerance: number;
  /** Last target that was asked for, in `units`; null when none was. */
  readonly target: number | null;
  /** Last read-back, in `units`; null when nobody has read it. */
  readonly position: number | null;
  /** On its way. */
  readonly moving: boolean;
}

/** Two axes that move together. Children are devices of their own, named `<name>-x` and `<name>-y`. */
export interface XYStage
  extends HasRole<'xy-stage'>,
    Readable,
    Movable<readonly [xUm: number, yUm: number]>,
    Locatable<readonly [xUm: number, yUm: number]>,
    Stoppable {
  /** Moves the sample along the columns of the picture. */
  readonly x: Axis;
  /** Moves the sample along its rows. */
  readonly y: Axis;
}

/** What a light is set to. */
export interface LightState {
  /** Shines. */
  readonly on: boolean;
  /** Of its greatest power, 0 to 100. */
  readonly intensityPercent: number;
}

/** Shines on the sample. */
export interface Light extends HasRole<'light'>, Readable, Movable<Partial<LightState>> {
  /** nm; null: white. */
  readonly wavelengthNm: number | null;
  /** As read back. */
  readonly state: LightState;
  /** Measured power, mW; null when the device cannot tell. */
  readonly powerMw: number | null;
  /** Out, whatever else is going on. Must not wait for anything else. */
  turnOff(): Awaitable<void>;
}

/** Lets light through or not. */
export interface Shutter extends HasRole<'shutter'>, Readable, Movable<'open' | 'closed'> {
  /** As read back. */
  readonly isOpen: boolean;
}

/** Stands at one of several labelled positions: a filter wheel, a beam splitter. */
export interface Selector extends HasRole<'selector'>, Readable, Movable<string> {
  /** Of its positions, in order. */
  readonly labels: readonly string[];
  /** Where it stands; while it moves, where it stood. */
  readonly selected: string;
  /** On its way. */
  readonly moving: boolean;
}

/** An objective. */
export interface ObjectiveInfo {
  /** As it is called in the session. */
  readonly label: string;
  /** Times. */
  readonly magnification: number;
  /** NA. */
  readonly numericalAperture: number;
  /** What is between it and the sample. */
  readonly immersion: 'air' | 'water' | 'oil';
}

/** Holds objectives, one of them in the light. */
export interface ObjectiveTurret extends HasRole<'objective'>, Readable, Movable<string> {
  /** What it holds, in order. */
  readonly objectives: readonly ObjectiveInfo[];
  /** Of its positions, in order. */
  readonly labels: readonly string[];
  /** What is in the light; while it moves, what was. */
  readonly selected: string;
  /** On its way. */
  readonly moving: boolean;
}

/** What a hardware autofocus does: nothing; looks for the surface; holds it; had it and lost it. */
export type AutofocusState = 'off' | 'searching' | 'locked' | 'lost';

/** Holds the distance to the sample by itself: a focus lock. Software that looks for the sharpest plane is a plan, not a device. */
export interface Autofocus extends HasRole<'autofocus'>, Readable, Movable<'on' | 'off'>, Stoppable {
  /** As read back. */
  readonly state: AutofocusState;
  /** Distance that is held, from the one that was calibrated, um; null when the device cannot tell. */
  readonly offsetUm: number | null;
  /** Changes the distance that is held. @throws RedsunError `device/limit` beyond its range; `device/not-locked` while it does not hold. */
  setOffset(offsetUm: number): Promise<void>;
}

/** A device of any role. */
export type RoleDevice = Camera | Axis | XYStage | Light | Shutter | Selector | ObjectiveTurret | Autofocus;

/** What can be set to one of several labels. */
export type LabelledDevice = Selector | ObjectiveTurret;

/** What a device of each role has beside the protocols of every device. */
const MEMBERS: Record<Role, readonly string[]> = {
  camera: [
    'read',
    'describe',
    'trigger',
    'stage',
    'unstage',
    'settings',
    'limits',
    'applySettings',
    'onFrame',
    'snap',
    'live',
  ],
  axis: ['read', 'describe', 'set', 'stop', 'locate', 'limits', 'units'],
  'xy-stage': ['read', 'describe', 'set', 'stop', 'x', 'y'],
  light: ['read', 'describe', 'set', 'state', 'turnOff'],
  shutter: ['read', 'describe', 'set', 'isOpen'],
  selector: ['read', 'describe', 'set', 'labels', 'selected'],
  objective: ['read', 'describe', 'set', 'labels', 'selected', 'objectives'],
  autofocus: ['read', 'describe', 'set', 'stop', 'state', 'offsetUm', 'setOffset'],
};

/** The role of a device, or null. Judged by its members, so that any bundle's class counts. */
export function roleOf(device: unknown): Role | null {
  if (typeof device !== 'object' || device === null || !('role' in device)) return null;
  const role = ROLES.find((known) => known === device.role);
  return role && missingMembers(device, role).length === 0 ? role : null;
}

/** What a device that claims `role` lacks. */
export function missingMembers(device: object, role: Role): string[] {
  return MEMBERS[role].filter((member) => !(member in device));
}

/** True when `device` has the role `camera` and all its members. */
export function isCamera(device: unknown): device is Camera {
  return roleOf(device) === 'camera';
}

/** True when `device` has the role `axis` and all its members. */
export function isAxis(device: unknown): device is Axis {
  return roleOf(device) === 'axis';
}

/** True when `device` has the role `xy-stage` and all its members. */
export function isXYStage(device: unknown): device is XYStage {
  return roleOf(device) === 'xy-stage';
}

/** True when `device` has the role `light` and all its members. */
export function isLight(device: unknown): device is Light {
  return roleOf(device) === 'light';
}

/** True when `device` has the role `shutter` and all its members. */
export function isShutter(device: unknown): device is Shutter {
  return roleOf(device) === 'shutter';
}

/** True when `device` has the role `selector` and all its members. */
export function isSelector(device: unknown): device is Selector {
  return roleOf(device) === 'selector';
}

/** True when `device` has the role `objective` and all its members. */
export function isObjectiveTurret(device: unknown): device is ObjectiveTurret {
  return roleOf(device) === 'objective';
}

/** True when `device` has the role `autofocus` and all its members. */
export function isAutofocus(device: unknown): device is Autofocus {
  return roleOf(device) === 'autofocus';
}
