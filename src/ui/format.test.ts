import { describe, expect, test } from 'vitest';
import { formatMoment, formatSpan } from './format.ts';

const at = (day: number, hour: number, minute = 0) => new Date(2026, 11, day, hour, minute).getTime() / 1000;
const now = at(1, 10);

describe('when a run ends', () => {
  test.each([
    ['today, by the clock alone', at(1, 12, 57), at(1, 13, 18), '12:57–13:18'],
    ['in the same minute, once', at(1, 12, 57), at(1, 12, 57), '12:57'],
    ['some time tomorrow, with the day once', at(2, 3), at(2, 5, 30), '2026-12-02 03:00–05:30'],
    ['today or tomorrow', at(1, 21), at(2, 21), '21:00–2026-12-02 21:00'],
    [
      'at the same hour of days that follow each other',
      at(3, 7, 27),
      at(8, 9, 12),
      '2026-12-03 07:27–2026-12-08 09:12',
    ],
  ])('%s', (_when, from, to, words) => {
    expect(formatSpan(from, to, now)).toBe(words);
  });

  test('a day of another year is no other hour of today', () => {
    const nextYear = new Date(2027, 11, 1, 12).getTime() / 1000;
    expect(formatMoment(nextYear, now)).toBe('2027-12-01 12:00');
  });
});
