import { describe, expect, test } from 'vitest';
import type { FrameHeader } from '../../../shared/channels/camera.ts';
import { createWindowStore } from '../../stores/window-store.ts';
import { fakeMemory } from '../../testing/fake-bridge.ts';
import { LiveFeed } from './live-feed.ts';

const header: FrameHeader = {
  camera: 'camera',
  index: 1,
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
  source: 'live',
};

function feed() {
  const view = createWindowStore(fakeMemory());
  return { view, feed: new LiveFeed(view, (channel) => ({ FITC: '#3ddc84' })[channel]) };
}
/** Starts at an odd byte, as parts of messages do. */
function payload(...counts: number[]): Uint8Array {
  const bytes = new Uint8Array(counts.length * 2 + 1);
  bytes.set(new Uint8Array(Uint16Array.from(counts).buffer), 1);
  return bytes.subarray(1);
}

describe('LiveFeed', () => {
  test('reads 16-bit counts from any place of a message', async () => {
    const { feed: live } = feed();
    await live.show(header, payload(300, 4000));
    expect(live.summary.getState().histograms.FITC).toMatchObject({ min: 300, max: 4000 });
  });

  test('live shows one channel at a time, a run adds them up', async () => {
    const { feed: live } = feed();
    await live.show(header, payload(1, 2));
    await live.show({ ...header, index: 2, channel: 'DAPI', source: 'run' }, payload(3, 4));
    expect(Object.keys(live.summary.getState().histograms)).toEqual(['DAPI']);
    await live.show({ ...header, index: 3, channel: 'FITC', source: 'run' }, payload(5, 6));
    expect(Object.keys(live.summary.getState().histograms)).toEqual(['DAPI', 'FITC']);
  });

  test('stretches the contrast only while it is asked to', async () => {
    const { view, feed: live } = feed();
    await live.show(header, payload(300, 4000));
    expect(live.displayOf('FITC')).toMatchObject({ low: 300, high: 4000, colour: '#3ddc84' });
    view.setState({ autoStretch: false });
    await live.show({ ...header, index: 2, source: 'snap' }, payload(10, 20));
    expect(live.displayOf('FITC')).toMatchObject({ low: 300, high: 4000 });
    live.autoOnce();
    expect(live.displayOf('FITC')).toMatchObject({ low: 10, high: 20 });
  });

  test('a channel without limits spans the camera', async () => {
    const { view, feed: live } = feed();
    view.setState({ autoStretch: false });
    await live.show(header, payload(0, 1));
    expect(live.displayOf('FITC')).toMatchObject({ low: 0, high: 4095 });
  });
});
