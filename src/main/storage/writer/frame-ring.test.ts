import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FrameRing } from './frame-ring.ts';

const MEGABYTE = 1024 * 1024;
const { signal } = new AbortController();

function ring(options: Partial<ConstructorParameters<typeof FrameRing>[0]> = {}) {
  return new FrameRing({
    frameBytes: MEGABYTE,
    ringBytes: 8 * MEGABYTE,
    cameras: 1,
    workers: 2,
    workAreaBytes: 0,
    ...options,
  });
}

/** True when `promise` has settled by now, without a round of the event loop. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  for (let turns = 0; turns < 10; turns++) await Promise.resolve();
  return settled;
}

test('after 2 MB in one go, a camera waits until others had their turn', async () => {
  const frames = ring();
  const frame = new Uint8Array(MEGABYTE);
  frames.put(frame);
  expect(await isSettled(frames.ready(signal))).toBe(true);
  frames.put(frame);
  const ready = frames.ready(signal);
  expect(await isSettled(ready)).toBe(false);
  await setImmediate();
  expect(await isSettled(ready)).toBe(true);
});

test('a full ring holds a camera back until a slot is free', async () => {
  const frames = ring();
  const slots = Array.from({ length: frames.slots }, () => frames.put(new Uint8Array(MEGABYTE)));
  expect(frames.put(new Uint8Array(1))).toBeNull();
  await setImmediate();
  const ready = frames.ready(signal);
  expect(await isSettled(ready)).toBe(false);
  frames.release(slots[0] as number);
  expect(await isSettled(ready)).toBe(true);
});

test('threads have areas of their own behind the slots, two at least, and none where frames are written as they lie', () => {
  expect(ring().workAreasOf(0)).toEqual([]);
  const large = ring({ workAreaBytes: 40 * MEGABYTE });
  const areas = [0, 1].flatMap((worker) => large.workAreasOf(worker));
  expect(areas.map(({ offset }) => offset / MEGABYTE)).toEqual([8, 48, 88, 128]);
  expect(large.memory.buffer.byteLength).toBe(168 * MEGABYTE);
  const small = ring({ workAreaBytes: 4 * MEGABYTE });
  expect(small.workAreasOf(1)).toHaveLength(7);
});
