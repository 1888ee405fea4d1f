import { win32 } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { webSocketTransport } from '../../src/main/serve/web-socket-transport.ts';
import { cameraChannel } from '../../src/shared/channels/camera.ts';
import { type SessionState, sessionChannel } from '../../src/shared/channels/session.ts';
import { createBridge } from '../../src/shared/ipc/client.ts';
import type { Transport } from '../../src/shared/ipc/transport.ts';
import { windowsBench } from './windows-bench.ts';

test('what it serves is reached from Linux by who has the token, and no file beside the page: the session, and whole frames', async () => {
  const bench = await windowsBench();
  const session = win32.join(bench.folder, 'session.yaml');
  const served = bench.start('serve', session, '--out', win32.join(bench.folder, 'data'), '--json');
  await served.said('"token"');
  const line = (await served.heard()).stdout.split('\n')[0] ?? '';
  const { port, token }: { port: number; token: string } = JSON.parse(line);

  expect((await fetch(`http://127.0.0.1:${port}/..%5c..%5cpackage.json?token=${token}`)).status).not.toBe(200);
  await expect(opened(port, 'wrong')).rejects.toThrow('401');

  const bridge = createBridge(() => opened(port, token), systemClock);
  onTestFinished(() => bridge[Symbol.dispose]());
  const seen: SessionState[] = [];
  bridge.channel(sessionChannel).on('changed', (state) => seen.push(state));
  await expect.poll(() => seen[0]).toMatchObject({ name: 'test', channels: [{ name: 'FITC' }, { name: 'Cy5' }] });
  const camera = bridge.channel(cameraChannel);
  const frames: { widthPx: number; heightPx: number; bytes: number }[] = [];
  camera.stream(
    'frames',
    { camera: 'camera', region: null, step: 1, maxPixels: 1 << 20, maxFps: 60 },
    ({ widthPx, heightPx, histogram }, payload) => {
      frames.push({ widthPx, heightPx, bytes: payload.byteLength - 4 * (histogram?.bins ?? 0) });
    },
  );
  await camera.call('snap', { camera: 'camera' });
  await expect.poll(() => frames[0]).toEqual({ widthPx: 128, heightPx: 128, bytes: 2 * 128 * 128 });
});

function opened(port: number, token: string): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/bridge?token=${token}`);
    socket.once('open', () => {
      // The host speaks first, and its word may have come with the answer: hold it until the bridge listens.
      socket.pause();
      resolve(webSocketTransport(socket, () => {}));
      setImmediate(() => socket.resume());
    });
    socket.once('error', reject);
  });
}
