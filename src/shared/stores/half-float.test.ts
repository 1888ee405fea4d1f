import { expect, test } from 'vitest';
import { halfToNumber, numberToHalf } from './half-float.ts';

test.each([
  [0x0000, 0],
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3c00, 1],
  [0xc000, -2],
  [0x3555, 0.333251953125],
  [0x7bff, 65504],
  [0x7c00, Number.POSITIVE_INFINITY],
  [0xfc00, Number.NEGATIVE_INFINITY],
  [0x7e00, Number.NaN],
])('%i stands for %d', (bits, value) => {
  expect(halfToNumber(bits)).toBe(value);
  expect(numberToHalf(value)).toBe(bits);
});

test('every number of 16 bits comes back from its value', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfToNumber(bits);
    if (!Number.isNaN(value)) expect(numberToHalf(value)).toBe(bits);
  }
});

test('a number between two is rounded to the nearer one, a tie to the even one', () => {
  expect(halfToNumber(numberToHalf(2049))).toBe(2048);
  expect(halfToNumber(numberToHalf(2051))).toBe(2052);
  expect(halfToNumber(numberToHalf(0.1))).toBeCloseTo(0.1, 4);
  expect(halfToNumber(numberToHalf(65519))).toBe(65504);
  expect(halfToNumber(numberToHalf(65520))).toBe(Number.POSITIVE_INFINITY);
});
