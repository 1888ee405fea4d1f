import { RedsunError } from '../../sdk/util/index.ts';
import type { ArrayInfo } from './array-metadata.ts';
import { type ByteRange, type ByteSource, joinKey } from './byte-source.ts';
import { chunkByteLength } from './decode-chunk.ts';
import { zstdFrames } from './zstd-frames.ts';

const BLOSC_HEADER_BYTES = 16;
const CHECKSUM_BYTES = 4;
const MOST_WALKED_BYTES = 8 * 1024 * 1024;

/**
 * Whether the file of a chunk can be whole, as far as its length and what its outermost codec says of itself tell. Nothing is decoded.
 * @throws RedsunError `store/truncated-chunk`, `store/bad-chunk`.
 */
export async function checkEncoded(
  source: ByteSource,
  array: ArrayInfo,
  coordinates: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  const key = joinKey(array.path, array.keyOf(coordinates));
  const read = async (range: ByteRange) => (await source.read(key, range, signal)) ?? new Uint8Array(0);
  const pixelBytes = chunkByteLength(array);
  const names = array.codecs.bytes.map(({ name }) => name.replace(/^numcodecs\./, ''));
  /** What comes out of the outermost codec, where no other one compresses before it. */
  const due = pixelBytes + CHECKSUM_BYTES * names.slice(0, -1).filter((name) => name === 'crc32c').length;
  const isDue = names.slice(0, -1).every((name) => name === 'crc32c');
  switch (names.at(-1)) {
    case undefined:
      return requireLength(key, pixelBytes, read);
    case 'crc32c':
      return isDue ? requireLength(key, due + CHECKSUM_BYTES, read) : requireLeast(key, CHECKSUM_BYTES, read);
    case 'blosc': {
      const head = await read({ offset: 0, length: BLOSC_HEADER_BYTES });
      if (head.byteLength < BLOSC_HEADER_BYTES) throw truncated(key, head.byteLength, BLOSC_HEADER_BYTES);
      if (isDue) requireDeclared(key, uint32(head, 4), due);
      return requireLeast(key, uint32(head, 12), read);
    }
    case 'gzip': {
      const tail = await read({ suffix: 4 });
      if (tail.byteLength < 4) throw truncated(key, tail.byteLength, 18);
      // A member of gzip ends with the length of its content (RFC 1952), which the middle of one does not.
      if (isDue && uint32(tail, 0) !== due % 2 ** 32) {
        throw new RedsunError('store/truncated-chunk', `${key}: does not end as gzip does after ${due} bytes`);
      }
      return;
    }
    case 'zstd': {
      const bytes = await read({ offset: 0, length: MOST_WALKED_BYTES + 1 });
      // Nothing but a walk through all of it tells, and through a large one that takes as long as to decode it.
      if (bytes.byteLength > MOST_WALKED_BYTES) return;
      const frames = await zstdFrames((at, length) => bytes.subarray(at, at + length), bytes.byteLength);
      if (frames === null) throw new RedsunError('store/bad-chunk', `${key}: these are not zstd's bytes`);
      if (frames === 'truncated') {
        throw new RedsunError('store/truncated-chunk', `${key}: its ${bytes.byteLength} bytes end within a zstd frame`);
      }
      const declared = frames.map(({ declaredBytes }) => declaredBytes);
      if (isDue && declared.every((bytes) => bytes !== null)) requireDeclared(key, sumOf(declared), due);
      return;
    }
    default:
      return requireLeast(key, 1, read);
  }
}

type Read = (range: ByteRange) => Promise<Uint8Array>;

async function requireLength(key: string, length: number, read: Read): Promise<void> {
  await requireLeast(key, length, read);
  if ((await read({ offset: length, length: 1 })).byteLength === 0) return;
  throw new RedsunError('store/bad-chunk', `${key}: has more than the ${length} bytes that are due`);
}

async function requireLeast(key: string, length: number, read: Read): Promise<void> {
  const last = await read({ offset: Math.max(1, length) - 1, length: 1 });
  if (last.byteLength === 1) return;
  throw new RedsunError('store/truncated-chunk', `${key}: has less than the ${Math.max(1, length)} bytes that are due`);
}

function requireDeclared(key: string, declared: number, due: number): void {
  if (declared === due) return;
  throw new RedsunError('store/bad-chunk', `${key}: would decode to ${declared} bytes where ${due} are due`);
}

function truncated(key: string, bytes: number, due: number): RedsunError {
  return new RedsunError('store/truncated-chunk', `${key}: ${bytes} bytes where at least ${due} are due`);
}

function uint32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset, true);
}

function sumOf(numbers: readonly (number | null)[]): number {
  return numbers.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
