import { expect, test } from 'vitest';
import { countPixels } from './count-pixels.ts';
import { makePicture } from './make-picture.ts';

const ALL = 1 << 30;
/** Pixel (x, y) of the pattern. */
const ramp = (x: number, y: number) => (7 * y + 3 * x) % 65_521;

function rampFrame(widthPx: number, heightPx: number) {
  const data = new Uint16Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) data[y * widthPx + x] = ramp(x, y);
  return { data, widthPx, heightPx };
}

/** Mean of the pixels of a block that lie in the frame, half counts up: by hand. */
function meanOf(frame: ReturnType<typeof rampFrame>, x0: number, y0: number, step: number): number {
  const values: number[] = [];
  for (let y = y0; y < Math.min(frame.heightPx, y0 + step); y++)
    for (let x = x0; x < Math.min(frame.widthPx, x0 + step); x++) values.push(ramp(x, y));
  return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

test('at 1:1 a part of a frame has each of its pixels', () => {
  const frame = rampFrame(4096, 300);
  const region = { x: 1999, y: 17, width: 64, height: 33 };
  const picture = makePicture(frame, { region, step: 1, maxPixels: ALL });
  expect(picture).toMatchObject({ x: 1999, y: 17, widthPx: 64, heightPx: 33, step: 1 });
  for (const [column, row] of [
    [0, 0],
    [63, 0],
    [0, 32],
    [63, 32],
    [31, 15],
  ] as const)
    expect(picture.pixels[row * 64 + column]).toBe(ramp(1999 + column, 17 + row));
});

test.each([2, 3, 4, 5, 16])(
  'zoomed out, each pixel is the mean of %i x %i, at the edges of those that there are',
  (step) => {
    const frame = rampFrame(203, 101);
    const picture = makePicture(frame, { region: null, step, maxPixels: ALL });
    expect(picture).toMatchObject({ widthPx: Math.ceil(203 / step), heightPx: Math.ceil(101 / step), step });
    for (let row = 0; row < picture.heightPx; row++)
      for (let column = 0; column < picture.widthPx; column++)
        expect(picture.pixels[row * picture.widthPx + column]).toBe(meanOf(frame, column * step, row * step, step));
  },
);

test('blocks are counted from the corner of the frame: two parts that overlap agree', () => {
  const frame = rampFrame(200, 100);
  const one = makePicture(frame, { region: { x: 13, y: 9, width: 50, height: 40 }, step: 4, maxPixels: ALL });
  const other = makePicture(frame, { region: { x: 20, y: 20, width: 60, height: 40 }, step: 4, maxPixels: ALL });
  expect([one.x, one.y, other.x, other.y]).toEqual([12, 8, 20, 20]);
  // (20, 20) of the frame.
  expect(other.pixels[0]).toBe(one.pixels[((20 - 8) / 4) * one.widthPx + (20 - 12) / 4]);
  expect(other.pixels[0]).toBe(meanOf(frame, 20, 20, 4));
});

test('a bright pixel that is one of many is not lost, and a sum of the brightest does not overflow', () => {
  const data = new Uint16Array(1024 * 1024).fill(65_535);
  const [picture] = [makePicture({ data, widthPx: 1024, heightPx: 1024 }, { region: null, step: 512, maxPixels: ALL })];
  expect([...picture.pixels]).toEqual([65_535, 65_535, 65_535, 65_535]);
  const dark = new Uint16Array(64).fill(0);
  dark[9] = 640;
  expect(makePicture({ data: dark, widthPx: 8, heightPx: 8 }, { region: null, step: 8, maxPixels: 1 }).pixels[0]).toBe(
    10,
  );
});

test('more pixels than a receiver takes are made fewer, and a part outside the frame gives all of it', () => {
  const frame = rampFrame(400, 400);
  const few = makePicture(frame, { region: null, step: 1, maxPixels: 10_000 });
  expect([few.step, few.widthPx, few.heightPx]).toEqual([4, 100, 100]);
  const outside = makePicture(frame, { region: { x: 900, y: 0, width: 10, height: 10 }, step: 1, maxPixels: ALL });
  expect([outside.x, outside.widthPx, outside.heightPx]).toEqual([0, 400, 400]);
});

test('bytes of an 8-bit camera are read as counts', () => {
  const data = Uint8Array.from([0, 255, 128, 127]);
  expect([...makePicture({ data, widthPx: 2, heightPx: 2 }, { region: null, step: 2, maxPixels: ALL }).pixels]).toEqual(
    [128],
  );
  expect(countPixels({ data }, 255)).toMatchObject({ saturated: 0.25, histogram: { min: 0, max: 255, mean: 127.5 } });
});

test('figures count every pixel of the frame: full ones, ends and mean, and each count is in its bin', () => {
  const data = new Uint16Array(64 * 64).fill(100);
  for (let at = 0; at < 41; at++) data[65 + at * 8] = 4095;
  const { saturated, histogram } = countPixels({ data }, 4095);
  expect(saturated).toBeCloseTo(41 / 4096, 12);
  expect(countPixels({ data }, 4096).saturated).toBe(0);
  expect(histogram).toMatchObject({ offset: 100, binWidth: 1, pixels: 4096, min: 100, max: 4095 });
  expect(histogram.mean).toBeCloseTo((41 * 4095 + 4055 * 100) / 4096, 9);
  expect([histogram.bins[0], histogram.bins.at(-1)]).toEqual([4055, 41]);
});

test('a wide histogram has wider bins, and none of its pixels is lost', () => {
  const data = Uint16Array.from({ length: 65_536 }, (_, value) => value);
  const { bins, binWidth, offset } = countPixels({ data }, 65_535).histogram;
  expect([binWidth, offset, bins.length]).toEqual([16, 0, 4096]);
  expect(new Set(bins)).toEqual(new Set([16]));
});
