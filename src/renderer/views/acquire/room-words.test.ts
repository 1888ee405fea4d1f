import { expect, test } from 'vitest';
import { roomWords, speedWords } from './room-words.ts';

test.each([
  ['exact', 4e9, 10e9, 'Fits, leaves 6.00 GB', ''],
  ['exact', 12e9, 10e9, 'Needs 2.00 GB more space', 'is-danger'],
  ['atMost', 4e9, 10e9, 'Fits, leaves 6.00 GB or more', ''],
  ['atMost', 12e9, 10e9, 'May not fit, 10.0 GB free', 'is-warn'],
] as const)('%s %d of %d bytes: %s', (bytesKind, bytes, freeBytes, words, tone) => {
  expect(roomWords({ bytes, bytesKind, freeBytes })).toEqual({ words, tone });
});

test.each([
  ['exact', null, null, null],
  ['exact', null, 95e6, { words: 'Disk takes 95.0 MB/s', tone: '' }],
  ['exact', 12e6, 95e6, { words: 'Disk takes 95.0 MB/s, needs 12.0 MB/s', tone: '' }],
  ['atMost', 210e6, 95e6, { words: 'Disk takes 95.0 MB/s, needs up to 210 MB/s', tone: 'is-warn' }],
] as const)('%s: %d of %d bytes/s', (bytesKind, neededBytesPerS, diskBytesPerS, said) => {
  expect(speedWords({ bytesKind, neededBytesPerS, diskBytesPerS })).toEqual(said);
});
