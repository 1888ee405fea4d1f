import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { acquisitionChannel } from '../../src/shared/channels/acquisition.ts';
import { cameraChannel } from '../../src/shared/channels/camera.ts';
import { type SessionState, sessionChannel } from '../../src/shared/channels/session.ts';
import { createBridge } from '../../src/shared/ipc/client.ts';
import { item } from '../host/test-host.ts';
import { connectSocket, serveTestHost } from './served-host.ts';

async function connected() {
  const served = await serveTestHost();
  const { connect, sockets } = connectSocket(served.serving);
  const bridge = createBridge(connect, systemClock);
  onTestFinished(() => bridge[Symbol.dispose]());
  return { ...served, bridge, sockets };
}

test('a browser gets the state of the session when it connects', async () => {
  const { bridge } = await connected();
  const seen: SessionState[] = [];
  bridge.channel(sessionChannel).on('changed', (state) => seen.push(state));
  await expect.poll(() => seen.length).toBe(1);
  expect(seen[0]).toMatchObject({ name: 'test', simulated: true, channels: [{ name: 'FITC' }, { name: 'Cy5' }] });
  expect(seen[0]?.devices.map(({ name, state }) => [name, state.kind])).toContainEqual(['camera', 'ready']);
});

test('calls are answered, and a refusal keeps its code and message', async () => {
  const { bridge } = await connected();
  const acquisition = bridge.channel(acquisitionChannel);
  const plans = await acquisition.call('plans', undefined);
  expect(plans.map(({ name }) => name)).toContain('mda');
  const refused = acquisition.call('run', { item: item('cuont', {}, [['camera']]) });
  await expect(refused).rejects.toMatchObject({
    code: 'plan/unknown',
    message: 'No plan "cuont". Did you mean "count"?',
  });
  const unknown = bridge.channel(sessionChannel).call('retryDevice', { name: 'nobody' });
  await expect(unknown).rejects.toMatchObject({ code: 'key/unknown' });
});

test('frames arrive with their header and all their pixels', async () => {
  const { bridge } = await connected();
  const camera = bridge.channel(cameraChannel);
  const frames: { widthPx: number; heightPx: number; bytes: number }[] = [];
  camera.stream(
    'frames',
    { camera: 'camera', region: null, step: 1, maxPixels: 1 << 20, maxFps: 60 },
    ({ widthPx, heightPx, histogram }, payload) => {
      frames.push({ widthPx, heightPx, bytes: payload.byteLength - 4 * (histogram?.bins ?? 0) });
    },
  );
  await expect.poll(() => bridge.state.kind).toBe('open');
  await camera.call('snap', { camera: 'camera' });
  await expect.poll(() => frames[0]).toEqual({ widthPx: 128, heightPx: 128, bytes: 2 * 128 * 128 });
});

test('a browser that disappears leaves no stream and no connection behind', async () => {
  const { bridge, host, sockets, faults } = await connected();
  const camera = bridge.channel(cameraChannel);
  let frames = 0;
  camera.stream('frames', { camera: 'camera', region: null, step: 1, maxPixels: 1 << 20, maxFps: 60 }, () => {
    frames++;
  });
  let ended = 0;
  const { streams } = host.server.channels.get('camera') ?? {};
  const original = streams?.frames;
  expect(original).toBeDefined();
  await camera.call('startLive', { camera: 'camera' });
  await expect.poll(() => frames).toBeGreaterThan(2);
  // A second stream that tells when it ends; the first goes on meanwhile.
  Object.defineProperty(streams, 'frames', {
    value: (params: never, sender: never) =>
      original?.(params, sender).finally(() => {
        ended++;
      }),
  });
  camera.stream('frames', { camera: 'camera', region: null, step: 1, maxPixels: 1 << 20, maxFps: 60 }, () => {});
  await camera.call('startLive', { camera: 'camera' });
  expect(host.server.connectionCount).toBe(1);
  bridge[Symbol.dispose]();
  for (const socket of sockets) socket.terminate();
  await expect.poll(() => ({ connections: host.server.connectionCount, ended })).toEqual({ connections: 0, ended: 1 });
  expect(faults).toEqual([]);
});

test('after a lost connection the bridge comes back by itself and is told the state again', async () => {
  const { bridge, sockets } = await connected();
  let states = 0;
  bridge.channel(sessionChannel).on('changed', () => {
    states++;
  });
  await expect.poll(() => states).toBe(1);
  sockets[0]?.terminate();
  await expect.poll(() => states, { timeout: 5000 }).toBe(2);
  expect(bridge.state.kind).toBe('open');
  expect(sockets).toHaveLength(2);
});
