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
export const ROLES = ['camera', 'axis', 'xy-stage', 'light', 'shutter', 'selector', 'objective'] as const;
export type Role = (typeof ROLES)[number];

interface HasRole<R extends Role> extends PDevice {
  readonly role: R;
  /** A read-back of this device changed: position, state, setting. */
  readonly changed: Signal<[]>;
}

/** One picture. `data` is lent for the synchronous call only: copy what you keep. */
export interface Frame {
  /** C order, `height` x `width`; the low `bitDepth` bits are used. */
  readonly data: Uint8Array | Uint16Array;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bitDepth: number;
  /** Index within the acquisition or the live view, from 0. */
  readonly index: number;
  /** Unix time (s) at the end of the exposure. */
  readonly time: number;
  readonly exposureMs: number;
}

/** A part of the sensor, in unbinned sensor pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface CameraSettings {
  readonly exposureMs: number;
  /** Electrons per count at `gain` 1 are a property of the camera; a gain of 2 doubles the counts. */
  readonly gain: number;
  readonly binning: number;
  readonly bitDepth: number;
  readonly region: Region;
}

export interface CameraLimits {
  readonly exposureMs: { readonly low: number; readonly high: number };
  readonly gain: { readonly low: number; readonly high: number };
  readonly binnings: readonly number[];
  readonly bitDepths: readonly number[];
}

/** What an acquisition will ask of a camera; refines what `stage()` assumed. */
export interface TriggerInfo {
  /** Frames to come; 0: unknown. */
  readonly frames: number;
  /** How frames lie in the store; absent: one after the other along t. See `FrameLayout` of the storage module. */
  readonly layout?: unknown;
}

export interface Camera
  extends HasRole<'camera'>,
    Readable,
    Triggerable,
    Stageable,
    Stoppable,
    Configurable,
    Preparable<TriggerInfo>,
    WritesStreamAssets {
  readonly sensor: {
    readonly widthPx: number;
    readonly heightPx: number;
    /** Edge of a sensor pixel, um. */
    readonly pixelSizeUm: number;
    readonly model: string;
    readonly serial: string;
  };
  /** As read back from the camera. */
  readonly settings: CameraSettings;
  readonly limits: CameraLimits;
  /** Rows and columns of a frame with these settings, px. */
  readonly frameShape: readonly [heightPx: number, widthPx: number];
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

export interface Axis
  extends HasRole<'axis'>,
    Readable,
    Movable<number>,
    Locatable<number>,
    Stoppable,
    Checkable<number> {
  /** Of targets and read-backs; `um` for stages. */
  readonly units: 'um' | 'deg';
  readonly limits: { readonly low: number; readonly high: number };
  /** A read-back further than this from its target is a mismatch, in `units`. */
  readonly tolerance: number;
  /** Last target that was asked for, in `units`; null when none was. */
  readonly target: number | null;
  /** Last read-back, in `units`; null when nobody has read it. */
  readonly position: number | null;
  readonly moving: boolean;
}

/** Two axes that move together. Children are devices of their own, named `<name>-x` and `<name>-y`. */
export interface XYStage
  extends HasRole<'xy-stage'>,
    Readable,
    Movable<readonly [xUm: number, yUm: number]>,
    Locatable<readonly [xUm: number, yUm: number]>,
    Stoppable {
  readonly x: Axis;
  readonly y: Axis;
}

export interface LightState {
  readonly on: boolean;
  readonly intensityPercent: number;
}

export interface Light extends HasRole<'light'>, Readable, Movable<Partial<LightState>> {
  /** Null: white. */
  readonly wavelengthNm: number | null;
  readonly state: LightState;
  /** Measured power, mW; null when the device cannot tell. */
  readonly powerMw: number | null;
  /** Out, whatever else is going on. Must not wait for anything else. */
  turnOff(): Awaitable<void>;
}

export interface Shutter extends HasRole<'shutter'>, Readable, Movable<'open' | 'closed'> {
  readonly isOpen: boolean;
}

export interface Selector extends HasRole<'selector'>, Readable, Movable<string> {
  readonly labels: readonly string[];
  readonly selected: string;
  readonly moving: boolean;
}

export interface ObjectiveInfo {
  readonly label: string;
  readonly magnification: number;
  readonly numericalAperture: number;
  readonly immersion: 'air' | 'water' | 'oil';
}

export interface ObjectiveTurret extends HasRole<'objective'>, Readable, Movable<string> {
  readonly objectives: readonly ObjectiveInfo[];
  readonly labels: readonly string[];
  readonly selected: string;
  readonly moving: boolean;
}

export type RoleDevice = Camera | Axis | XYStage | Light | Shutter | Selector | ObjectiveTurret;

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

const withRole =
  <D extends RoleDevice>(role: D['role']) =>
  (device: unknown): device is D =>
    roleOf(device) === role;

export const isCamera = withRole<Camera>('camera');
export const isAxis = withRole<Axis>('axis');
export const isXYStage = withRole<XYStage>('xy-stage');
export const isLight = withRole<Light>('light');
export const isShutter = withRole<Shutter>('shutter');
export const isSelector = withRole<Selector>('selector');
export const isObjectiveTurret = withRole<ObjectiveTurret>('objective');
