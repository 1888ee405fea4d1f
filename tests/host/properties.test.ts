import { expect, onTestFinished, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import type { DeviceProperties, Property, propertiesChannel } from '../../src/shared/channels/properties.ts';
import { item, testHost } from './test-host.ts';

function asked(host: Host, call: keyof typeof propertiesChannel.calls, request?: unknown): Promise<unknown> {
  return callChannel(host.server, 'properties', call, request, new AbortController().signal);
}

const set = (host: Host, device: string, key: string, value: unknown) =>
  asked(host, 'set', { device, key, value }) as Promise<Property>;

async function listed(host: Host): Promise<Record<string, Record<string, Property>>> {
  const all = (await asked(host, 'list')) as DeviceProperties[];
  return Object.fromEntries(
    all.map(({ device, properties }) => [device, Object.fromEntries(properties.map((one) => [one.key, one]))]),
  );
}

test('every simulated device lists what it is set to, with unit, limits, choices and whether it may be set', async () => {
  const host = await testHost();
  const { camera, laser488, wheel, shutter, z } = await listed(host);
  expect(camera?.exposure_ms).toMatchObject({
    type: 'number',
    value: 1,
    units: 'ms',
    limits: { low: 0.01, high: 60_000 },
    access: 'read-write',
  });
  expect(camera?.binning).toMatchObject({ choices: [1, 2, 4], access: 'before-run', value: 4 });
  expect(camera?.region).toMatchObject({ type: 'array', units: 'px', value: [0, 0, 512, 512] });
  expect(camera?.pixel_size_um).toMatchObject({ access: 'read-only', units: 'um', value: 6.5 });
  expect(laser488?.on).toMatchObject({ type: 'boolean', value: false, access: 'read-write' });
  expect(laser488?.intensity_percent).toMatchObject({ units: '%', limits: { low: 0, high: 100 } });
  expect(laser488?.power_mw).toMatchObject({ units: 'mW', access: 'read-only' });
  expect(wheel?.position).toMatchObject({ value: 'FITC', choices: ['DAPI', 'FITC', 'Cy5', 'Brightfield'] });
  expect(shutter?.state).toMatchObject({ value: 'closed', choices: ['open', 'closed'] });
  expect(z?.velocity_um_per_s).toMatchObject({ value: 2000, units: 'um/s', access: 'read-only' });
});

test('a property is set and read back, and the configuration of the next run has it', async () => {
  const host = await testHost();
  expect(await set(host, 'camera', 'exposure_ms', 2.5)).toMatchObject({ value: 2.5 });
  expect(await set(host, 'camera', 'region', [128, 0, 256, 256])).toMatchObject({ value: [128, 0, 256, 256] });
  expect(await set(host, 'laser640', 'intensity_percent', 35)).toMatchObject({ value: 35, units: '%' });
  expect(await set(host, 'wheel', 'position', 'Cy5')).toMatchObject({ value: 'Cy5' });
  const configurations: unknown[] = [];
  host.services.engine.subscribe((name, document) => {
    if (name === 'descriptor') configurations.push((document as { configuration: unknown }).configuration);
  });
  await host.runs.runToEnd(item('count', {}, [['camera']]));
  expect(configurations).toMatchObject([
    { camera: { data: { 'camera-exposure_ms': 2.5, 'camera-region': [128, 0, 256, 256] } } },
  ]);
});

test.each([
  ['camera', 'exposure_ms', 99_999, 'camera: exposure_ms 99999 ms is outside its limits 0.01 to 60000 ms'],
  ['laser488', 'intensity_percent', -1, 'laser488: intensity_percent -1 % is outside its limits 0 to 100 %'],
  ['camera', 'binning', 3, 'camera: binning is one of 1, 2, 4, not 3.'],
  [
    'wheel',
    'position',
    'FITX',
    'wheel: position is one of DAPI, FITC, Cy5, Brightfield, not FITX. Did you mean "FITC"?',
  ],
  ['camera', 'exposure_ms', '5', 'camera: exposure_ms must be a number, not "5"'],
  ['camera', 'exposure_ms', null, 'camera: exposure_ms must be a number, not null'],
  ['camera', 'pixel_size_um', 3, 'camera: pixel_size_um can only be read'],
  ['camera', 'exposure', 3, 'camera: no property "exposure".'],
  ['camera', 'constructor', 3, 'camera: no property "constructor".'],
  ['cam', 'exposure_ms', 3, 'No device "cam" in this session'],
  ['camera', 'region', [0, 0, 8, 8], 'camera: a region of 8 x 8 px at (0, 0) is smaller than 16 px'],
])('%s.%s cannot become %j: the refusal has name, number and unit', async (device, key, value, message) => {
  const host = await testHost();
  const before = await listed(host);
  await expect(set(host, device, key, value)).rejects.toThrow(message);
  expect({ ...(await listed(host)), laser488: null, laser640: null }).toEqual({
    ...before,
    laser488: null,
    laser640: null,
  });
});

test('who listens hears what is different, whatever changed it, and nothing else', async () => {
  const host = await testHost();
  const heard: DeviceProperties[] = [];
  const slot = host.server.channels.get('properties')?.events.changed?.connect((payload) => {
    if ((payload as DeviceProperties).device === 'camera') heard.push(payload as DeviceProperties);
  });
  onTestFinished(() => slot?.[Symbol.dispose]());
  const signal = new AbortController().signal;
  const settings = { exposureMs: 7 };
  await callChannel(host.server, 'camera', 'applySettings', { camera: 'camera', settings }, signal);
  await expect.poll(() => heard).toMatchObject([{ device: 'camera', properties: [{ key: 'exposure_ms', value: 7 }] }]);
});

test('during a run, and after STOP, nothing is set but lights off', async () => {
  const host = await testHost();
  const { outcome } = await host.runs.start(item('count', { num: 100, delay: 0.05 }, [['camera']]));
  await expect(set(host, 'camera', 'exposure_ms', 3)).rejects.toMatchObject({
    code: 'device/in-use',
    message: 'Cannot set exposure_ms of camera: a run is running',
  });
  await host.safety.stop('a test');
  await outcome;
  await expect(set(host, 'laser488', 'on', true)).rejects.toMatchObject({ code: 'safety/stopped' });
  expect(await set(host, 'laser488', 'on', false)).toMatchObject({ value: false });
});
