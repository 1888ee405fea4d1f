import { expect, test } from 'vitest';
import { inPicture, onStage, type StageDirection } from './stage-direction.ts';

const SIGNS = [1, -1] as const;
const ALL: StageDirection[] = SIGNS.flatMap((x) =>
  SIGNS.flatMap((y) => [false, true].map((swapped) => ({ x, y, swapped }))),
);

test.each(ALL)('a way there and back is none: %o', (direction) => {
  expect(onStage(direction, inPicture(direction, { x: 3, y: -7 }))).toEqual({ x: 3, y: -7 });
});

test('where the camera is turned by a quarter, what lies to the right is fetched along y', () => {
  const turned = { x: 1, y: -1, swapped: true } as const;
  expect(onStage(turned, { x: 10, y: 0 })).toEqual({ x: 0, y: -10 });
  expect(inPicture(turned, { x: 40, y: 30 })).toEqual({ x: -30, y: 40 });
});
