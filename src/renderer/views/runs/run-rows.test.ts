import { expect, test } from 'vitest';
import type { RunSummary } from '../../../shared/channels/review.ts';
import { DAY_HEIGHT_PX, drawnRows, RUN_HEIGHT_PX, rowsOf } from './run-rows.ts';

const noon = new Date(2026, 2, 10, 12).getTime() / 1000;

function runs(count: number, perDay: number): RunSummary[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `run ${at}`,
    name: `run ${at}`,
    plan: 'count',
    startedAt: noon - 86_400 * Math.floor(at / perDay),
    elapsedS: 1,
    exitStatus: 'success',
    running: false,
    kept: true,
    reason: '',
    frames: 1,
    durable: 1,
    bytes: 1,
    sample: null,
  }));
}

test('each day has a heading above its runs', () => {
  const { rows, heightPx } = rowsOf(runs(5, 3));
  expect(rows.map((row) => (row.kind === 'day' ? row.day : row.index))).toEqual([
    '2026-03-10',
    0,
    1,
    2,
    '2026-03-09',
    3,
    4,
  ]);
  expect(heightPx).toBe(5 * RUN_HEIGHT_PX + 2 * DAY_HEIGHT_PX);
  expect(rows.at(-1)?.topPx).toBe(heightPx - RUN_HEIGHT_PX);
});

test('of thousands of runs only those in sight are drawn, and the one with the focus', () => {
  const { rows } = rowsOf(runs(5000, 20));
  const drawn = drawnRows(rows, 100_000, 700, 3);
  expect(drawn.length).toBeLessThan(40);
  expect(drawn.some((row) => row.kind === 'run' && row.index === 3)).toBe(true);
  const seen = rows.filter(({ topPx }) => topPx > 100_000 - RUN_HEIGHT_PX && topPx < 100_700);
  expect(drawn).toEqual(expect.arrayContaining([...seen]));
});
