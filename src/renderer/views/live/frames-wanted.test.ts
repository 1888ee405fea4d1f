import { expect, test } from 'vitest';
import { fitTo, oneToOne, panBy, zoomAt } from '../../canvas/viewport.ts';
import { FIRST_FRAMES, framesWanted, isEnough } from './frames-wanted.ts';

const large = { width: 4096, height: 4096 };
const small = { width: 512, height: 512 };
const screen = { width: 1000, height: 800 };

test('a small camera is sent whole, at any zoom: its pixels are no effort', () => {
  for (const view of [
    fitTo(small, screen),
    oneToOne(small, null),
    zoomAt(oneToOne(small, null), 8, { x: 0, y: 0 }, small, screen),
  ])
    expect(framesWanted(small, view, screen, 1)).toMatchObject({ region: null, step: 1 });
  expect(isEnough(FIRST_FRAMES, small, fitTo(small, screen), screen, 1)).toBe(true);
});

test('zoomed out as many pixels are averaged as fall on one of the screen, and no more', () => {
  // 800 / 4096: five pixels of the camera on one of the screen, and a bit.
  expect(framesWanted(large, fitTo(large, screen), screen, 1)).toMatchObject({ region: null, step: 5 });
  expect(framesWanted(large, fitTo(large, screen), screen, 2)).toMatchObject({ step: 2 });
  const quarter = { ...oneToOne(large, null), scale: 0.25 };
  expect(framesWanted(large, quarter, screen, 1).step).toBe(4);
  expect(framesWanted(large, { ...quarter, scale: 0.6 }, screen, 1).step).toBe(1);
});

test('at 1:1 and above each pixel in sight is asked for, with a margin, and nothing else', () => {
  const view = oneToOne(large, null);
  const { region, step } = framesWanted(large, view, screen, 1);
  expect(step).toBe(1);
  expect(region).toEqual({ x: 1408, y: 1536, width: 1280, height: 1024 });
  const four = framesWanted(large, { ...view, scale: 4 }, screen, 1);
  expect(four.step).toBe(1);
  expect(four.region!.width).toBeLessThan(400);
});

test('a little move asks for nothing, one beyond the margin does, and so does another zoom', () => {
  const view = oneToOne(large, null);
  const asked = framesWanted(large, view, screen, 1);
  expect(isEnough(asked, large, panBy(view, { x: 100, y: -80 }, large), screen, 1)).toBe(true);
  expect(isEnough(asked, large, panBy(view, { x: 300, y: 0 }, large), screen, 1)).toBe(false);
  expect(isEnough(asked, large, { ...view, scale: 0.5 }, screen, 1)).toBe(false);
  // At the corner there is nothing beyond.
  const corner = panBy(view, { x: 5000, y: 5000 }, large);
  expect(isEnough(framesWanted(large, corner, screen, 1), large, corner, screen, 1)).toBe(true);
});
