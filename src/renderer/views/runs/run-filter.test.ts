import { expect, test } from 'vitest';
import { ANY_RUN, isNarrowed, searchOf } from './run-filter.ts';

const now = new Date(2026, 2, 30, 0, 30).getTime() / 1000;

test('fields that say nothing ask for every run', () => {
  expect(searchOf({ ...ANY_RUN, text: '  ' }, now)).toEqual({});
  expect(isNarrowed({ ...ANY_RUN, text: '  ' })).toBe(false);
});

test('each field that says something narrows the question', () => {
  const filter = { text: ' leaf ', status: 'abort', plan: 'mda', period: null } as const;
  expect(searchOf(filter, now)).toEqual({ text: 'leaf', status: 'abort', plan: 'mda' });
  expect(isNarrowed(filter)).toBe(true);
});

test.each([
  ['today', '2026-03-30'],
  ['week', '2026-03-24'],
  ['month', '2026-03-01'],
  ['year', '2025-03-31'],
] as const)('a period (%s) ends today and begins on %s', (period, from) => {
  expect(searchOf({ ...ANY_RUN, period }, now)).toEqual({ from });
});
