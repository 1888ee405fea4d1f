import type { FileHandle } from 'node:fs/promises';
import { RedsunError } from '../../../sdk/util/index.ts';

/** What the bits of a pixel are: SampleFormat of TIFF 6. */
const SAMPLE_FORMATS = { uint: 1, int: 2, float: 3 } as const;

export interface TiffPixels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bitsPerSample: number;
  readonly sampleFormat: keyof typeof SAMPLE_FORMATS;
  /** Size of a pixel, null when nobody knows. */
  readonly pixelUm: { readonly x: number; readonly y: number } | null;
}

/** About so many bytes in a strip: readers that want a part of a plane read little more. */
const STRIP_BYTES = 1024 * 1024;
/** Offsets of a classic TIFF have 32 bits. */
export const CLASSIC_LIMIT_BYTES = 2 ** 32 - 1;
const ALIGNMENT = 16;

const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const LONG8 = 16;
const TYPE_BYTES: Readonly<Record<number, number>> = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [RATIONAL]: 8, [LONG8]: 8 };

interface Tag {
  readonly tag: number;
  readonly type: number;
  readonly values: readonly number[] | Uint8Array;
}

/**
 * A TIFF, little-endian and uncompressed, written from front to back: each plane is a directory followed by its strips. With `big` it is a
 * BigTIFF. Sizes are known beforehand, so nothing is ever gone back to.
 */
export class TiffFile {
  readonly #file: FileHandle;
  readonly #big: boolean;
  readonly #description: Uint8Array;
  #at = 0;
  #planes = 0;
  #ended = false;

  /** @param description - of the first plane: what ImageDescription says, as UTF-8. */
  constructor(file: FileHandle, big: boolean, description: string) {
    this.#file = file;
    this.#big = big;
    this.#description = new TextEncoder().encode(`${description}\0`);
  }

  /** @param bytes - of the pixels, little-endian, C order. @param isLast - no plane follows. */
  async writePlane(pixels: TiffPixels, bytes: Uint8Array, isLast: boolean): Promise<void> {
    if (this.#ended) throw new RedsunError('export/ended', 'A plane came after the last one');
    if (this.#planes === 0) await this.#append(header(this.#big));
    const description = this.#planes === 0 ? this.#description : null;
    const directory = new Directory(this.#big, this.#at, tagsOf(pixels, this.#big, description));
    const dataAt = align(this.#at + directory.byteLength);
    const nextAt = align(dataAt + bytes.byteLength);
    if (!this.#big && nextAt > CLASSIC_LIMIT_BYTES) {
      throw new RedsunError('export/too-large', `${nextAt} bytes are too many for a classic TIFF`);
    }
    const first = directory.encode(stripsOf(pixels, bytes.byteLength, dataAt), isLast ? 0 : nextAt);
    await this.#append(first);
    await this.#append(bytes);
    this.#planes++;
    this.#ended = isLast;
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#file, bytes, this.#at);
    this.#at = align(this.#at + bytes.byteLength);
  }
}

/** Bytes of a file with these planes: whether it has to be a BigTIFF is known before the first is written. */
export function tiffByteLength(
  planes: Iterable<{ readonly pixels: TiffPixels; readonly count: number }>,
  descriptionBytes: number,
): number {
  let bytes = 2 * ALIGNMENT + descriptionBytes + 1;
  for (const { pixels, count } of planes) {
    const data = pixels.widthPx * pixels.heightPx * (pixels.bitsPerSample / 8);
    const directory = new Directory(true, 0, tagsOf(pixels, true, null)).byteLength;
    bytes += count * (align(data) + align(directory));
  }
  return bytes;
}

function header(big: boolean): Uint8Array {
  const bytes = new Uint8Array(ALIGNMENT);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x4949, true);
  view.setUint16(2, big ? 43 : 42, true);
  if (big) {
    view.setUint16(4, 8, true);
    view.setBigUint64(8, BigInt(ALIGNMENT), true);
  } else view.setUint32(4, ALIGNMENT, true);
  return bytes;
}

interface Strips {
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

function rowsPerStrip({ widthPx, heightPx, bitsPerSample }: TiffPixels): number {
  return Math.min(heightPx, Math.max(1, Math.floor(STRIP_BYTES / (widthPx * (bitsPerSample / 8)))));
}

function stripsOf(pixels: TiffPixels, byteLength: number, dataAt: number): Strips {
  const stripBytes = rowsPerStrip(pixels) * pixels.widthPx * (pixels.bitsPerSample / 8);
  const count = Math.ceil(byteLength / stripBytes);
  const starts = Array.from({ length: count }, (_, at) => at * stripBytes);
  return {
    offsets: starts.map((start) => dataAt + start),
    byteCounts: starts.map((start) => Math.min(stripBytes, byteLength - start)),
  };
}

const STRIP_OFFSETS = 273;
const STRIP_BYTE_COUNTS = 279;

/** In ascending order, as the format wants; those of the strips are filled in when their place is known. */
function tagsOf(pixels: TiffPixels, big: boolean, description: Uint8Array | null): Tag[] {
  const { widthPx, heightPx, bitsPerSample, sampleFormat, pixelUm } = pixels;
  const strips = Math.ceil(heightPx / rowsPerStrip(pixels));
  const unknown = new Array<number>(strips).fill(0);
  const offsetType = big ? LONG8 : LONG;
  const tags: Tag[] = [
    { tag: 256, type: LONG, values: [widthPx] },
    { tag: 257, type: LONG, values: [heightPx] },
    { tag: 258, type: SHORT, values: [bitsPerSample] },
    { tag: 259, type: SHORT, values: [1] },
    { tag: 262, type: SHORT, values: [1] },
  ];
  if (description) tags.push({ tag: 270, type: ASCII, values: description });
  tags.push(
    { tag: STRIP_OFFSETS, type: offsetType, values: unknown },
    { tag: 277, type: SHORT, values: [1] },
    { tag: 278, type: LONG, values: [rowsPerStrip(pixels)] },
    { tag: STRIP_BYTE_COUNTS, type: offsetType, values: unknown },
  );
  if (pixelUm) {
    // Pixels per centimetre, to a thousandth.
    tags.push({ tag: 282, type: RATIONAL, values: perCentimetre(pixelUm.x) });
    tags.push({ tag: 283, type: RATIONAL, values: perCentimetre(pixelUm.y) });
    tags.push({ tag: 296, type: SHORT, values: [3] });
  }
  tags.push({ tag: 339, type: SHORT, values: [SAMPLE_FORMATS[sampleFormat]] });
  return tags;
}

function perCentimetre(um: number): readonly [number, number] {
  const perCm = 10_000 / um;
  const divisor = perCm < 4_000_000 ? 1000 : 1;
  return [Math.min(CLASSIC_LIMIT_BYTES, Math.round(perCm * divisor)), divisor];
}

/** A directory of tags at a place of the file; values that do not fit into it lie behind it. */
class Directory {
  readonly byteLength: number;
  readonly #big: boolean;
  readonly #at: number;
  readonly #tags: readonly Tag[];

  constructor(big: boolean, at: number, tags: readonly Tag[]) {
    this.#big = big;
    this.#at = at;
    this.#tags = tags;
    const outside = tags.map((tag) => bytesOf(tag)).filter((bytes) => bytes > this.#inlineBytes);
    this.byteLength = outside.reduce((sum, bytes) => align(sum) + bytes, this.#fixedBytes);
  }

  get #inlineBytes(): number {
    return this.#big ? 8 : 4;
  }

  get #fixedBytes(): number {
    return this.#big ? 8 + 20 * this.#tags.length + 8 : 2 + 12 * this.#tags.length + 4;
  }

  encode(strips: Strips, nextAt: number): Uint8Array {
    const bytes = new Uint8Array(this.byteLength);
    const view = new DataView(bytes.buffer);
    let at = this.#putCount(view, 0, this.#tags.length);
    let outsideAt = this.#fixedBytes;
    for (const tag of this.#tags) {
      const { type } = tag;
      const values =
        tag.tag === STRIP_OFFSETS ? strips.offsets : tag.tag === STRIP_BYTE_COUNTS ? strips.byteCounts : tag.values;
      view.setUint16(at, tag.tag, true);
      view.setUint16(at + 2, type, true);
      const count = type === RATIONAL ? values.length / 2 : values.length;
      at = this.#putOffset(view, at + 4, count);
      if (bytesOf(tag) <= this.#inlineBytes) putValues(view, at, type, values);
      else {
        outsideAt = align(outsideAt);
        this.#putOffset(view, at, this.#at + outsideAt);
        putValues(view, outsideAt, type, values);
        outsideAt += bytesOf(tag);
      }
      at += this.#inlineBytes;
    }
    this.#putOffset(view, at, nextAt);
    return bytes;
  }

  #putCount(view: DataView, at: number, count: number): number {
    if (this.#big) view.setBigUint64(at, BigInt(count), true);
    else view.setUint16(at, count, true);
    return at + (this.#big ? 8 : 2);
  }

  #putOffset(view: DataView, at: number, value: number): number {
    if (this.#big) view.setBigUint64(at, BigInt(value), true);
    else view.setUint32(at, value, true);
    return at + this.#inlineBytes;
  }
}

function bytesOf({ type, values }: Tag): number {
  return type === RATIONAL ? values.length * 4 : values.length * (TYPE_BYTES[type] ?? 1);
}

function putValues(view: DataView, at: number, type: number, values: readonly number[] | Uint8Array): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (type === ASCII) view.setUint8(at + index, value);
    else if (type === SHORT) view.setUint16(at + 2 * index, value, true);
    else if (type === LONG8) view.setBigUint64(at + 8 * index, BigInt(value), true);
    else view.setUint32(at + 4 * index, value, true);
  }
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}
