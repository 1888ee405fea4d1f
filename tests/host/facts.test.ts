// What papers are asked for: asked once, kept, and in every image.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import type { Fact, SessionState } from '../../src/shared/channels/session.ts';
import { openStore } from '../../src/shared/stores/index.ts';
import { item, QUICK_SESSION, temporaryFolder, testHost } from './test-host.ts';

const SESSION = QUICK_SESSION.replace("{colour: '#3ddc84',", "{colour: '#3ddc84', emission_nm: 525,");
const SNAP = item('mda', { sequence: { channels: [{ config: 'FITC' }, { config: 'Cy5' }] } });

function record(host: Host, answers: Record<string, unknown>): Promise<unknown> {
  return callChannel(host.server, 'session', 'recordFacts', { answers }, new AbortController().signal);
}

function factsOf(host: Host): readonly Fact[] {
  const state = host.server.retained('session', 'changed')?.value as SessionState | undefined;
  return state?.facts ?? [];
}

const openKeys = (host: Host) => factsOf(host).flatMap(({ key, asked }) => (asked ? [] : [key]));

async function storedBy(host: Host) {
  const { folder } = await host.runs.runToEnd(SNAP);
  const { attributes } = JSON.parse(await readFile(join(folder, 'data.ome.zarr', 'zarr.json'), 'utf8'));
  const { images } = await openStore(new FileByteSource(join(folder, 'data.ome.zarr')));
  return { acquisition: attributes.redsun.acquisition, omero: attributes.ome.omero, shown: images[0]?.acquisition };
}

test('what nobody says is asked once, kept over sessions, and in every image afterwards', async () => {
  const baseFolder = await temporaryFolder();
  const first = await testHost(SESSION, { baseFolder });
  const asked = ['operator', 'sample', 'label', 'magnification', 'numerical_aperture', 'immersion'];
  expect(openKeys(first)).toEqual(asked.map((key, at) => (at < 2 ? key : `objective.${key}`)));
  expect((await storedBy(first)).acquisition.missing).toEqual([
    'objective.label',
    'objective.magnification',
    'objective.numerical_aperture',
    'objective.immersion',
    'channels.emission_wavelength_nm',
    'operator',
    'sample',
  ]);
  await record(first, {
    operator: ' R. Franklin ',
    sample: '',
    'objective.label': 'Plan Apo',
    'objective.magnification': 20,
    'objective.numerical_aperture': 0.8,
    'objective.immersion': 'air',
  });
  expect(openKeys(first)).toEqual([]);
  await first.close();

  const second = await testHost(SESSION, { baseFolder });
  expect(factsOf(second)).toMatchObject([
    { key: 'operator', value: 'R. Franklin', asked: true },
    { key: 'sample', value: null, asked: true },
    { value: 'Plan Apo' },
    { value: 20 },
    { value: 0.8 },
    { value: 'air' },
  ]);
  const { acquisition, omero, shown } = await storedBy(second);
  expect(acquisition).toMatchObject({
    objective: { label: 'Plan Apo', magnification: 20, numerical_aperture: 0.8, immersion: 'air' },
    operator: 'R. Franklin',
    channels: [
      { name: 'FITC', excitation_wavelengths_nm: [488], emission_wavelength_nm: 525 },
      { name: 'Cy5', excitation_wavelengths_nm: [640], emission_wavelength_nm: null },
    ],
    // Left blank is not the same as known.
    missing: ['channels.emission_wavelength_nm', 'sample'],
  });
  expect(omero.channels.map((channel: Record<string, unknown>) => channel.emissionWave)).toEqual([525, undefined]);
  expect(shown?.facts).toEqual(
    expect.arrayContaining([
      { name: 'NA', words: '0.8' },
      { name: 'FITC', words: 'excitation 488 nm; emission 525 nm' },
    ]),
  );
});

test('operator and sample are words of the run, can be changed, and are taken back', async () => {
  const host = await testHost(SESSION);
  const starts: unknown[] = [];
  host.services.engine.subscribe((_, doc) => void starts.push(doc), 'start');
  for (const sample of ['kidney', 'liver', null]) {
    await record(host, { sample });
    await host.runs.runToEnd(item('count', {}, [['z']]));
  }
  expect(starts).toMatchObject([{ sample: 'kidney' }, { sample: 'liver' }, {}]);
  expect(starts[2]).not.toHaveProperty('sample');
});

test('what the session says is not asked', async () => {
  const host = await testHost(
    SESSION.replace('session: test', 'session: test\nmetadata: {operator: W, sample: {name: x}}'),
  );
  expect(openKeys(host).filter((key) => !key.startsWith('objective'))).toEqual([]);
  await expect(record(host, { operator: 'me' })).rejects.toMatchObject({ message: 'Nobody asked for "operator".' });
});

test('an answer that cannot be is refused with what was expected, and nothing is kept of it', async () => {
  const host = await testHost(SESSION);
  await expect(record(host, { 'objective.numerical_aperture': 20 })).rejects.toMatchObject({
    code: 'facts/invalid',
    message: 'Numerical aperture: expected a number above 0, at most 2, got 20',
  });
  await expect(record(host, { sampel: 'x' })).rejects.toMatchObject({
    message: 'Nobody asked for "sampel". Did you mean "sample"?',
  });
  expect(openKeys(host)).toHaveLength(6);
});

test('in a dry run facts count, and are not written', async () => {
  const baseFolder = join(await temporaryFolder(), 'runs');
  const host = await testHost(SESSION, { baseFolder, isDryRun: true });
  await record(host, { operator: 'me' });
  expect(openKeys(host)).not.toContain('operator');
  await host.close();
  await expect(readdir(baseFolder)).rejects.toMatchObject({ code: 'ENOENT' });
});
