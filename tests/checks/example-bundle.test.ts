import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BenchLaser } from '../../docs/examples/bench-laser/bench-laser.ts';
import { type Bundle, scanBundles } from '../../src/main/plugins/load-bundle.ts';
import type { OpenLink } from '../../src/sdk/device/index.ts';
import {
  createTestContext,
  deviceChecks,
  type FakeLinks,
  fakeLinks,
  ManualClock,
} from '../../src/sdk/testing/index.ts';
import { item, QUICK_SESSION, testHost } from '../host/test-host.ts';
import { root } from './repository-checks.ts';

const examples = join(root, 'docs', 'examples');
const SESSION = QUICK_SESSION.replace(
  'channels:',
  `  bench: {plugin_name: bench-laser, plugin_id: laser, port: /dev/ttyUSB7, wavelength_nm: 561}
channels:
  TRITC: {colour: '#ffb020', exposure_ms: 1, lights: {bench: 40}}`,
);

/** A laser at the other end of a serial line. */
function laserAt(answer: (command: string) => string): FakeLinks {
  return fakeLinks(answer);
}

/** One that obeys and can say whether it is on. */
function obedientLaser(): FakeLinks {
  let state = 'OFF';
  return laserAt((command) => {
    if (command === '?') return state;
    if (command === 'ON' || command === 'OFF') state = command;
    return 'OK';
  });
}

async function hostWith(openLink: OpenLink) {
  return testHost(SESSION, { bundleFolders: [join(root, 'plugins'), examples], openLink });
}

test('the examples of the guide are bundles that load', async () => {
  const bundles: Bundle[] = (await scanBundles([examples])).map((found) => {
    if (found.kind === 'failed') throw found.error;
    return found.bundle;
  });
  expect(bundles.map(({ manifest }) => [manifest.name, manifest.permissions])).toEqual([
    ['bench-camera', ['network']],
    ['bench-laser', ['serial']],
    ['raw-writer', ['files']],
    ['room-watch', ['serial']],
    ['there-and-back', []],
  ]);
  const laser = bundles[1]?.part('./bench-laser.ts:BenchLaser') as typeof BenchLaser | undefined;
  expect(laser?.name).toBe('BenchLaser');
});

describe('the laser of the guide', () => {
  const create = async () => {
    const clock = new ManualClock();
    const links = obedientLaser();
    const context = createTestContext({ clock, openLink: links.openLink });
    const device = new BenchLaser('bench', { port: 'COM7', wavelength_nm: 561 }, context);
    await device.connect();
    return { device, clock, links };
  };
  for (const { title, run } of deviceChecks({ create })) test(title, run);
});

test('its laser lights the exposures of its channel and nothing else', async () => {
  const { openLink, heard } = obedientLaser();
  const host = await hostWith(openLink);
  expect(heard[0]).toBe('OFF');
  expect(heard).not.toContain('ON');
  heard.length = 0;
  const outcome = await host.runs.runToEnd(item('mda', { sequence: { channels: [{ config: 'TRITC' }] } }));
  expect(outcome).toMatchObject({ exitStatus: 'success', error: null });
  expect(heard).toEqual(['P 40', 'ON', '?', 'OFF', '?']);
});

test('a laser that refuses is a failed device with the reason, and the session goes on', async () => {
  const host = await hostWith(laserAt(() => 'E3 interlock open').openLink);
  expect(host.services.roster.states.get('bench')?.state).toMatchObject({
    kind: 'failed',
    code: 'device/refused',
    error: { message: 'bench: "OFF" was answered with "E3 interlock open"' },
  });
  expect((await host.runs.runToEnd(item('count', {}, [['camera']]))).exitStatus).toBe('success');
});

test('a mistake in its options is found before anything is opened', async () => {
  const { openLink, heard } = obedientLaser();
  const session = SESSION.replace('wavelength_nm: 561', 'wavelenght_nm: 561');
  const started = testHost(session, { bundleFolders: [join(root, 'plugins'), examples], openLink });
  await expect(started).rejects.toMatchObject({
    code: 'session/invalid',
    message: expect.stringContaining('Did you mean "wavelength_nm"?'),
  });
  expect(heard).toEqual([]);
});

test('the guide shows the files of the examples as they are', async () => {
  const guide = await readFile(join(root, 'docs', 'plugin-authors.md'), 'utf8');
  for (const name of [
    'bench-laser/redsun.yaml',
    'bench-laser/bench-laser.ts',
    'bench-camera/bench-camera.ts',
    'room-watch/redsun.yaml',
    'there-and-back/redsun.yaml',
    'there-and-back/there-and-back.ts',
  ]) {
    expect(guide).toContain(await readFile(join(examples, name), 'utf8'));
  }
});
