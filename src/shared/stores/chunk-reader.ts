import { RedsunError } from '../../sdk/util/index.ts';
import type { ArrayInfo, Sharding } from './array-metadata.ts';
import { type ByteSource, joinKey } from './byte-source.ts';
import { crc32c } from './crc32c.ts';
import { chunkByteLength, mostEncodedBytes } from './decode-chunk.ts';

const ENTRY_BYTES = 16;
const MISSING = 0xffffffffffffffffn;
const MAX_INDEX_BYTES = 64 * 1024 * 1024;
/** From here on a look at the length of a file is worth its while. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** Shards whose index is remembered: planes are read one after the other, and those of a shard lie together. */
const MOST_INDEXES = 256;
/** The index of a shard that is being written may be caught in the middle of a change. */
const INDEX_ATTEMPTS = 3;

/** An encoded chunk and a name for it in errors. */
export interface EncodedChunk {
  readonly key: string;
  readonly bytes: Uint8Array;
}

interface ShardIndex {
  /** First byte and length of a chunk; null when it was never written. */
  entry(chunk: number): { readonly offset: number; readonly length: number } | null;
}

/** Fetches encoded chunks of one array; remembers shard indexes, so make a new one for each look at a store that grows. */
export class ChunkReader {
  readonly #source: ByteSource;
  readonly #array: ArrayInfo;
  readonly #signal: AbortSignal | undefined;
  readonly #indexes = new Map<string, Promise<ShardIndex | null>>();

  constructor(source: ByteSource, array: ArrayInfo, signal?: AbortSignal) {
    this.#source = source;
    this.#array = array;
    this.#signal = signal;
  }

  /** The chunk at `coordinates` of the grid of (inner) chunks; null when it was never written. */
  async read(coordinates: readonly number[]): Promise<EncodedChunk | null> {
    const { sharding, path, keyOf } = this.#array;
    if (sharding) return this.#readFromShard(sharding, coordinates);
    const key = joinKey(path, keyOf(coordinates));
    const most = mostEncodedBytes(chunkByteLength(this.#array));
    const tooLong = () =>
      new RedsunError('store/too-large', `${key}: more than the ${most} bytes that a chunk can have`);
    // A file that is far too long is found out without being read: by one byte where much could be read.
    if (most > LARGE_BYTES) {
      const beyond = await this.#source.read(key, { offset: most, length: 1 }, this.#signal);
      if (beyond && beyond.byteLength > 0) throw tooLong();
    }
    const bytes = await this.#source.read(key, { offset: 0, length: most + 1 }, this.#signal);
    if (bytes && bytes.byteLength > most) throw tooLong();
    return bytes && { key, bytes };
  }

  /** True when the chunk of a sharded array at `coordinates` was written; of an array without shards nobody can tell without reading it. */
  async isInShard(sharding: Sharding, coordinates: readonly number[]): Promise<boolean> {
    return (await this.#placeInShard(sharding, coordinates)).entry !== null;
  }

  /** Checks the index of the shard at `shard` of the grid of shards, and that every chunk it names is there to its last byte. */
  async checkShard(sharding: Sharding, shard: readonly number[]): Promise<void> {
    const perShard = this.#chunksPerShard(sharding);
    const key = joinKey(this.#array.path, this.#array.keyOf(shard));
    const index = await this.#indexOf(key, sharding, perShard);
    const chunks = perShard.reduce((product, count) => product * count, 1);
    let last: { readonly chunk: number; readonly end: number } = { chunk: 0, end: 0 };
    for (let chunk = 0; chunk < chunks; chunk++) {
      const entry = index?.entry(chunk);
      if (entry && entry.offset + entry.length > last.end) last = { chunk, end: entry.offset + entry.length };
    }
    if (last.end === 0) return;
    const lastByte = await this.#source.read(key, { offset: last.end - 1, length: 1 }, this.#signal);
    if (lastByte?.byteLength !== 1) {
      throw new RedsunError(
        'store/truncated-chunk',
        `${key}: chunk ${last.chunk} should end at byte ${last.end}, past the end`,
      );
    }
  }

  async #readFromShard(sharding: Sharding, coordinates: readonly number[]): Promise<EncodedChunk | null> {
    const { key, inShard, entry } = await this.#placeInShard(sharding, coordinates);
    if (!entry) return null;
    const bytes = await this.#source.read(key, entry, this.#signal);
    if (!bytes || bytes.byteLength !== entry.length) {
      throw new RedsunError(
        'store/truncated-chunk',
        `${key}: chunk ${inShard} should have ${entry.length} bytes from ${entry.offset}, there are ${bytes?.byteLength ?? 0}`,
      );
    }
    return { key: `${key}, chunk ${inShard}`, bytes };
  }

  async #placeInShard(sharding: Sharding, coordinates: readonly number[]) {
    const { path, keyOf } = this.#array;
    const perShard = this.#chunksPerShard(sharding);
    const key = joinKey(path, keyOf(coordinates.map((at, axis) => Math.floor(at / perShard[axis]!))));
    const index = await this.#indexOf(key, sharding, perShard);
    const inShard = coordinates.reduce((sum, at, axis) => sum * perShard[axis]! + (at % perShard[axis]!), 0);
    return { key, inShard, entry: index?.entry(inShard) ?? null };
  }

  #chunksPerShard({ shardShape }: Sharding): number[] {
    return shardShape.map((length, axis) => length / this.#array.chunkShape[axis]!);
  }

  #indexOf(key: string, sharding: Sharding, perShard: readonly number[]): Promise<ShardIndex | null> {
    let index = this.#indexes.get(key);
    if (!index) {
      const chunks = perShard.reduce((product, count) => product * count, 1);
      index = this.#readIndex(key, sharding, chunks);
      this.#indexes.set(key, index);
      if (this.#indexes.size > MOST_INDEXES) this.#indexes.delete(this.#indexes.keys().next().value as string);
    }
    return index;
  }

  async #readIndex(key: string, sharding: Sharding, chunks: number): Promise<ShardIndex | null> {
    const length = chunks * ENTRY_BYTES + (sharding.indexHasChecksum ? 4 : 0);
    if (length > MAX_INDEX_BYTES) {
      throw new RedsunError(
        'store/too-large',
        `${key}: an index of ${length} bytes is over the limit of ${MAX_INDEX_BYTES}`,
      );
    }
    const range = sharding.indexLocation === 'end' ? { suffix: length } : { offset: 0, length };
    for (let attempt = 1; ; attempt++) {
      const bytes = await this.#source.read(key, range, this.#signal);
      if (!bytes) return null;
      if (bytes.byteLength < length) {
        throw new RedsunError(
          'store/bad-index',
          `${key}: ${bytes.byteLength} bytes, too few for its index of ${length}`,
        );
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const entries = chunks * ENTRY_BYTES;
      if (!sharding.indexHasChecksum || crc32c(bytes.subarray(0, entries)) === view.getUint32(entries, true)) {
        const most = mostEncodedBytes(chunkByteLength(this.#array));
        return { entry: (chunk) => entryOf(view, chunk, key, most) };
      }
      if (attempt === INDEX_ATTEMPTS) {
        throw new RedsunError('store/bad-index', `${key}: the checksum of its index does not match`);
      }
    }
  }
}

function entryOf(view: DataView, chunk: number, key: string, maxBytes: number) {
  const offset = view.getBigUint64(chunk * ENTRY_BYTES, true);
  const length = view.getBigUint64(chunk * ENTRY_BYTES + 8, true);
  if (offset === MISSING && length === MISSING) return null;
  if (offset + length > BigInt(Number.MAX_SAFE_INTEGER) || length > BigInt(maxBytes)) {
    throw new RedsunError(
      'store/bad-index',
      `${key}: its index puts chunk ${chunk} at ${offset}, ${length} bytes long`,
    );
  }
  return { offset: Number(offset), length: Number(length) };
}
