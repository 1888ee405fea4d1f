import { expect, test } from 'vitest';
import { grows, slopeOf } from './memory-slope.ts';

const line = (perUnit: number, scatter: number) =>
  Array.from({ length: 40 }, (_, x) => [x, 100 + perUnit * x + (x % 2 === 0 ? scatter : -scatter)] as const);

test('the slope of a line is found, without uncertainty where nothing scatters', () => {
  const { perUnit, error } = slopeOf(line(1.5, 0));
  expect(perUnit).toBeCloseTo(1.5, 9);
  expect(error).toBeCloseTo(0, 9);
});

test('memory that grows is told from memory that scatters', () => {
  expect(grows(slopeOf(line(1.5, 3)), 1)).toBe(true);
  expect(grows(slopeOf(line(0, 30)), 1)).toBe(false);
  expect(grows(slopeOf(line(0.9, 0)), 1)).toBe(false);
});

test('two points are not enough to judge', () => {
  expect(() =>
    slopeOf([
      [0, 1],
      [1, 2],
    ]),
  ).toThrow(RangeError);
});
