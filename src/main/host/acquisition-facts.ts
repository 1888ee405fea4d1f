import { isCamera, isObjectiveTurret, type PDevice } from 'redsun/sdk/device';
import type { SessionChannel } from '../../shared/config/session-schema.ts';
import type { AcquisitionFacts } from '../storage/acquisition-facts.ts';
import type { Optics } from './optics.ts';

/** What devices and metadata of a session say about how pictures of a camera are taken. @param metadata - of the run, as far as it is known. */
export function acquisitionFacts(
  cameraName: string,
  devices: ReadonlyMap<string, PDevice>,
  optics: Optics,
  metadata: Readonly<Record<string, unknown>>,
): AcquisitionFacts {
  const camera = devices.get(cameraName);
  const turret = [...devices.values()].find(isObjectiveTurret);
  const objective = turret?.objectives.find(({ label }) => label === turret.selected);
  const wavelengths = new Map(optics.lights.map(({ name, wavelengthNm }) => [name, wavelengthNm]));
  const wavelengthsOf = ({ lights }: SessionChannel) =>
    Object.entries(lights).flatMap(([name, percent]) => (percent > 0 ? [wavelengths.get(name) ?? null] : []));
  return {
    objective: objective
      ? {
          label: objective.label,
          magnification: objective.magnification,
          numerical_aperture: objective.numericalAperture,
          immersion: objective.immersion,
        }
      : null,
    camera: isCamera(camera)
      ? {
          model: camera.sensor.model || null,
          serial: camera.sensor.serial || null,
          gain: camera.settings.gain,
          binning: camera.settings.binning,
          bit_depth: camera.settings.bitDepth,
          exposure_ms: camera.settings.exposureMs,
        }
      : null,
    channels: [...optics.channels].map(([name, preset]) => ({
      name,
      exposure_ms: preset.exposure_ms,
      excitation_wavelengths_nm: wavelengthsOf(preset),
      settings: preset.set,
    })),
    operator: wordsOf(metadata.operator),
    sample: wordsOf(metadata.sample),
  };
}

function wordsOf(value: unknown): string | Readonly<Record<string, unknown>> | null {
  if (typeof value === 'string') return value.trim() || null;
  return typeof value === 'object' && value !== null ? { ...value } : null;
}
