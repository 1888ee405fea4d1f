import { expect, test } from 'vitest';
import { blur, blurReachPx } from './blur.ts';

const SIZE = 101;

function blurredDot(sigmaPx: number): Float32Array {
  const plane = new Float32Array(SIZE * SIZE);
  plane[50 * SIZE + 50] = 1;
  blur(plane, new Float32Array(SIZE * SIZE), SIZE, SIZE, sigmaPx);
  return plane;
}

test.each([0.3, 0.6, 1.2, 2.7, 6])('a dot becomes a spot of deviation %s px with all of its light', (sigmaPx) => {
  const plane = blurredDot(sigmaPx);
  let [light, varianceX, varianceY] = [0, 0, 0];
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const value = plane[y * SIZE + x]!;
      light += value;
      varianceX += value * (x - 50) ** 2;
      varianceY += value * (y - 50) ** 2;
    }
  }
  expect(light).toBeCloseTo(1, 4);
  expect(Math.sqrt(varianceX)).toBeCloseTo(sigmaPx, 2);
  expect(Math.sqrt(varianceY)).toBeCloseTo(sigmaPx, 2);
});

test('reaches no further than it says, and leaves an even plane as it is', () => {
  const reach = blurReachPx(2.7);
  const plane = blurredDot(2.7);
  expect(plane[50 * SIZE + 50 + reach]).toBeGreaterThan(0);
  expect(Math.abs(plane[50 * SIZE + 50 + reach + 1]!)).toBeLessThan(1e-7);
  const even = new Float32Array(20 * 30).fill(3);
  blur(even, new Float32Array(20 * 30), 20, 30, 4);
  expect(Math.max(...even.map((value) => Math.abs(value - 3)))).toBeLessThan(1e-5);
});
