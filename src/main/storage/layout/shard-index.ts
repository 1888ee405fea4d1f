import { crc32c } from '@node-rs/crc32';

/** Where the chunks of a frame are: one after the other from `offset` on. */
export interface PlacedChunks {
  readonly offset: number;
  /** In the order of the frame: planes by channel, then z; chunks in C order. */
  readonly byteLengths: readonly number[];
}

const ENTRY_BYTES = 16;
const CHECKSUM_BYTES = 4;

/** Length of the index of so many chunks. */
export function shardIndexBytes(chunks: number): number {
  return chunks * ENTRY_BYTES + CHECKSUM_BYTES;
}

/** The index of a shard: offset and length of each chunk, all ones where there is none, and a CRC-32C. */
export class ShardIndex {
  readonly byteLength: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /** The index as it was read from a file. */
  static decode(bytes: Uint8Array): ShardIndex {
    const index = new ShardIndex((bytes.byteLength - CHECKSUM_BYTES) / ENTRY_BYTES);
    index.#bytes.set(bytes);
    return index;
  }

  constructor(chunks: number) {
    this.byteLength = shardIndexBytes(chunks);
    this.#bytes = new Uint8Array(this.byteLength).fill(0xff);
    this.#view = new DataView(this.#bytes.buffer);
  }

  set(chunk: number, offset: number, byteLength: number): void {
    this.#view.setBigUint64(chunk * ENTRY_BYTES, BigInt(offset), true);
    this.#view.setBigUint64(chunk * ENTRY_BYTES + 8, BigInt(byteLength), true);
  }

  /** A frame of these planes, whose chunks lie one after the other. */
  enter(planes: readonly number[], { offset, byteLengths }: PlacedChunks): void {
    const perPlane = byteLengths.length / planes.length;
    let at = offset;
    for (const [number, byteLength] of byteLengths.entries()) {
      const plane = planes[Math.floor(number / perPlane)] as number;
      this.set(plane * perPlane + (number % perPlane), at, byteLength);
      at += byteLength;
    }
  }

  /** A copy as it goes to disk. */
  encode(): Uint8Array {
    const entries = this.byteLength - CHECKSUM_BYTES;
    this.#view.setUint32(entries, crc32c(this.#bytes.subarray(0, entries)), true);
    return this.#bytes.slice();
  }
}
