import { expect, test } from 'vitest';
import { shuffleBytes } from './shuffle.ts';

function bytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, at) => (37 * at + (at >> 3)) & 0xff);
}

test.each([
  [1, 12, 0],
  [2, 16, 0],
  [2, 18, 0],
  [2, 16, 1],
  [4, 32, 0],
  [4, 20, 0],
  [4, 32, 3],
])('pixels of %i bytes are sorted by weight: %i bytes from offset %i', (bytesPerPixel, count, offset) => {
  const pixels = bytes(count + offset).subarray(offset);
  const shuffled = new Uint8Array(count);
  shuffleBytes(pixels, bytesPerPixel, shuffled);
  const pixelCount = count / bytesPerPixel;
  const expected = Array.from(
    { length: count },
    (_, at) => pixels[(at % pixelCount) * bytesPerPixel + Math.floor(at / pixelCount)],
  );
  expect([...shuffled]).toEqual(expected);
});
