import { isCamera, type PDevice } from 'redsun/sdk/device';
import type { SessionChannel } from '../../shared/config/session-schema.ts';
import type { AcquisitionFacts } from '../storage/layout/acquisition-facts.ts';
import { objectiveIn } from './fact-questions.ts';
import type { Optics } from './optics.ts';
import type { RecordedFacts } from './recorded-facts.ts';

/**
 * What devices, metadata and the operator say about how pictures of a camera are taken.
 * @param metadata - of the run, as far as it is known. @param recorded - counts where devices say nothing.
 */
export function acquisitionFacts(
  cameraName: string,
  devices: ReadonlyMap<string, PDevice>,
  optics: Optics,
  metadata: Readonly<Record<string, unknown>>,
  recorded: Pick<RecordedFacts, 'get'>,
): AcquisitionFacts {
  const camera = devices.get(cameraName);
  const objective = objectiveIn(devices);
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
      : recordedObjective(recorded),
    camera: isCamera(camera)
      ? {
          model: camera.sensor.model || textOf(recorded.get(`camera.${cameraName}.model`)),
          serial: camera.sensor.serial || textOf(recorded.get(`camera.${cameraName}.serial`)),
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
      emission_wavelength_nm: preset.emission_nm ?? null,
      settings: preset.set,
    })),
    operator: wordsOf(metadata.operator),
    sample: wordsOf(metadata.sample),
  };
}

function recordedObjective(recorded: Pick<RecordedFacts, 'get'>): AcquisitionFacts['objective'] {
  const objective = {
    label: textOf(recorded.get('objective.label')),
    magnification: numberOf(recorded.get('objective.magnification')),
    numerical_aperture: numberOf(recorded.get('objective.numerical_aperture')),
    immersion: textOf(recorded.get('objective.immersion')),
  };
  return Object.values(objective).every((value) => value === null) ? null : objective;
}

function textOf(value: string | number | null): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: string | number | null): number | null {
  return typeof value === 'number' ? value : null;
}

function wordsOf(value: unknown): string | Readonly<Record<string, unknown>> | null {
  if (typeof value === 'string') return value.trim() || null;
  return typeof value === 'object' && value !== null ? { ...value } : null;
}
