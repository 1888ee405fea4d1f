import { expect, test } from 'vitest';
import { labelAt, labelPixels, rgbaOf } from './label-colours.ts';

const picture = { data: [0, 7, 7, 9], widthPx: 2, heightPx: 2 };

test('labels have the colours of the store, else one of their own; nothing is drawn where there is none', () => {
  const pixels = labelPixels(picture, { 7: '#ff000080' });
  expect([...pixels.slice(0, 4)]).toEqual([0, 0, 0, 0]);
  expect([...pixels.slice(4, 8)]).toEqual([255, 0, 0, 128]);
  expect([...pixels.slice(12)]).toEqual([...rgbaOf(9, undefined)]);
  expect([...labelPixels(picture, { 0: '#0000ff10' }).slice(0, 4)]).toEqual([0, 0, 255, 16]);
});

test('neighbouring numbers look different, and each always the same', () => {
  const colours = Array.from({ length: 20 }, (_, label) => rgbaOf(label + 1, undefined).join());
  expect(new Set(colours).size).toBe(20);
  expect(rgbaOf(3, undefined)).toEqual(rgbaOf(3, undefined));
});

test('a label is found at its place also where labels are coarser than the picture', () => {
  const at = (x: number, y: number) => labelAt(picture, x, y, { width: 8, height: 4 });
  expect([at(0, 0), at(3, 1), at(4, 0), at(7, 3), at(3, 2)]).toEqual([0, 0, 7, 9, 7]);
  expect([at(-1, 0), at(8, 0), at(0, 4)]).toEqual([null, null, null]);
});
