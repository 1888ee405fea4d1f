import {
  type DeviceContext,
  isAxis,
  isLight,
  isObjectiveTurret,
  isSelector,
  isShutter,
  isXYStage,
  type Light,
  type PDevice,
  type RoleDevice,
} from 'redsun/sdk/device';
import { nearMissHint, RedsunError } from 'redsun/sdk/util';
import type { RectangleUm, Structure } from '../render/protocol.ts';
import type { CameraOptions } from './camera-options.ts';

/** Electrons per mW, ms and um2 of a pixel at the specimen where the density is 1; for dyes also per square of the aperture. */
const DYE_YIELD = 300;
const TRANSMITTED_YIELD = 350;
/** Light of the dye's colour from everywhere, as a part of a density of 1. */
const AUTOFLUORESCENCE = 0.01;
/** What a filter lets through that it should not. */
const LEAK = 0.003;
/** A part of the whole too small to see; it would cost as much time as the rest. */
const NEGLIGIBLE = 0.005;
const EXCITATION_WIDTH_NM = 22;
/** Power of the lamp that is always on, where a session names no lights. */
const HOUSE_LAMP_MW = 10;

const DYES = [
  { structure: 'nuclei', cube: 'DAPI', excitationNm: 395, brightness: 1 },
  { structure: 'fibres', cube: 'FITC', excitationNm: 490, brightness: 1 },
  { structure: 'puncta', cube: 'Cy5', excitationNm: 642, brightness: 0.4 },
] as const;

/** What the camera would see now. */
export interface LightPath {
  /** Edge of an unbinned pixel at the specimen. */
  readonly pitchUm: number;
  /** What lies under the middle of the sensor. */
  readonly centreUm: readonly [xUm: number, yUm: number];
  readonly blurUm: number;
  /** Electrons per ms and um2 where the density is 1. */
  readonly signals: readonly { readonly structure: Structure; readonly rate: number }[];
  /** Electrons per ms and um2 from everywhere. */
  readonly backgroundRate: number;
  /** Power that reaches each dye. */
  readonly powers: readonly { readonly structure: Structure; readonly powerMw: number }[];
  readonly area: RectangleUm;
}

/** Looks from the specimen to the sensor through whatever devices the options name. */
export function lookThrough(camera: string, options: CameraOptions, devices: DeviceContext['devices']): LightPath {
  const find = <D extends RoleDevice>(name: string | undefined, key: string, is: (device: unknown) => device is D) =>
    name === undefined ? null : requireDevice(camera, devices, name, key, is);
  const xy = find(options.xy, 'xy', isXYStage);
  const z = find(options.z, 'z', isAxis);
  const turret = find(options.turret, 'turret', isObjectiveTurret);
  const objective = turret?.objectives.find(({ label }) => label === turret.selected);
  const aperture = objective?.numericalAperture ?? options.numerical_aperture;
  const pitchUm = options.pixel_size_um / (objective?.magnification ?? options.magnification);
  const centreUm = [xy ? placeOf(xy.x) : 0, xy ? placeOf(xy.y) : 0] as const;
  const fieldUm = options.size_px * pitchUm;
  const focusUm = options.specimen_z_um + (options.specimen_tilt_um_per_mm * centreUm[0]) / 1000;
  const defocusUm = z ? placeOf(z) - focusUm : 0;

  const cube = find(options.wheel, 'wheel', isSelector)?.selected ?? null;
  const shutter = find(options.shutter, 'shutter', isShutter);
  const beams = (options.lights ?? []).map((name) => beamOf(requireDevice(camera, devices, name, 'lights', isLight)));
  if (options.lights === undefined) beams.push({ powerMw: HOUSE_LAMP_MW, wavelengthNm: null });
  const lit = shutter === null || shutter.isOpen ? beams.filter(({ powerMw }) => powerMw > 0) : [];
  return {
    pitchUm,
    centreUm,
    blurUm: blurOf(aperture, defocusUm),
    area: {
      xUm: centreUm[0] - fieldUm / 2,
      yUm: centreUm[1] - fieldUm / 2,
      widthUm: fieldUm,
      heightUm: fieldUm,
    },
    ...shownBy(lit, cube, aperture),
  };
}

/** The devices that a picture depends on. */
export function devicesOnPath(options: CameraOptions, devices: DeviceContext['devices']): PDevice[] {
  const { xy, z, turret, wheel, shutter, lights = [] } = options;
  return [xy, z, turret, wheel, shutter, ...lights].flatMap((name) => {
    const device = name === undefined ? undefined : devices.get(name);
    return device ? [device] : [];
  });
}

interface Beam {
  readonly powerMw: number;
  /** Null: white. */
  readonly wavelengthNm: number | null;
}

function shownBy(
  beams: readonly Beam[],
  cube: string | null,
  aperture: number,
): Pick<LightPath, 'signals' | 'backgroundRate' | 'powers'> {
  const signals: { structure: Structure; rate: number }[] = [];
  const powers: { structure: Structure; powerMw: number }[] = [];
  let backgroundRate = 0;
  const cubeDye = DYES.find((dye) => dye.cube.toLowerCase() === cube?.toLowerCase());
  for (const dye of DYES) {
    const absorbedMw = beams.reduce((sum, beam) => sum + beam.powerMw * excitation(beam, dye, cubeDye), 0);
    if (absorbedMw <= 0) continue;
    const passed = cubeDye === undefined || cubeDye === dye ? 1 : LEAK;
    const rate = DYE_YIELD * dye.brightness * absorbedMw * aperture ** 2 * passed;
    signals.push({ structure: dye.structure, rate });
    powers.push({ structure: dye.structure, powerMw: absorbedMw });
    backgroundRate += AUTOFLUORESCENCE * rate;
  }
  // Without a cube in the way the lamp shines through the specimen and onto the sensor.
  const whiteMw = beams.reduce((sum, beam) => sum + (beam.wavelengthNm === null ? beam.powerMw : 0), 0);
  if (whiteMw > 0 && cubeDye === undefined) {
    signals.push({ structure: 'transmission', rate: TRANSMITTED_YIELD * whiteMw });
  }
  const [brightest, strongest] = [
    Math.max(...signals.map(({ rate }) => rate)),
    Math.max(...powers.map(({ powerMw }) => powerMw)),
  ];
  return {
    signals: signals.filter(({ rate }) => rate > NEGLIGIBLE * brightest),
    powers: powers.filter(({ powerMw }) => powerMw > NEGLIGIBLE * strongest),
    backgroundRate,
  };
}

/** Part of a beam that excites a dye. A cube selects its dye's part of white light; without one, the lamp is below the specimen. */
function excitation(beam: Beam, dye: (typeof DYES)[number], cubeDye: (typeof DYES)[number] | undefined): number {
  if (beam.wavelengthNm === null) return cubeDye === dye ? 0.5 : 0;
  return LEAK + (1 - LEAK) * Math.exp(-(((beam.wavelengthNm - dye.excitationNm) / EXCITATION_WIDTH_NM) ** 2));
}

/** Power as it is, where a simulated light tells it, else as measured or asked for. */
function beamOf(light: Light): Beam {
  const { wavelengthNm, state, powerMw } = light;
  if (!state.on) return { powerMw: 0, wavelengthNm };
  const emitted = 'emittedPowerMw' in light ? light.emittedPowerMw : null;
  return { powerMw: typeof emitted === 'number' ? emitted : (powerMw ?? state.intensityPercent), wavelengthNm };
}

/**
 * Diffraction, and the cone of light that the aperture takes up, cut where the specimen is. Standard deviation, um.
 * An even disk would have half its radius; it is less here, as cells are some um thick and part of them is in better focus.
 */
function blurOf(aperture: number, defocusUm: number): number {
  const diffractionUm = (0.21 * 0.55) / aperture;
  const cone = Math.tan(Math.asin(Math.min(0.97, aperture)));
  return Math.hypot(diffractionUm, 0.35 * cone * defocusUm);
}

/** Where an axis really stands, if it tells, else where it says it is. */
function placeOf(axis: { readonly position: number | null }): number {
  const truth = 'truePositionUm' in axis ? axis.truePositionUm : null;
  return typeof truth === 'number' ? truth : (axis.position ?? 0);
}

function requireDevice<D extends RoleDevice>(
  camera: string,
  devices: DeviceContext['devices'],
  name: string,
  key: string,
  is: (device: unknown) => device is D,
): D {
  const device: unknown = devices.get(name);
  if (device === undefined) {
    const hint = nearMissHint(name, devices.keys());
    throw new RedsunError(
      'device/unknown',
      `${camera}: option "${key}" names "${name}", and there is no such device.${hint}`,
    );
  }
  if (!is(device)) {
    throw new RedsunError('device/role', `${camera}: option "${key}" names "${name}", which is something else`);
  }
  return device;
}
