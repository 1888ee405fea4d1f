import { expect, test } from 'vitest';
import { roomWords } from './room-words.ts';

test.each([
  ['exact', 4e9, 10e9, 'Fits, leaves 6.00 GB', ''],
  ['exact', 12e9, 10e9, 'Needs 2.00 GB more space', 'is-danger'],
  ['atMost', 4e9, 10e9, 'Fits, leaves 6.00 GB or more', ''],
  ['atMost', 12e9, 10e9, 'May not fit, 10.0 GB free', 'is-warn'],
] as const)('%s %d of %d bytes: %s', (bytesKind, bytes, freeBytes, words, tone) => {
  expect(roomWords({ bytes, bytesKind, freeBytes })).toEqual({ words, tone });
});
