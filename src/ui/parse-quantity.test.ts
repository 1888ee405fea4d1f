import { describe, expect, test } from 'vitest';
import { bytesAs, durationRangeAs, formatDuration, formatNumber, formatShort } from './format.ts';
import { parseQuantity } from './parse-quantity.ts';

describe('parseQuantity', () => {
  test.each([
    ['50', 'ms', 50],
    ['1\u2009284.50', 'µm', 1284.5],
    ['1 284,5', 'µm', 1284.5],
    ['\u2212342.75', 'µm', -342.75],
    ['1.5 mm', 'µm', 1500],
    ['0.3mm', 'µm', 300],
    ['2 s', 'ms', 2000],
    ['.5', undefined, 0.5],
    ['1e3', 'ms', 1000],
  ])('reads %s in a field of %s as %d', (text, unit, value) => {
    expect(parseQuantity(text, unit)).toMatchObject({ kind: 'number', value });
  });

  test.each([
    ['', 'ms', 'A number is needed'],
    ['fast', 'ms', '"fast" is no number'],
    ['3 mm', 'ms', '"mm" is no unit for ms'],
    ['3 mm', undefined, '"mm" has no place here'],
  ])('says why it cannot read "%s"', (text, unit, message) => {
    expect(parseQuantity(text, unit)).toEqual({ kind: 'unreadable', message });
  });
});

describe('formats', () => {
  test('groups thousands with thin spaces and uses the true minus', () => {
    expect(formatNumber(-1284.5, 2)).toBe('\u22121\u2009284.50');
    expect(formatNumber(15120)).toBe('15\u2009120');
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatShort(30, 2)).toBe('30');
    expect(formatShort(100, 0)).toBe('100');
  });
  test('chooses units', () => {
    expect(bytesAs(126.8e9)).toEqual({ value: '126.8', unit: 'GB' });
    expect(bytesAs(8.4e6)).toEqual({ value: '8.40', unit: 'MB' });
    expect(durationRangeAs(1800, 1980)).toEqual({ value: '30–33', unit: 'min' });
    expect(durationRangeAs(2.04, 2.01)).toEqual({ value: '2', unit: 's' });
    expect(formatDuration(731)).toBe('12 min 11 s');
    expect(formatDuration(20280)).toBe('5 h 38 min');
  });
});
