import { nearMissHint, RedsunError, ValueError } from '../../util/index.ts';
import type { CameraLimits, CameraSensor, CameraSettings, Region } from '../roles.ts';

/** Smaller regions are refused. */
const MIN_REGION_PX = 16;

/** Rows and columns of a frame, px. */
export function frameShapeOf({
  region,
  binning,
}: Pick<CameraSettings, 'region' | 'binning'>): readonly [heightPx: number, widthPx: number] {
  return [Math.floor(region.height / binning), Math.floor(region.width / binning)];
}

/** All of a sensor. */
export function wholeOf({ widthPx, heightPx }: CameraSensor): Region {
  return { x: 0, y: 0, width: widthPx, height: heightPx };
}

/** The settings with some of them changed. @throws RedsunError `device/limit` with the limit in words */
export function changedSettings(
  camera: string,
  before: CameraSettings,
  changes: Partial<CameraSettings>,
  { limits, sensor }: { readonly limits: CameraLimits; readonly sensor: CameraSensor },
): CameraSettings {
  const after = { ...before, ...changes };
  const refuse = (what: string): never => {
    throw new RedsunError('device/limit', `${camera}: ${what}`);
  };
  const { exposureMs, gain, binnings, bitDepths } = limits;
  if (!(after.exposureMs >= exposureMs.low && after.exposureMs <= exposureMs.high)) {
    refuse(`an exposure of ${after.exposureMs} ms is outside its limits ${exposureMs.low} to ${exposureMs.high} ms`);
  }
  if (!(after.gain >= gain.low && after.gain <= gain.high)) {
    refuse(`a gain of ${after.gain} is outside its limits ${gain.low} to ${gain.high}`);
  }
  if (!binnings.includes(after.binning)) {
    const known = binnings.length === 1 && binnings[0] === 1 ? 'it cannot bin' : `there are ${binnings.join(', ')}`;
    refuse(`no binning ${after.binning}; ${known}`);
  }
  if (!bitDepths.includes(after.bitDepth)) {
    refuse(`no bit depth ${after.bitDepth}; there are ${bitDepths.join(', ')}`);
  }
  const fault = regionFault(after.region, sensor, limits);
  if (fault !== null) refuse(fault);
  return after;
}

function regionFault(
  { x, y, width, height }: Region,
  { widthPx, heightPx }: CameraSensor,
  { regions = 'free' }: CameraLimits,
): string | null {
  const said = `a region of ${width} x ${height} px at (${x}, ${y})`;
  if (![x, y, width, height].every(Number.isInteger)) return `${said} is not in whole pixels`;
  const isWhole = x === 0 && y === 0 && width === widthPx && height === heightPx;
  if (regions === 'none' && !isWhole) return `${said} cannot be read alone: it gives all ${widthPx} x ${heightPx} px`;
  if (!isWhole && (width < MIN_REGION_PX || height < MIN_REGION_PX))
    return `${said} is smaller than ${MIN_REGION_PX} px`;
  if (x < 0 || y < 0 || x + width > widthPx || y + height > heightPx) {
    return `${said} does not fit on the sensor of ${widthPx} x ${heightPx} px`;
  }
  return null;
}

const PLAN_KEYS = {
  exposure_ms: 'exposureMs',
  gain: 'gain',
  binning: 'binning',
  bit_depth: 'bitDepth',
  region: 'region',
} as const;

/** Settings as plans and session files spell them. @throws ValueError for a key or a value that makes no sense */
export function settingsFromPlan(camera: string, settings: Readonly<Record<string, unknown>>): Partial<CameraSettings> {
  const changes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(settings)) {
    if (!isPlanKey(key)) {
      throw new ValueError(`${camera}: no setting "${key}".${nearMissHint(key, Object.keys(PLAN_KEYS))}`);
    }
    changes[PLAN_KEYS[key]] = key === 'region' ? regionOf(camera, value) : numberOf(camera, key, value);
  }
  return changes;
}

function isPlanKey(key: string): key is keyof typeof PLAN_KEYS {
  return Object.hasOwn(PLAN_KEYS, key);
}

function numberOf(camera: string, key: string, value: unknown): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  throw new ValueError(`${camera}: ${key}: expected a number, got ${JSON.stringify(value)}`);
}

function regionOf(camera: string, value: unknown): Region {
  if (Array.isArray(value) && value.length === 4) {
    const [x, y, width, height] = value.map((part) => numberOf(camera, 'region', part));
    return { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 };
  }
  throw new ValueError(`${camera}: region: expected [x, y, width, height] in px, got ${JSON.stringify(value)}`);
}
