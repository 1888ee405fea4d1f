import type { ArrayInfo } from './array-metadata.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { chunkByteLength, type DecodedChunk, decodeChunk } from './decode-chunk.ts';

/**
 * Chunks of one array, decoded, of which the newest are kept: a chunk of several planes is decoded once for all of them when they are read
 * one after the other.
 */
export class DecodedChunks {
  readonly #array: ArrayInfo;
  readonly #reader: ChunkReader;
  readonly #mostKept: number;
  readonly #kept = new Map<string, Promise<DecodedChunk | null>>();

  /** @param keptBytes - that may be kept; a chunk alone that has more is, all the same. 0: none is kept. */
  constructor(array: ArrayInfo, reader: ChunkReader, keptBytes: number) {
    this.#array = array;
    this.#reader = reader;
    this.#mostKept = keptBytes === 0 ? 0 : Math.max(1, Math.floor(keptBytes / chunkByteLength(array)));
  }

  /** The chunk at `coordinates` of the grid; null when it was never written. @throws as `decodeChunk`. */
  get(coordinates: readonly number[]): Promise<DecodedChunk | null> {
    if (this.#mostKept === 0) return this.#read(coordinates);
    const key = coordinates.join(' ');
    const known = this.#kept.get(key);
    const chunk = known ?? this.#read(coordinates);
    // The newest last; what was not asked for longest goes.
    this.#kept.delete(key);
    while (this.#kept.size >= this.#mostKept) this.#kept.delete(this.#kept.keys().next().value as string);
    this.#kept.set(key, chunk);
    return chunk;
  }

  async #read(coordinates: readonly number[]): Promise<DecodedChunk | null> {
    const encoded = await this.#reader.read(coordinates);
    return encoded && decodeChunk(this.#array, encoded.bytes, encoded.key);
  }
}
