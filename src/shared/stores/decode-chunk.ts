import { asError, RedsunError } from '../../sdk/util/index.ts';
import type { ArrayInfo, CodecConfiguration } from './array-metadata.ts';
import { crc32c } from './crc32c.ts';
import { type RawPixels, STORE_DTYPES, viewPixels } from './pixel-types.ts';

/** More than any sensible chunk: a limit against metadata that lie. */
const MAX_CHUNK_BYTES = 1024 * 1024 * 1024;

/** The pixels of a chunk, and how far apart neighbours along each axis lie. */
export interface DecodedChunk {
  readonly pixels: RawPixels;
  readonly strides: readonly number[];
}

/** Bytes of one decoded chunk. @throws RedsunError `store/too-large`. */
export function chunkByteLength(array: ArrayInfo): number {
  const bytes = array.chunkShape.reduce((product, length) => product * length, STORE_DTYPES[array.dtype]);
  if (bytes > MAX_CHUNK_BYTES) {
    throw new RedsunError(
      'store/too-large',
      `${array.path || '/'}: a chunk of ${bytes} bytes is over the limit of ${MAX_CHUNK_BYTES}`,
    );
  }
  return bytes;
}

/** @param key - names the chunk in errors. @throws RedsunError `store/truncated-chunk`, `store/bad-chunk`, `store/unknown-codec`. */
export async function decodeChunk(array: ArrayInfo, encoded: Uint8Array, key: string): Promise<DecodedChunk> {
  const expected = chunkByteLength(array);
  let bytes = encoded;
  for (let at = array.codecs.bytes.length - 1; at >= 0; at--) {
    bytes = await decodeBytes(array.codecs.bytes[at]!, bytes, expected, key);
  }
  if (bytes.byteLength !== expected) {
    const code = bytes.byteLength < expected ? 'store/truncated-chunk' : 'store/bad-chunk';
    throw new RedsunError(code, `${key}: ${bytes.byteLength} bytes of pixels where ${expected} are due`);
  }
  const size = STORE_DTYPES[array.dtype];
  // A copy where the view would not be aligned, or is not ours to swap in place.
  const swapped = array.codecs.bigEndian && size > 1;
  const own =
    swapped || bytes.byteOffset % size !== 0 || !(bytes.buffer instanceof ArrayBuffer) ? bytes.slice() : bytes;
  if (swapped) swapBytes(own, size);
  const pixels = viewPixels(array.dtype, own.buffer as ArrayBuffer, own.byteOffset, expected / size);
  return { pixels, strides: stridesOf(array) };
}

/** Each transpose reorders axes before the next codec sees them; the last sees C order. */
function stridesOf({ chunkShape, codecs }: ArrayInfo): number[] {
  const shape = codecs.transposes.reduce<readonly number[]>(
    (before, order) => order.map((axis) => before[axis]!),
    chunkShape,
  );
  let strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  for (const order of [...codecs.transposes].reverse()) {
    const before = new Array<number>(strides.length);
    for (const [at, axis] of order.entries()) before[axis] = strides[at]!;
    strides = before;
  }
  return strides;
}

async function decodeBytes(
  codec: CodecConfiguration,
  bytes: Uint8Array,
  expected: number,
  key: string,
): Promise<Uint8Array> {
  const name = codec.name.replace(/^numcodecs\./, '');
  try {
    switch (name) {
      case 'crc32c':
        return withoutChecksum(bytes, key);
      case 'gzip':
        return await inflate(bytes, 'gzip', expected);
      case 'zlib':
        return await inflate(bytes, 'deflate', expected);
      case 'blosc':
        checkDeclared(bytes, 4, expected, key);
        if (uint32(bytes, 12) > bytes.byteLength) throw truncated(key, bytes.byteLength, uint32(bytes, 12));
        return await decompress(name, bytes);
      case 'lz4':
        checkDeclared(bytes, 0, expected, key);
        return await decompress(name, bytes);
      case 'zstd':
        checkZstd(bytes, expected, key);
        return await decompress(name, bytes);
      default:
        throw new RedsunError('store/unknown-codec', `${key}: cannot decode ${codec.name}`);
    }
  } catch (thrown) {
    if (thrown instanceof RedsunError) throw thrown;
    const { message } = asError(thrown);
    throw new RedsunError(
      'store/bad-chunk',
      `${key}: ${codec.name} cannot decode its ${bytes.byteLength} bytes: ${message}`,
      {
        cause: thrown,
      },
    );
  }
}

/** Loaded when the first compressed chunk is read: the decoders are WebAssembly of some size. */
async function decompress(name: 'blosc' | 'lz4' | 'zstd', bytes: Uint8Array): Promise<Uint8Array> {
  const { registry } = await import('zarrita');
  const entry = await registry.get(name)?.();
  if (!entry) throw new RedsunError('store/unknown-codec', `cannot decode ${name}`);
  const codec = entry.fromConfig({}, { dataType: 'uint8', shape: [], codecs: [], fillValue: null });
  return codec.decode(bytes);
}

/** Stops as soon as more comes out than a chunk holds. */
async function inflate(bytes: Uint8Array, format: 'gzip' | 'deflate', expected: number): Promise<Uint8Array> {
  const whole = new Uint8Array(expected);
  let length = 0;
  const input = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream(format));
  const reader = input.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (length + part.value.byteLength > expected) {
      await reader.cancel();
      throw new RangeError(`more than the ${expected} bytes that are due come out`);
    }
    whole.set(part.value, length);
    length += part.value.byteLength;
  }
  return whole.subarray(0, length);
}

function withoutChecksum(bytes: Uint8Array, key: string): Uint8Array {
  const body = bytes.subarray(0, Math.max(0, bytes.byteLength - 4));
  if (bytes.byteLength < 4 || crc32c(body) !== uint32(bytes, body.byteLength)) {
    throw new RedsunError('store/bad-chunk', `${key}: the checksum of its ${bytes.byteLength} bytes does not match`);
  }
  return body;
}

/** Compressed data say how much will come out: believe it only when it is what is due. */
function checkDeclared(bytes: Uint8Array, offset: number, expected: number, key: string): void {
  if (bytes.byteLength < 16) throw truncated(key, bytes.byteLength, 16);
  const declared = uint32(bytes, offset);
  if (declared !== expected) {
    throw new RedsunError('store/bad-chunk', `${key}: would decode to ${declared} bytes where ${expected} are due`);
  }
}

/** Frame header of zstd (RFC 8878, 3.1.1.1): the content size, where it is declared. */
function checkZstd(bytes: Uint8Array, expected: number, key: string): void {
  if (bytes.byteLength < 6) throw truncated(key, bytes.byteLength, 6);
  if (uint32(bytes, 0) !== 0xfd2fb528) throw new RedsunError('store/bad-chunk', `${key}: these are not zstd's bytes`);
  const descriptor = bytes[4] as number;
  const single = (descriptor & 0x20) !== 0;
  const start = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] as number);
  const fieldBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  if (fieldBytes === 0) return;
  let declared = fieldBytes === 2 ? 256 : 0;
  for (let at = 0; at < fieldBytes; at++) declared += (bytes[start + at] ?? 0) * 2 ** (8 * at);
  if (declared !== expected) {
    throw new RedsunError('store/bad-chunk', `${key}: would decode to ${declared} bytes where ${expected} are due`);
  }
}

function truncated(key: string, bytes: number, due: number): RedsunError {
  return new RedsunError('store/truncated-chunk', `${key}: ${bytes} bytes where at least ${due} are due`);
}

function uint32(bytes: Uint8Array, offset: number): number {
  if (offset + 4 > bytes.byteLength) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.byteLength; at += size) bytes.subarray(at, at + size).reverse();
}
