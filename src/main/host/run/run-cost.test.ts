import { expect, test } from 'vitest';
import { bytesPerSecond, durableWords, leastBytes, roomProblem, speedProblem } from './run-cost.ts';

const exact = { bytes: 12e9, kind: 'exact' } as const;
const atMost = { bytes: 12e9, kind: 'atMost' } as const;

test('a run that does not fit is an error; one that may fit compressed is a warning, and is started', () => {
  expect(roomProblem(exact, 12e9)).toBeNull();
  expect(roomProblem(exact, 10e9)).toEqual({ severity: 'error', message: 'Needs 12.0 GB, 10.0 GB are free' });
  expect(roomProblem(atMost, 3e9)).toEqual({
    severity: 'advice',
    message: 'Needs up to 12.0 GB, 3.0 GB are free: fits if compression leaves 25 % or less',
  });
  expect([leastBytes(exact), leastBytes(atMost)]).toEqual([12e9, 0]);
});

test('a disk that is too slow is a warning with both numbers', () => {
  const neededPerS = bytesPerSecond(exact, { low: 60, high: 90 });
  expect(neededPerS).toBe(200e6);
  expect(speedProblem(exact, neededPerS, 200e6)).toBeNull();
  expect(speedProblem(exact, neededPerS, null)).toBeNull();
  expect(speedProblem(atMost, neededPerS, 95e6)).toEqual({
    severity: 'advice',
    message: 'Needs up to 200.0 MB/s, the disk takes 95.0 MB/s: frames wait for it, and the run takes longer',
  });
});

test('at the end of a run it is said how many frames outlive a power cut', () => {
  expect(durableWords(12, 12)).toBe(', all on the disk');
  expect(durableWords(12, 7)).toBe(', 7 of them known to be on the disk');
  expect([durableWords(0, 0), durableWords(12, null)]).toEqual(['', '']);
});
