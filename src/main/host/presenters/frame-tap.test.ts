import type { Frame } from 'redsun/sdk/device';
import { expect, test } from 'vitest';
import { FrameTap, thin } from './frame-tap.ts';
import type { PictureFacts } from './picture-facts.ts';

const facts: PictureFacts = {
  channel: null,
  stageUm: { x: null, y: null, z: null },
  umPerPx: null,
  middleUm: null,
  direction: { x: 1, y: 1, swapped: false },
  source: 'live',
  run: null,
};
/** 64 x 64, dark but for `bright` pixels of `value`, none of which a picture of every 8th pixel shows. */
function frame(value: number, bright: number, ceiling: Pick<Frame, 'ceilingCounts'> = {}): Frame {
  const data = new Uint16Array(64 * 64).fill(100);
  for (let n = 0; n < bright; n++) data[65 + n * 8] = value;
  return { data, widthPx: 64, heightPx: 64, bitDepth: 16, index: 0, time: 0, exposureMs: 1, ...ceiling };
}
async function saturatedOf(taken: Frame, maxPixels: number): Promise<number> {
  const tap = new FrameTap();
  tap.offer(taken, maxPixels, facts);
  return thin(await tap.newerThan(0, new AbortController().signal), 4).saturated;
}

test('full pixels count that no picture of every 8th pixel shows', async () => {
  expect(await saturatedOf(frame(65_535, 41), 64)).toBeCloseTo(41 / 4096, 12);
});

test('a pixel is full where the full well is, below the end of the converter', async () => {
  const ceilingCounts = 60_100;
  expect(await saturatedOf(frame(60_100, 10, { ceilingCounts }), 4096)).toBeCloseTo(10 / 4096, 12);
  expect(await saturatedOf(frame(60_099, 10, { ceilingCounts }), 4096)).toBe(0);
});

test('a ceiling beyond the bits of a pixel is the end of the converter', async () => {
  expect(await saturatedOf(frame(65_535, 10, { ceilingCounts: 1e6 }), 4096)).toBeCloseTo(10 / 4096, 12);
});

test('of a Live the pixels are counted ten times a second, of other pictures each time', async () => {
  const tap = new FrameTap();
  const told: number[] = [];
  const show = async (bright: number, time: number, source: PictureFacts['source']) => {
    tap.offer({ ...frame(65_535, bright), time }, 4096, { ...facts, source });
    told.push((await tap.newerThan(told.length, new AbortController().signal)).saturated * 4096);
  };
  await show(1, 10, 'live');
  await show(2, 10.05, 'live');
  await show(3, 10.12, 'live');
  await show(4, 10.13, 'snap');
  await show(5, 10.14, 'run');
  await show(6, 10.15, 'live');
  expect(told.map(Math.round)).toEqual([1, 1, 3, 4, 5, 6]);
});
