import { describe, expect, test } from 'vitest';
import { autoLimits, columnsOf, histogramOf } from './histogram.ts';
import { type ImageLayer, rgbOf, valueAt } from './layer.ts';
import { scaleBarFor } from './scale-bar.ts';
import { stageAt } from './stage-point.ts';
import { brightness } from './two-d-renderer.ts';
import { fitTo, panBy, toImage, toScreen, zoomAt } from './viewport.ts';

const image = { width: 2048, height: 1024 };
const screen = { width: 1024, height: 800 };

describe('viewport', () => {
  test('fits the whole image and centres it', () => {
    expect(fitTo(image, screen)).toEqual({ centre: { x: 1024, y: 512 }, scale: 0.5, fitted: true });
  });
  test('keeps the point under the pointer while zooming', () => {
    const before = fitTo(image, screen);
    const at = { x: 300, y: 500 };
    const after = zoomAt(before, 3, at, image, screen);
    expect(after.scale).toBeCloseTo(1.5);
    expect(toImage(after, at, screen).x).toBeCloseTo(toImage(before, at, screen).x, 9);
    expect(toImage(after, at, screen).y).toBeCloseTo(toImage(before, at, screen).y, 9);
  });
  test('goes from screen to image and back', () => {
    const view = { centre: { x: 10, y: 20 }, scale: 4, fitted: false };
    expect(toScreen(view, toImage(view, { x: 3, y: 7 }, screen), screen)).toEqual({ x: 3, y: 7 });
  });
  test('never loses the image by panning', () => {
    const view = panBy(fitTo(image, screen), { x: -1e6, y: 1e6 }, image);
    expect(view.centre).toEqual({ x: 2048, y: 0 });
  });
});

describe('scale bar', () => {
  test.each([
    [0.65, 150, '50 µm', 50 / 0.65],
    [0.02, 150, '2 µm', 100],
    [10, 150, '1 mm', 100],
    [0.001, 150, '100 nm', 100],
  ])('is round at %d um per px', (umPerPx, space, label, width) => {
    const bar = scaleBarFor(umPerPx, space);
    expect(bar.label).toBe(label);
    expect(bar.widthPx).toBeCloseTo(width);
  });
});

describe('histogram', () => {
  test('counts, and tells min, mean and max exactly', () => {
    const histogram = histogramOf(Uint16Array.from([100, 200, 300, 65_535]));
    expect(histogram).toMatchObject({ min: 100, max: 65_535, mean: 16_533.75, pixels: 4 });
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(4);
  });
  test('limits leave the given part out', () => {
    const pixels = Uint16Array.from({ length: 10_000 }, (_, index) => index % 1000);
    pixels[0] = 60_000;
    const all = histogramOf(pixels, 0, 65_536);
    expect(autoLimits(all, 0).high).toBe(60_000);
    const { low, high } = autoLimits(all, 2);
    expect(low).toBe(10);
    expect(high).toBeGreaterThan(985);
    expect(high).toBeLessThan(995);
  });
  test('a flat picture still gets limits that differ', () => {
    const { low, high } = autoLimits(histogramOf(new Uint16Array(16).fill(7)), 0.1);
    expect(low).toBe(7);
    expect(high).toBeGreaterThan(low);
  });
  test('leaves NaN out', () => {
    expect(histogramOf(Float32Array.from([Number.NaN, 0.5]), 0, 1)).toMatchObject({ pixels: 1, mean: 0.5 });
  });
  test('columns cover the asked range only', () => {
    const columns = columnsOf(histogramOf(Uint16Array.from([10, 10, 50, 4000])), 0, 100, 10, false);
    expect(columns.map((height) => height > 0)).toEqual([
      false,
      true,
      false,
      false,
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('layer', () => {
  const layer: ImageLayer = {
    name: 'a',
    data: Uint16Array.from([1, 2, 3, 4, 5, 6]),
    widthPx: 3,
    heightPx: 2,
    step: 2,
    offset: 0,
    factor: 1,
    display: { colour: '#ffffff', low: 0, high: 10, gamma: 1, visible: true },
  };
  test('reads the pixel under an image point of a thinned frame', () => {
    expect(valueAt(layer, 5, 3)).toBe(6);
    expect(valueAt(layer, 0, 0)).toBe(1);
    expect(valueAt(layer, 6, 0)).toBeNull();
    expect(valueAt(layer, -1, 0)).toBeNull();
  });
  test('prefers stored values to their likeness', () => {
    expect(valueAt({ ...layer, values: Float32Array.from([0.5, 0, 0, 0, 0, 0]) }, 0, 0)).toBe(0.5);
  });
  test('colours and brightness', () => {
    expect(rgbOf('#ff8000').map((part) => Math.round(part * 255))).toEqual([255, 128, 0]);
    expect(brightness({ low: 100, high: 200, gamma: 1 }, 150)).toBe(0.5);
    expect(brightness({ low: 100, high: 200, gamma: 0.5 }, 125)).toBe(0.5);
    expect(brightness({ low: 100, high: 200, gamma: 1 }, 900)).toBe(1);
  });
});

test('a pixel of a part of the sensor is where the stage has to go for it, whichever way the stage counts', () => {
  const image = { width: 512, height: 256 };
  const stage = { x: 1000, y: 500, direction: { x: -1, y: 1, swapped: false } as const };
  expect(stageAt(stage, { x: 255.5, y: 127.5 }, image, 0.65)).toEqual({ x: 1000, y: 500 });
  const { x, y } = stageAt(stage, { x: 0, y: 0 }, image, 0.65);
  expect(x).toBeCloseTo(1000 + 255.5 * 0.65, 9);
  expect(y).toBeCloseTo(500 - 127.5 * 0.65, 9);
});
