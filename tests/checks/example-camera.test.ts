import { readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openMemoryPort } from '../../src/guardian/ports/memory-port.ts';
import { openTcpPort } from '../../src/guardian/ports/tcp-port.ts';
import { GuardianClient } from '../../src/main/guardian/guardian-client.ts';
import { startInProcess } from '../../src/main/guardian/testing/in-process-guardian.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import type { Camera } from '../../src/sdk/device/index.ts';
import { item, testHost } from '../host/test-host.ts';
import { root } from './repository-checks.ts';

const [WIDTH, HEIGHT] = [640, 480];

/** A camera on the network: picture n has n + x + y at (x, y). */
async function cameraOnTheNetwork() {
  const heard: string[] = [];
  let pictures = 0;
  const server = createServer((socket: Socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const lines = (text + bytes.toString('latin1')).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        heard.push(line);
        socket.write(
          line === 'SNAP' ? picture(pictures++) : Number(line.split(' ')[1]) > 500 ? 'E7 too long\n' : 'OK\n',
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return { port, heard };
}

function picture(n: number): Buffer {
  const counts = new Uint16Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) counts[y * WIDTH + x] = n + x + y;
  return Buffer.from(counts.buffer);
}

async function hostWith(port: number) {
  const openPort = (options: Parameters<typeof openTcpPort>[0] | Parameters<typeof openMemoryPort>[0]) =>
    options.kind === 'tcp' ? openTcpPort(options) : openMemoryPort(options as Parameters<typeof openMemoryPort>[0]);
  const session = `
schema_version: 1
frontend: electron
session: test
devices:
  camera: {plugin_name: bench-camera, plugin_id: camera, host: 127.0.0.1, port: ${port}}
`;
  const start = startInProcess({ clock: systemClock, openPort: openPort as never });
  return testHost(session, {
    bundleFolders: [join(root, 'docs', 'examples')],
    startGuardian: () => new GuardianClient({ start, clock: systemClock }),
  });
}

test('the camera of the guide takes at most 60 lines, and acquires into the store over a real socket', async () => {
  const lines = await readFile(join(root, 'docs', 'examples', 'bench-camera', 'bench-camera.ts'), 'utf8');
  expect(lines.trimEnd().split('\n').length).toBeLessThanOrEqual(62);
  const { port, heard } = await cameraOnTheNetwork();
  const host = await hostWith(port);
  const camera = host.services.roster.devices.get('camera') as Camera;
  await camera.applySettings({ exposureMs: 5 });
  const outcome = await host.runs.runToEnd(item('count', { num: 3 }, [['camera']]));
  expect(outcome).toMatchObject({ exitStatus: 'success', frames: 3, error: null });
  expect(heard).toEqual(['E 5', 'SNAP', 'E 5', 'SNAP', 'E 5', 'SNAP']);
  const { problems, arrays } = await inspectStore(join(outcome.folder, 'data.ome.zarr'), { stats: true });
  expect(problems).toEqual([]);
  // Means of pictures 0, 1 and 2 by the formula: (0 + 639) / 2 + (0 + 479) / 2 + n.
  expect(arrays).toMatchObject([{ written_frames: 3 }]);
  expect(await meanOf(camera)).toBe(559 + 2);
});

async function meanOf(camera: Camera): Promise<unknown> {
  return (await camera.read()).camera_mean?.value;
}

test('what it cannot do is refused by its name, and what it refuses itself is told', async () => {
  const { port } = await cameraOnTheNetwork();
  const host = await hostWith(port);
  const camera = host.services.roster.devices.get('camera') as Camera;
  await expect(camera.applySettings({ binning: 2 })).rejects.toThrow('camera: no binning 2; it cannot bin');
  const region = { x: 0, y: 0, width: 320, height: 240 };
  await expect(camera.applySettings({ region })).rejects.toThrow('cannot be read alone: it gives all 640 x 480 px');
  await camera.applySettings({ exposureMs: 900 });
  await expect(camera.snap(new AbortController().signal)).rejects.toMatchObject({
    code: 'device/refused',
    message: 'camera: 900 ms gave "E7 too long"',
  });
  await camera.applySettings({ exposureMs: 10 });
  await camera.snap(new AbortController().signal);
});
