import { join } from 'node:path';
import type { StreamSender } from 'redsun/sdk/presenter';
import { expect, onTestFinished, test, vi } from 'vitest';
import { cameraOptions } from '../../plugins/sim-microscope/camera/camera-options.ts';
import { ceilingOf } from '../../plugins/sim-microscope/camera/sensor.ts';
import { KeptFrames } from '../../src/main/host/live/kept-frames.ts';
import { LivePictures } from '../../src/main/host/live/live-pictures.ts';
import type { PictureFacts } from '../../src/main/host/live/picture-facts.ts';
import { PictureThread } from '../../src/main/host/live/picture-thread.ts';
import type { Host } from '../../src/main/host/start-host.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import type { Camera } from '../../src/sdk/device/index.ts';
import type { FrameHeader, FramesAsked } from '../../src/shared/channels/camera.ts';
import { item, QUICK_SESSION, temporaryFolder, testHost } from './test-host.ts';

const FACTS: PictureFacts = {
  channel: null,
  stageUm: { x: null, y: null, z: null },
  umPerPx: null,
  middleUm: null,
  direction: { x: 1, y: 1, swapped: false },
  source: 'live',
  run: null,
};

const ALL: FramesAsked = { camera: 'camera', region: null, step: 1, maxPixels: 1 << 20, maxFps: 1000 };

/** Looks at the camera as a window does, and takes a frame when `ready` says so. */
function lookAt(host: Host, ready: () => Promise<void> = async () => {}, asked: Partial<FramesAsked> = {}) {
  const headers: FrameHeader[] = [];
  const pictures: Uint16Array[] = [];
  const controller = new AbortController();
  const sender: StreamSender<FrameHeader> = {
    client: host.server.within.client,
    signal: controller.signal,
    ready,
    send: (header, payload) => {
      headers.push(header);
      pictures.push(new Uint16Array(payload.slice(0, 2 * header.widthPx * header.heightPx).buffer));
    },
  };
  const ended = host.server.channels
    .get('camera')
    ?.streams.frames?.({ ...ALL, ...asked } as never, sender as never)
    .catch(() => {});
  return {
    headers,
    pictures,
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

const RAMP_LIVE = QUICK_SESSION.replace('exposure_ms: 1,', 'exposure_ms: 5,');
const ramp = (index: number, x: number, y: number) => (31 * index + 7 * y + 3 * x) % 65_521;

test('each viewer gets the part and the scale that it asks for, of the same frames', async () => {
  const host = await testHost(RAMP_LIVE);
  await using part = lookAt(host, undefined, { region: { x: 40, y: 30, width: 8, height: 6 } });
  await using coarse = lookAt(host, undefined, { step: 4 });
  await callChannel(host.server, 'camera', 'snap', { camera: 'camera' }, new AbortController().signal);
  await expect.poll(() => [part.headers.length, coarse.headers.length]).toEqual([1, 1]);
  expect(part.headers[0]).toMatchObject({ x: 40, y: 30, widthPx: 8, heightPx: 6, step: 1, fullWidthPx: 128 });
  expect(part.pictures[0]?.[2 * 8 + 3]).toBe(ramp(0, 43, 32));
  expect(coarse.headers[0]).toMatchObject({ x: 0, y: 0, widthPx: 32, heightPx: 32, step: 4 });
  // Of a plane the mean of a block is its middle.
  expect(coarse.pictures[0]?.[5 * 32 + 6]).toBe(ramp(0, 24, 20) + 7 * 1.5 + 3 * 1.5);
  // Counted from all pixels, whatever was asked for.
  expect(part.headers[0]?.histogram).toEqual(coarse.headers[0]?.histogram);
  expect(part.headers[0]?.histogram).toMatchObject({ pixels: 128 * 128, min: 0, max: 127 * 10, mean: 63.5 * 10 });
});

test('who asks for another part of a picture that stands still gets it, without another exposure', async () => {
  const host = await testHost();
  await callChannel(host.server, 'camera', 'snap', { camera: 'camera' }, new AbortController().signal);
  for (const x of [0, 64, 100]) {
    await using look = lookAt(host, undefined, { region: { x, y: 0, width: 4, height: 1 } });
    await expect.poll(() => look.headers.length).toBe(1);
    expect(look.headers[0]).toMatchObject({ index: 1, source: 'snap', x });
    expect([...(look.pictures[0] ?? [])]).toEqual([0, 1, 2, 3].map((at) => ramp(0, x + at, 0)));
  }
});

test('a composite is there for who looks late: each channel of the last place', async () => {
  const host = await testHost();
  const sequence = { axis_order: 'tpzc', channels: ['FITC', 'Cy5'], z_plan: { range: 2, step: 2 } };
  await host.runs.runToEnd(item('mda', { sequence }));
  await using look = lookAt(host);
  await expect.poll(() => look.headers.map(({ channel }) => channel)).toEqual(['FITC', 'Cy5']);
  expect(look.headers.map(({ run }) => run?.place?.z)).toEqual([1, 1]);
});

test('nobody looks: no thread makes pictures, and of a fast Live nearly nothing is copied', async () => {
  const made = vi.spyOn(PictureThread.prototype, 'make');
  const kept = vi.spyOn(KeptFrames.prototype, 'keep');
  onTestFinished(() => void vi.restoreAllMocks());
  const host = await testHost(RAMP_LIVE);
  const signal = new AbortController().signal;
  await callChannel(host.server, 'camera', 'startLive', { camera: 'camera' }, signal);
  let frames = 0;
  const camera = host.services.roster.devices.get('camera') as Camera;
  using _counted = camera.onFrame(() => frames++);
  await expect.poll(() => frames).toBeGreaterThan(40);
  expect(made).not.toHaveBeenCalled();
  expect(kept.mock.calls.length).toBeLessThan(frames / 8);
  {
    await using look = lookAt(host);
    await expect.poll(() => look.headers.length).toBeGreaterThan(3);
  }
  // Whoever has gone costs nothing any more: what was begun is ended, and that is all.
  const begun = made.mock.calls.length;
  const before = frames;
  await expect.poll(() => frames).toBeGreaterThan(before + 20);
  expect(made.mock.calls.length).toBeLessThanOrEqual(begun + 1);
  await callChannel(host.server, 'camera', 'stopLive', undefined, signal);
});

test('the last picture of a Live has figures of its own, however fast it was', async () => {
  const host = await testHost(RAMP_LIVE);
  const signal = new AbortController().signal;
  await using look = lookAt(host);
  await callChannel(host.server, 'camera', 'startLive', { camera: 'camera' }, signal);
  await expect.poll(() => look.headers.length).toBeGreaterThan(5);
  await callChannel(host.server, 'camera', 'stopLive', undefined, signal);
  await expect.poll(() => look.headers.at(-1)?.histogram?.min).toBe(31 * ((look.headers.at(-1)?.index ?? 0) - 1));
});

test('a thread that crashes is told to who looks, and another one begins', async () => {
  const host = await testHost();
  await callChannel(host.server, 'camera', 'snap', { camera: 'camera' }, new AbortController().signal);
  const thread = new PictureThread(join(await temporaryFolder(), 'nowhere.ts'));
  const pictures = new LivePictures(thread, systemClock);
  const data = new Uint16Array(4);
  pictures.offer({ data, widthPx: 2, heightPx: 2, bitDepth: 16, index: 0, time: 0, exposureMs: 1 }, () => FACTS);
  using viewer = pictures.look({ region: null, step: 1, maxPixels: 4 });
  await expect(viewer.next(new AbortController().signal)).rejects.toMatchObject({ code: 'camera/pictures' });
});
