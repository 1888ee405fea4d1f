import { expect, test } from 'vitest';
import { forecastDisk } from './disk-forecast.ts';

const USE = { nowS: 10_000, workedS: 100, bytesWritten: 1e9, freeBytes: 5e9, leftS: 600 };

test('a disk that fills before the run ends is foretold with both times', () => {
  expect(forecastDisk(USE)).toEqual({ fullAt: 10_500, endsAt: 10_600 });
});

test('a disk that lasts until the run ends is no matter', () => {
  expect(forecastDisk({ ...USE, leftS: 499 })).toBeNull();
});

test('the first seconds say nothing, nor does a run that has written nothing', () => {
  expect(forecastDisk({ ...USE, workedS: 4 })).toBeNull();
  expect(forecastDisk({ ...USE, bytesWritten: 0 })).toBeNull();
});

test('a run of unknown length is warned of when the disk is full within a day', () => {
  expect(forecastDisk({ ...USE, leftS: null })).toEqual({ fullAt: 10_500, endsAt: null });
  expect(forecastDisk({ ...USE, leftS: null, freeBytes: 1e15 })).toBeNull();
});
