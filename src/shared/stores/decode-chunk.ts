import { asError, RedsunError } from '../../sdk/util/index.ts';
import type { ArrayInfo, CodecConfiguration } from './array-metadata.ts';
import { crc32c } from './crc32c.ts';
import { type RawPixels, STORE_DTYPES, viewPixels } from './pixel-types.ts';
import { zstdFrames } from './zstd-frames.ts';

/** More than any sensible chunk: a limit against metadata that lie. */
const MAX_CHUNK_BYTES = 1024 * 1024 * 1024;
const CHECKSUM_BYTES = 4;
/** How much more room than what is due zstd is given where it does not say what comes out: its blocks are full but for a few. */
const ZSTD_SLACK = 16;
const ZSTD_ROOM_BYTES = 64 * 1024 * 1024;

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
  const dues = duesOf(array.codecs.bytes, expected);
  for (let at = array.codecs.bytes.length - 1; at >= 0; at--) {
    bytes = await decodeBytes(array.codecs.bytes[at]!, bytes, dues[at]!, key);
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

/** How many bytes a codec has to give: those that the pixels take, or, where another codec works on them, not more than so many. */
interface Due {
  readonly exact: number | null;
  readonly most: number;
}

/** What each of the codecs of a chain has to give, in their order. */
function duesOf(codecs: readonly CodecConfiguration[], pixelBytes: number): Due[] {
  let inner: Due = { exact: pixelBytes, most: pixelBytes };
  return codecs.map((codec) => {
    const due = inner;
    const exact = due.exact !== null && nameOf(codec) === 'crc32c' ? due.exact + CHECKSUM_BYTES : null;
    inner = { exact, most: exact ?? mostEncodedBytes(due.most) };
    return due;
  });
}

/** More than any codec makes of what goes in: what does not compress grows by a little. */
export function mostEncodedBytes(bytes: number): number {
  return 2 * bytes + 65_536;
}

function nameOf({ name }: CodecConfiguration): string {
  return name.replace(/^numcodecs\./, '');
}

async function decodeBytes(codec: CodecConfiguration, bytes: Uint8Array, due: Due, key: string): Promise<Uint8Array> {
  const name = nameOf(codec);
  try {
    switch (name) {
      case 'crc32c':
        return withoutChecksum(bytes, key);
      case 'gzip':
        return await inflate(bytes, 'gzip', due.most);
      case 'zlib':
        return await inflate(bytes, 'deflate', due.most);
      case 'blosc':
        if (bytes.byteLength < 16) throw truncated(key, bytes.byteLength, 16);
        requireDue(uint32(bytes, 4), due, key);
        if (uint32(bytes, 12) > bytes.byteLength) throw truncated(key, bytes.byteLength, uint32(bytes, 12));
        return await decompress(name, bytes);
      case 'lz4':
        if (bytes.byteLength < 16) throw truncated(key, bytes.byteLength, 16);
        requireDue(uint32(bytes, 0), due, key);
        return await decompress(name, bytes);
      case 'zstd':
        return await decodeZstd(bytes, due, key);
      default:
        throw new RedsunError('store/unknown-codec', `${key}: cannot decode ${codec.name}`);
    }
  } catch (thrown) {
    if (thrown instanceof RedsunError) throw thrown;
    const { message } = asError(thrown);
    throw new RedsunError(
      'store/bad-chunk',
      `${key}: ${codec.name} cannot decode its ${bytes.byteLength} bytes${message ? `: ${message}` : ''}`,
      {
        cause: thrown,
      },
    );
  }
}

/** Frame by frame: how much comes out of all of them is known before the first one is decompressed. */
async function decodeZstd(bytes: Uint8Array, due: Due, key: string): Promise<Uint8Array> {
  const frames = await zstdFrames((offset, length) => bytes.subarray(offset, offset + length), bytes.byteLength);
  if (frames === null) throw new RedsunError('store/bad-chunk', `${key}: these are not zstd's bytes`);
  if (frames === 'truncated') {
    throw new RedsunError('store/truncated-chunk', `${key}: its ${bytes.byteLength} bytes end within a zstd frame`);
  }
  const most = frames.reduce((sum, frame) => sum + frame.mostBytes, 0);
  if (frames.every(({ declaredBytes }) => declaredBytes !== null)) requireDue(most, due, key);
  // Blocks may be less than full, so what does not declare itself is given some room.
  else if (most > ZSTD_SLACK * due.most + ZSTD_ROOM_BYTES) {
    throw new RedsunError(
      'store/bad-chunk',
      `${key}: would decode to as much as ${most} bytes where ${due.most} are due`,
    );
  }
  const parts: Uint8Array[] = [];
  for (const { offset, length } of frames) {
    parts.push(await decompress('zstd', bytes.subarray(offset, offset + length)));
  }
  return parts.length === 1 ? (parts[0] as Uint8Array) : joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** Loaded when the first compressed chunk is read: the decoders are WebAssembly of some size. */
async function decompress(name: 'blosc' | 'lz4' | 'zstd', bytes: Uint8Array): Promise<Uint8Array> {
  const { registry } = await import('zarrita');
  const entry = await registry.get(name)?.();
  if (!entry) throw new RedsunError('store/unknown-codec', `cannot decode ${name}`);
  const codec = entry.fromConfig({}, { dataType: 'uint8', shape: [], codecs: [], fillValue: null });
  return codec.decode(bytes);
}

/** Stops as soon as more comes out than there can be. */
async function inflate(bytes: Uint8Array, format: 'gzip' | 'deflate', most: number): Promise<Uint8Array> {
  const whole = new Uint8Array(most);
  let length = 0;
  const input = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream(format));
  const reader = input.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (length + part.value.byteLength > most) {
      await reader.cancel();
      throw new RangeError(`more than the ${most} bytes that are due come out`);
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
function requireDue(declared: number, { exact, most }: Due, key: string): void {
  if (exact === null ? declared <= most : declared === exact) return;
  const due = exact === null ? `at most ${most} are due` : `${exact} are due`;
  throw new RedsunError('store/bad-chunk', `${key}: would decode to ${declared} bytes where ${due}`);
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
