import { describe, expect, test } from 'vitest';
import type { FrameHeader } from '../../../shared/channels/camera.ts';
import { countPixels } from '../../../shared/pictures/count-pixels.ts';
import { createWindowStore } from '../../stores/window-store.ts';
import { fakeMemory } from '../../testing/fake-bridge.ts';
import { LiveFeed } from './live-feed.ts';

const header: FrameHeader = {
  camera: 'camera',
  index: 1,
  x: 0,
  y: 0,
  widthPx: 2,
  heightPx: 1,
  step: 1,
  fullWidthPx: 2,
  fullHeightPx: 1,
  bitDepth: 12,
  time: 0,
  exposureMs: 10,
  channel: 'FITC',
  stageUm: { x: null, y: null, z: null },
  middleUm: null,
  direction: { x: 1, y: 1, swapped: false },
  umPerPx: null,
  saturated: 0,
  histogram: null,
  source: 'live',
  run: null,
};
const inRun = (index: number, channel: string, place: Record<string, number> | null): FrameHeader => ({
  ...header,
  index,
  channel,
  source: 'run',
  run: { name: 'mda_0001', place },
});

function feed() {
  const view = createWindowStore(fakeMemory());
  return { view, feed: new LiveFeed(view, (channel) => ({ FITC: '#3ddc84' })[channel]) };
}
/** As the host sends it, with its figures; it starts at an odd byte, as parts of messages do. */
function taken(of: FrameHeader, ...values: readonly [number, number]): [FrameHeader, Uint8Array] {
  const data = Uint16Array.from(values);
  const { bins, ...figures } = countPixels({ data }, 65_535).histogram;
  const bytes = new Uint8Array(1 + data.byteLength + bins.byteLength);
  bytes.set(new Uint8Array(data.buffer), 1);
  bytes.set(new Uint8Array(bins.buffer), 1 + data.byteLength);
  return [{ ...of, histogram: { bins: bins.length, ...figures } }, bytes.subarray(1)];
}

describe('LiveFeed', () => {
  test('reads 16-bit counts from any place of a message', async () => {
    const { feed: live } = feed();
    await live.show(...taken(header, 300, 4000));
    expect(live.summary.getState().histograms.FITC).toMatchObject({ min: 300, max: 4000 });
  });

  test('live shows one channel at a time, a run adds up those of one place', async () => {
    const { feed: live } = feed();
    await live.show(...taken(header, 1, 2));
    await live.show(...taken(inRun(2, 'DAPI', { t: 0, p: 0, c: 0, z: 0 }), 3, 4));
    expect(Object.keys(live.summary.getState().histograms)).toEqual(['DAPI']);
    await live.show(...taken(inRun(3, 'FITC', { t: 0, p: 0, c: 1, z: 0 }), 5, 6));
    expect(Object.keys(live.summary.getState().histograms)).toEqual(['DAPI', 'FITC']);
  });

  test.each([
    ['position', { t: 0, p: 1, c: 0, z: 0 }],
    ['plane', { t: 0, p: 0, c: 0, z: 1 }],
    ['time', { t: 1, p: 0, c: 0, z: 0 }],
  ])('never adds up channels of another %s, and says which channel is missing there', async (_what, place) => {
    const { feed: live } = feed();
    await live.show(...taken(inRun(1, 'DAPI', { t: 0, p: 0, c: 0, z: 0 }), 1, 2));
    await live.show(...taken(inRun(2, 'FITC', { t: 0, p: 0, c: 1, z: 0 }), 3, 4));
    await live.show(...taken(inRun(3, 'DAPI', place), 5, 6));
    const { histograms, missing } = live.summary.getState();
    expect({ shown: Object.keys(histograms), missing }).toEqual({ shown: ['DAPI'], missing: ['FITC'] });
  });

  test('channels that come back to a plane find what was taken there', async () => {
    const { feed: live } = feed();
    for (const [index, channel] of ['DAPI', 'FITC'].entries()) {
      for (const z of [0, 1])
        await live.show(...taken(inRun(index * 2 + z, channel, { c: index, z }), 10 * z, 10 * z + 1));
    }
    const { histograms, missing } = live.summary.getState();
    expect(missing).toEqual([]);
    expect(histograms).toMatchObject({ DAPI: { min: 10 }, FITC: { min: 10 } });
  });

  test('frames that a plan does not place are shown one at a time', async () => {
    const { feed: live } = feed();
    await live.show(...taken(inRun(1, 'DAPI', null), 1, 2));
    await live.show(...taken(inRun(2, 'FITC', null), 3, 4));
    expect(Object.keys(live.summary.getState().histograms)).toEqual(['FITC']);
  });

  test('two runs, or two cameras, make no picture together', async () => {
    const { feed: live } = feed();
    const first = inRun(1, 'DAPI', { c: 0, z: 0 });
    await live.show(...taken(first, 1, 2));
    await live.show(...taken({ ...first, channel: 'FITC', run: { name: 'mda_0002', place: { c: 1, z: 0 } } }, 3, 4));
    expect(live.summary.getState()).toMatchObject({ histograms: { FITC: {} }, missing: [] });
    await live.show(...taken({ ...first, camera: 'other' }, 3, 4));
    expect(Object.keys(live.summary.getState().histograms)).toEqual(['DAPI']);
  });

  test('stretches the contrast only while it is asked to', async () => {
    const { view, feed: live } = feed();
    await live.show(...taken(header, 300, 4000));
    expect(live.displayOf('FITC')).toMatchObject({ low: 300, high: 4000, colour: '#3ddc84' });
    view.setState({ autoStretch: false });
    await live.show(...taken({ ...header, index: 2, source: 'snap' }, 10, 20));
    expect(live.displayOf('FITC')).toMatchObject({ low: 300, high: 4000 });
    live.autoOnce();
    expect(live.displayOf('FITC')).toMatchObject({ low: 10, high: 20 });
  });

  test('a channel without limits spans the camera', async () => {
    const { view, feed: live } = feed();
    view.setState({ autoStretch: false });
    await live.show(...taken(header, 0, 1));
    expect(live.displayOf('FITC')).toMatchObject({ low: 0, high: 4095 });
  });

  test('figures are those of the whole frame, whatever part of it is in sight; until the next are counted the last ones stand', async () => {
    const { feed: live } = feed();
    const [whole, bytes] = taken(header, 300, 4000);
    await live.show({ ...whole, fullWidthPx: 4096, fullHeightPx: 4096, x: 1024, y: 512 }, bytes);
    expect(live.summary.getState().histograms.FITC).toMatchObject({ min: 300, max: 4000 });
    await live.show({ ...header, index: 2, source: 'snap', histogram: null }, bytes.subarray(0, 4));
    expect(live.summary.getState().histograms.FITC).toMatchObject({ min: 300, max: 4000 });
  });
});
