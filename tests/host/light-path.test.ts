import { expect, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import type { Camera, Light, Selector, Shutter } from '../../src/sdk/device/index.ts';
import { item, QUICK_SESSION, testHost } from './test-host.ts';

const SESSION = QUICK_SESSION.replace(
  'channels:\n',
  `channels:
  Bright: {colour: '#ffffff', exposure_ms: 3, lights: {lamp: 20}, set: {wheel: Brightfield}}
`,
).replace('  wheel:', '  lamp: {plugin_name: sim-microscope, plugin_id: lamp}\n  wheel:');
const CY5 = item('mda', {
  sequence: { channels: [{ config: 'Cy5', exposure: 40 }], time_plan: { interval: 0, loops: 3 } },
});

function bench(host: Host) {
  const { devices } = host.services.roster;
  const find = <D>(name: string) => devices.get(name) as unknown as D;
  const camera = find<Camera>('camera');
  const lights = ['lamp', 'laser488', 'laser640'].map((name) => find<Light>(name));
  const wheel = find<Selector>('wheel');
  const shutter = find<Shutter>('shutter');
  const call = (channel: string, name: string, request: unknown) =>
    callChannel(host.server, channel, name, request, new AbortController().signal);
  const burning = () => lights.filter(({ state }) => state.on).map(({ name }) => name);
  const path = () => ({
    ...{ channel: host.services.optics.channel, wheel: wheel.selected, exposureMs: camera.settings.exposureMs },
    ...{ burning: burning(), intensities: lights.map(({ state }) => state.intensityPercent), open: shutter.isOpen },
  });
  return { camera, lights, wheel, call, path, burning };
}

function nextFrame(camera: Camera): Promise<void> {
  return new Promise((resolve) => {
    const listener = camera.onFrame(() => {
      listener[Symbol.dispose]();
      resolve();
    });
  });
}

/** Live in Bright, 5 ms, and how the light path is then. */
async function liveInBright(session = SESSION) {
  const host = await testHost(session);
  const found = bench(host);
  await found.call('light', 'selectChannel', { channel: 'Bright' });
  await found.call('camera', 'applySettings', { camera: 'camera', settings: { exposureMs: 5 } });
  await found.call('camera', 'startLive', { camera: 'camera' });
  await nextFrame(found.camera);
  return { host, ...found, before: found.path() };
}

test('a channel sets filter, intensity and exposure', async () => {
  const host = await testHost(SESSION);
  const { call, path } = bench(host);
  await call('light', 'selectChannel', { channel: 'Cy5' });
  expect(path()).toMatchObject({ channel: 'Cy5', wheel: 'Cy5', exposureMs: 2, burning: [] });
  expect(path().intensities[2]).toBe(40);
});

test('in Live the light follows the channel, and the old one is out before the filter moves', async () => {
  const { call, path, wheel, burning, camera } = await liveInBright();
  const litWhileMoving: string[][] = [];
  wheel.changed.connect(() => {
    if (wheel.moving) litWhileMoving.push(burning());
  });
  await call('light', 'selectChannel', { channel: 'FITC' });
  expect(litWhileMoving.length).toBeGreaterThan(0);
  expect(litWhileMoving.flat()).toEqual([]);
  expect(path()).toMatchObject({ wheel: 'FITC', exposureMs: 1, burning: ['laser488'], open: true });
  await nextFrame(camera);
  await call('camera', 'stopLive', undefined);
  expect(path()).toMatchObject({ burning: [], open: false });
});

test('a channel that is chosen while STOP is pressed lights nothing', async () => {
  const { host, call, burning } = await liveInBright();
  const chosen = call('light', 'selectChannel', { channel: 'FITC' });
  await host.safety.stop('Esc');
  await chosen;
  expect(burning()).toEqual([]);
});

test.each([
  ['ends', () => Promise.resolve()],
  ['is aborted', (host: Host) => host.services.engine.abort('enough')],
] as const)('when a run in another channel %s, Live goes on as it was', async (_how, end) => {
  const { host, path, before, camera } = await liveInBright();
  const { outcome } = await host.runs.start(CY5);
  await nextFrame(camera);
  expect(path()).toMatchObject({ channel: 'Cy5', exposureMs: 40 });
  await end(host);
  await outcome;
  await nextFrame(camera);
  expect(path()).toEqual(before);
});

test('without Live, a run leaves channel, filter, exposure and intensities as they were, and no light on', async () => {
  const host = await testHost(SESSION);
  const { call, path, lights } = bench(host);
  await call('light', 'selectChannel', { channel: 'Bright' });
  await lights[2]?.set({ intensityPercent: 7 }).wait();
  const before = path();
  await host.runs.runToEnd(CY5);
  expect(path()).toEqual(before);
});

test('when a run is halted, without its clean-up, Live stays off rather than go on in another light', async () => {
  const { host, camera, burning } = await liveInBright();
  const { outcome } = await host.runs.start(CY5);
  await nextFrame(camera);
  await host.services.engine.halt();
  await outcome;
  expect(burning()).toEqual([]);
  expect(host.services.log.records.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^Live stays off: after the run the (channel|exposure) is/),
  );
});

test('STOP in a stack is an abort with its reason, however much the plan would like to put back', async () => {
  const host = await testHost(SESSION);
  const { camera, burning } = bench(host);
  const sequence = { channels: [{ config: 'Cy5', exposure: 40 }], z_plan: { range: 10, step: 1 } };
  const { outcome } = await host.runs.start(item('mda', { sequence }));
  await nextFrame(camera);
  await host.safety.stop('Esc');
  expect(await outcome).toMatchObject({ exitStatus: 'abort', reason: 'STOP by Esc', error: null });
  expect(burning()).toEqual([]);
});

test('where lights are worked by hand, the one that burns is that of the channel, and afterwards the one of before', async () => {
  const host = await testHost(`${SESSION}\nauto_shutter: false\n`);
  const { call, burning, path, camera } = bench(host);
  await call('light', 'selectChannel', { channel: 'Bright' });
  await call('light', 'setLight', { light: 'lamp', on: true });
  const before = path();
  const { outcome } = await host.runs.start(CY5);
  await nextFrame(camera);
  expect(burning()).toEqual(['laser640']);
  await outcome;
  expect(path()).toEqual(before);
});

test('a run waits for the channel that is being chosen, and puts that one back', async () => {
  const { host, call, path } = await liveInBright();
  const chosen = call('light', 'selectChannel', { channel: 'FITC' });
  const outcome = host.runs.runToEnd(CY5);
  await chosen;
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
  expect(path()).toMatchObject({ channel: 'FITC', wheel: 'FITC', exposureMs: 1 });
});

test('a light that was left on by hand is in no picture of another channel', async () => {
  const host = await testHost(SESSION);
  const { call, burning, camera } = bench(host);
  await call('light', 'setLight', { light: 'lamp', on: true });
  const { outcome } = await host.runs.start(CY5);
  await nextFrame(camera);
  expect(burning()).not.toContain('lamp');
  await outcome;
  expect(burning()).toEqual([]);
});
