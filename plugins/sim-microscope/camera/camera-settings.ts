import type { CameraLimits, CameraSettings, Region } from 'redsun/sdk/device';
import { nearMissHint, RedsunError, ValueError } from 'redsun/sdk/util';
import { z } from 'zod';

/** Smaller regions are refused. */
const MIN_REGION_PX = 16;

export const CAMERA_LIMITS: CameraLimits = {
  exposureMs: { low: 0.01, high: 60_000 },
  gain: { low: 0.1, high: 16 },
  binnings: [1, 2, 4],
  bitDepths: [8, 12, 16],
};

/** The settings with some of them changed. @throws RedsunError `device/limit` with the limit in words. */
export function changedSettings(
  camera: string,
  before: CameraSettings,
  changes: Partial<CameraSettings>,
  sizePx: number,
): CameraSettings {
  const after = { ...before, ...changes };
  const refuse = (what: string): never => {
    throw new RedsunError('device/limit', `${camera}: ${what}`);
  };
  const { exposureMs, gain } = CAMERA_LIMITS;
  if (!(after.exposureMs >= exposureMs.low && after.exposureMs <= exposureMs.high)) {
    refuse(`an exposure of ${after.exposureMs} ms is outside its limits ${exposureMs.low} to ${exposureMs.high} ms`);
  }
  if (!(after.gain >= gain.low && after.gain <= gain.high)) {
    refuse(`a gain of ${after.gain} is outside its limits ${gain.low} to ${gain.high}`);
  }
  if (!CAMERA_LIMITS.binnings.includes(after.binning)) {
    refuse(`no binning ${after.binning}; there are ${CAMERA_LIMITS.binnings.join(', ')}`);
  }
  if (!CAMERA_LIMITS.bitDepths.includes(after.bitDepth)) {
    refuse(`no bit depth ${after.bitDepth}; there are ${CAMERA_LIMITS.bitDepths.join(', ')}`);
  }
  const fault = regionFault(after.region, sizePx);
  if (fault !== null) refuse(fault);
  return after;
}

function regionFault({ x, y, width, height }: Region, sizePx: number): string | null {
  const said = `a region of ${width} x ${height} px at (${x}, ${y})`;
  if (![x, y, width, height].every(Number.isInteger)) return `${said} is not in whole pixels`;
  if (width < MIN_REGION_PX || height < MIN_REGION_PX) return `${said} is smaller than ${MIN_REGION_PX} px`;
  if (x < 0 || y < 0 || x + width > sizePx || y + height > sizePx) {
    return `${said} does not fit on the sensor of ${sizePx} x ${sizePx} px`;
  }
  return null;
}

const configurable = {
  exposure_ms: z.number(),
  gain: z.number(),
  binning: z.number(),
  bit_depth: z.number(),
  region: z.tuple([z.number(), z.number(), z.number(), z.number()]),
} as const;

/** Settings as plans and session files spell them. @throws ValueError for a key or a value that makes no sense. */
export function settingsFromPlan(camera: string, settings: Readonly<Record<string, unknown>>): Partial<CameraSettings> {
  for (const key of Object.keys(settings)) {
    if (!(key in configurable)) {
      throw new ValueError(`${camera}: no setting "${key}".${nearMissHint(key, Object.keys(configurable))}`);
    }
  }
  const parsed = z.strictObject(configurable).partial().safeParse(settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ValueError(`${camera}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { exposure_ms, gain, binning, bit_depth, region } = parsed.data;
  return {
    ...(exposure_ms === undefined ? {} : { exposureMs: exposure_ms }),
    ...(gain === undefined ? {} : { gain }),
    ...(binning === undefined ? {} : { binning }),
    ...(bit_depth === undefined ? {} : { bitDepth: bit_depth }),
    ...(region === undefined ? {} : { region: { x: region[0], y: region[1], width: region[2], height: region[3] } }),
  };
}
