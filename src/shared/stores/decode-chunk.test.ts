import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseArrayVersion3 } from './array-metadata.ts';
import { crc32c } from './crc32c.ts';
import { decodeChunk } from './decode-chunk.ts';

const PIXELS = 64 * 64;

/** An array of uint8 with chunks of 64 x 64. */
function arrayWith(...codecs: readonly string[]) {
  return parseArrayVersion3('0', {
    shape: [64, 64],
    data_type: 'uint8',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [64, 64] } },
    chunk_key_encoding: { name: 'default' },
    fill_value: 0,
    codecs: ['bytes', ...codecs].map((name) => ({ name })),
  });
}

/** So many blocks of 128 KiB that repeat a byte, in a frame that does not say how much comes out (RFC 8878): 4 bytes for each. */
function zstdBomb(blocks: number): Uint8Array {
  const bytes = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];
  for (let at = 1; at <= blocks; at++) {
    const header = (at === blocks ? 1 : 0) | (1 << 1) | ((128 * 1024) << 3);
    bytes.push(header & 255, (header >> 8) & 255, (header >> 16) & 255, 7);
  }
  return Uint8Array.from(bytes);
}

/** Noise does not compress, and grows a little by every codec. */
function noise(): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: PIXELS }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

function withChecksum(bytes: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(bytes.byteLength + 4);
  whole.set(bytes);
  whole.writeUInt32LE(crc32c(bytes), bytes.byteLength);
  return whole;
}

test('zstd that would make 2 GiB of 64 kB is refused before anything is made', async () => {
  const bomb = zstdBomb(16_384);
  expect(bomb.byteLength).toBeLessThan(66_000);
  await expect(decodeChunk(arrayWith('zstd'), bomb, '0/c/0/0')).rejects.toMatchObject({
    code: 'store/bad-chunk',
    message: '0/c/0/0: would decode to as much as 2147483648 bytes where 4096 are due',
  });
});

test('zstd that declares itself twice as long as it is due is refused, also in a second frame', async () => {
  const [half, whole] = [zstdCompressSync(noise().subarray(0, PIXELS / 2)), zstdCompressSync(noise())];
  await expect(decodeChunk(arrayWith('zstd'), Buffer.concat([whole, half]), 'k')).rejects.toMatchObject({
    message: 'k: would decode to 6144 bytes where 4096 are due',
  });
  const { pixels } = await decodeChunk(
    arrayWith('zstd'),
    Buffer.concat([half, zstdCompressSync(noise().subarray(PIXELS / 2))]),
    'k',
  );
  expect(pixels).toEqual(noise());
});

test('a bomb within another codec is refused', async () => {
  const packed = new Uint8Array(gzipSync(zstdBomb(16_384)));
  await expect(decodeChunk(arrayWith('zstd', 'gzip'), packed, 'k')).rejects.toMatchObject({ code: 'store/bad-chunk' });
  const zeros = new Uint8Array(gzipSync(gzipSync(new Uint8Array(100_000_000))));
  await expect(decodeChunk(arrayWith('gzip', 'gzip'), zeros, 'k')).rejects.toMatchObject({ code: 'store/bad-chunk' });
});

test.each<[string[], (pixels: Uint8Array) => Uint8Array]>([
  [['crc32c', 'zstd'], (pixels) => zstdCompressSync(withChecksum(pixels))],
  [['gzip', 'zstd'], (pixels) => zstdCompressSync(gzipSync(pixels))],
  [['zstd', 'gzip'], (pixels) => gzipSync(zstdCompressSync(pixels))],
  [['zstd', 'crc32c'], (pixels) => withChecksum(zstdCompressSync(pixels))],
])('codecs on top of each other are undone, of noise that grows by them too (%s)', async (codecs, encode) => {
  const { pixels } = await decodeChunk(arrayWith(...codecs), new Uint8Array(encode(noise())), 'k');
  expect(pixels).toEqual(noise());
});

test.each([0, 1, 5, 17, 100, 4000])('zstd that breaks off after %d bytes is named as cut off', async (length) => {
  const cut = zstdCompressSync(noise()).subarray(0, length);
  await expect(decodeChunk(arrayWith('zstd'), cut, 'k')).rejects.toMatchObject({ code: 'store/truncated-chunk' });
});
