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
    ['12,5', 'µm', 12.5],
    ['0,5 mm', 'µm', 500],
    ['0,500', 'µm', 0.5],
    ['0.125', 'µm', 0.125],
    [',250', 'µm', 0.25],
    ['1234.567', 'µm', 1234.567],
    ['1 000', 'µm', 1000],
    ['1\u202f234,567', 'µm', 1234.567],
    ['1.0000', 'µm', 1],
    ['1.00', 'µm', 1],
    ['\u2212 3', 'µm', -3],
  ])('reads %s in a field of %s as %d', (text, unit, value) => {
    expect(parseQuantity(text, unit)).toMatchObject({ kind: 'number', value });
  });

  test.each([
    ['1,000', 'µm', '1,000: is it 1.0 or 1000? Type it so'],
    ['1.000', 'µm', '1.000: is it 1.0 or 1000? Type it so'],
    ['-12.500', 'µm', '12.500: is it 12.5 or 12500? Type it so'],
    ['999,999', undefined, '999,999: is it 999.999 or 999999? Type it so'],
    ['1,500 mm', 'µm', '1,500: is it 1.5 or 1500? Type it so'],
    ['1.000e3', 'ms', '1.000: is it 1.0 or 1000? Type it so'],
  ])('asks back what can be read two ways: %s in a field of %s', (text, unit, message) => {
    expect(parseQuantity(text, unit)).toEqual({ kind: 'unreadable', message });
  });

  test.each(['5 10', '12 34', '1 2345', '1,284.5', '1,000,000', '1.000.000'])(
    'never makes one number of "%s"',
    (text) => {
      expect(parseQuantity(text, 'µm')).toEqual({ kind: 'unreadable', message: `"${text}" is no number` });
    },
  );

  test('does not repeat a pasted page', () => {
    const read = parseQuantity('word '.repeat(1000), 'µm');
    expect(read.kind === 'unreadable' && read.message.length).toBeLessThan(80);
  });

  test('a name that every object has is no unit', () => {
    expect(parseQuantity('3 constructor', 'µm')).toEqual({
      kind: 'unreadable',
      message: '"constructor" is no unit for µm',
    });
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
