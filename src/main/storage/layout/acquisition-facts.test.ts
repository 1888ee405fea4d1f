import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layoutOf, startRamp, type TestFolder, testFolder } from '../../../../tests/stores/ramp-store.ts';
import type { SourceDescription } from '../writer/zarr-writer.ts';
import { type AcquisitionFacts, acquisitionMetadata } from './acquisition-facts.ts';

const FACTS: AcquisitionFacts = {
  objective: { label: '20x', magnification: 20, numerical_aperture: 0.8, immersion: 'air' },
  camera: { model: 'Simulated 1', serial: 'S-7', gain: 2, binning: 1, bit_depth: 12, exposure_ms: 20 },
  channels: [
    {
      name: 'channel-0',
      exposure_ms: 20,
      excitation_wavelengths_nm: [488],
      emission_wavelength_nm: 525,
      settings: { filters: 'GFP' },
    },
    { name: 'unused', exposure_ms: 20, excitation_wavelengths_nm: [561], emission_wavelength_nm: null, settings: {} },
  ],
  operator: 'R. Franklin',
  sample: 'B-DNA',
};

let folder: TestFolder;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

/** What a store says of how its image was taken. */
async function stored(description: Partial<SourceDescription>): Promise<unknown> {
  const camera = { name: 'camera', dtype: 'uint16', shape: [40, 30], layout: layoutOf('tc', { t: 1, c: 1 }) } as const;
  const describe = (name: string) => ({ pixelSizeUm: 0.65, omeName: name, ...description });
  const run = await startRamp(folder.path, [camera], { describe });
  await run.writeRamp(0, 1);
  await run.close();
  return JSON.parse(await readFile(join(run.storeDir, 'zarr.json'), 'utf8')).attributes.redsun.acquisition;
}

test('a store says how its pictures were taken, with the channels that were used', async () => {
  expect(await stored({ acquisition: FACTS })).toEqual({
    objective: FACTS.objective,
    camera: FACTS.camera,
    channels: FACTS.channels.slice(0, 1),
    operator: 'R. Franklin',
    sample: 'B-DNA',
    missing: [],
  });
});

test('what nobody knows is named as missing', async () => {
  const camera = { ...FACTS.camera, serial: null } as AcquisitionFacts['camera'];
  expect(await stored({ acquisition: { ...FACTS, camera, objective: null, sample: null } })).toMatchObject({
    objective: null,
    missing: [
      'objective.label',
      'objective.magnification',
      'objective.numerical_aperture',
      'objective.immersion',
      'camera.serial',
      'sample',
    ],
  });
});

test('light of a laser without an emission filter that is known is missing; white light has none', () => {
  const missing = (excitation: readonly (number | null)[]) => {
    const [known] = FACTS.channels;
    const channel = { ...known, name: 'a', exposure_ms: 20, settings: {}, emission_wavelength_nm: null };
    const channels = [{ ...channel, excitation_wavelengths_nm: excitation }];
    return acquisitionMetadata({ ...FACTS, channels }, ['a']).missing;
  };
  expect(missing([488])).toEqual(['channels.emission_wavelength_nm']);
  expect(missing([null])).toEqual([]);
});

test('a store of which nothing is known says so', async () => {
  const { missing } = (await stored({})) as { missing: string[] };
  expect(missing).toEqual(
    expect.arrayContaining(['objective.numerical_aperture', 'camera.model', 'operator', 'sample']),
  );
  expect(missing).toContain('channels.excitation_wavelengths_nm');
});
