import { expect, test } from 'vitest';
import { runPart } from './run-part.ts';

test.each([
  [{ total: 40, acknowledged: 10, elapsedS: 1, leftS: null }, 0.25],
  [{ total: 40, acknowledged: 44, elapsedS: 1, leftS: null }, 1],
  [{ total: null, acknowledged: 10, elapsedS: 5, leftS: { low: 10, high: 20 } }, 0.25],
  [{ total: null, acknowledged: 10, elapsedS: 5, leftS: null }, null],
  [{ total: 0, acknowledged: 0, elapsedS: 0, leftS: { low: 0, high: 0 } }, 0],
])('%j is done to %s', (run, part) => {
  expect(runPart(run)).toBe(part);
});
