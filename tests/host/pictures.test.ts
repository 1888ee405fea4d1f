import type { StreamSender } from 'redsun/sdk/presenter';
import { expect, test } from 'vitest';
import { cameraOptions } from '../../plugins/sim-microscope/camera/camera-options.ts';
import { ceilingOf } from '../../plugins/sim-microscope/camera/sensor.ts';
import type { Host } from '../../src/main/host/start-host.ts';
import type { FrameHeader } from '../../src/shared/channels/camera.ts';
import { item, testHost } from './test-host.ts';

/** Looks at the camera as a window does, and takes a frame when `ready` says so. */
function lookAt(host: Host, ready: () => Promise<void>) {
  const headers: FrameHeader[] = [];
  const controller = new AbortController();
  const sender: StreamSender<FrameHeader> = {
    client: host.server.within.client,
    signal: controller.signal,
    ready,
    send: (header) => headers.push(header),
  };
  const ended = host.server.channels
    .get('camera')
    ?.streams.frames?.({ camera: 'camera', maxPixels: 1 << 20 } as never, sender as never)
    .catch(() => {});
  return {
    headers,
    async [Symbol.asyncDispose]() {
      controller.abort();
      await ended;
    },
  };
}

const twoPlaces = item('mda', {
  sequence: {
    axis_order: 'tpcz',
    channels: ['FITC', 'Cy5'],
    stage_positions: [
      [0, 0, 0],
      [200, 0, 0],
    ],
    z_plan: { range: 2, step: 2 },
  },
});

test('each picture says of itself where and in which channel it was taken', async () => {
  const host = await testHost();
  await using look = lookAt(host, async () => {});
  await host.runs.runToEnd(twoPlaces);
  await expect.poll(() => look.headers.at(-1)?.run?.place).toEqual({ t: 0, p: 1, c: 1, z: 1 });
  for (const { run, channel, stageUm } of look.headers) {
    expect({ channel, x: Math.round(stageUm.x ?? Number.NaN) }).toEqual({
      channel: ['FITC', 'Cy5'][run?.place?.c ?? -1],
      x: (run?.place?.p ?? 0) * 200,
    });
  }
});

test('a window that looks late is told what the last picture was, not what the microscope does by then', async () => {
  const host = await testHost();
  await host.runs.runToEnd(twoPlaces);
  await host.services.optics.selectChannel('FITC');
  await using look = lookAt(host, async () => {});
  await expect.poll(() => look.headers.length).toBe(1);
  expect(look.headers[0]).toMatchObject({
    source: 'run',
    channel: 'Cy5',
    run: { name: 'mda_0001', place: { p: 1, c: 1, z: 1 } },
  });
});

test.each([
  [{}, 60_100],
  [{ gain: 16 }, 65_535],
  [{ bit_depth: 12 }, 3_775],
  [{ binning: 2 }, 65_535],
  [{ full_well_electrons: 1_000 }, 2_100],
  [{ full_well_electrons: 1_000, mode: 'ramp' }, 65_535],
] as const)('the simulated camera says where its pixels are full: %o', (given, ceiling) => {
  const options = cameraOptions.parse(given);
  const region = { x: 0, y: 0, width: 512, height: 512 };
  const { gain, binning, bit_depth: bitDepth, exposure_ms: exposureMs } = options;
  expect(ceilingOf({ gain, binning, bitDepth, exposureMs, region }, options)).toBe(ceiling);
});
