import { join } from 'node:path';
import { crc32c } from '@node-rs/crc32';
import { type Clock, RedsunError } from '../../../sdk/util/index.ts';
import type { Compression } from '../../../shared/config/compression.ts';
import { readRawPlane } from '../../../shared/stores/index.ts';
import { compressionOf, mostFrameBytes } from '../layout/compression.ts';
import { type FrameGeometry, frameGeometry, PLANE_AXES } from '../layout/frame-geometry.ts';
import { writeMetadata } from '../layout/metadata-file.ts';
import {
  type ArrayOnDisk,
  keyOf,
  openArray,
  type PlaneAt,
  placeOfPlane,
  planeAt,
  withTimePoints,
} from '../run/array-on-disk.ts';
import type { PlanesPerFrame } from '../run/image-on-disk.ts';
import { type ChunkEncoder, chunkEncoder } from '../writer/chunk-encoder.ts';
import { copyRows } from '../writer/tile-frame.ts';
import { type WorkBench, workBench } from '../writer/work-bench.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { LevelShard } from './level-shard.ts';
import { pixelTypeOf, planeGeometry } from './plane-geometry.ts';

/** A level below the finest while it is made to follow it. */
export class CoarserLevel {
  readonly array: ArrayOnDisk;
  readonly geometry: FrameGeometry;
  readonly #compression: Compression;
  readonly #bench: WorkBench;
  /** Null: chunks are stored as they are. */
  readonly #encode: ChunkEncoder | null;
  readonly #shards = new Map<string, LevelShard>();

  private constructor(array: ArrayOnDisk, compression: Compression, bench: WorkBench, encode: ChunkEncoder | null) {
    this.array = array;
    this.geometry = planeGeometry(array);
    this.#compression = compression;
    this.#bench = bench;
    this.#encode = encode;
  }

  /** @throws RedsunError `store/unknown-codec` for a store whose chunks Redsun does not write. */
  static async open(array: ArrayOnDisk): Promise<CoarserLevel> {
    const { codecs, path } = array.info;
    const compression = compressionOf(codecs.bytes, planeGeometry(array).bytesPerPixel);
    if (compression === null || codecs.bigEndian || codecs.transposes.length > 0) {
      const names = codecs.bytes.map(({ name }) => name).join(', ');
      throw new RedsunError('store/unknown-codec', `${path}: Redsun does not write chunks of ${names}`);
    }
    const bench = workBench([planeGeometry(array)], compression);
    const encode = compression === 'none' ? null : await chunkEncoder(compression, bench.kernels);
    return new CoarserLevel(array, compression, bench, encode);
  }

  async has(plane: PlaneAt): Promise<boolean> {
    return (await this.#shardOf(plane)).has(placeOfPlane(this.array, plane).place);
  }

  /** True when the plane is there, pixel by pixel. */
  async holds(plane: PlaneAt, pixels: Uint8Array, signal?: AbortSignal): Promise<boolean> {
    if (!(await this.has(plane))) return false;
    try {
      const array = withTimePoints(this.array, plane[0] + 1);
      const { buffer, byteOffset, byteLength } = await readRawPlane(this.array.source, array, plane, signal);
      return crc32c(new Uint8Array(buffer, byteOffset, byteLength)) === crc32c(pixels);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Error) return false;
      throw error;
    }
  }

  async put(plane: PlaneAt, pixels: Uint8Array): Promise<void> {
    await (await this.#shardOf(plane)).put(placeOfPlane(this.array, plane).place, await this.#chunksOf(pixels));
  }

  /** Takes out what the finest level does not have. @returns how many planes that are. */
  async keepOnly(planes: ReadonlySet<string>): Promise<number> {
    let removed = 0;
    for (const key of this.array.shards) {
      const shard = await this.#shard(key.path);
      for (const place of shard.taken) {
        if (planes.has(keyOf(planeAt(this.array, key, place)))) continue;
        shard.remove(place);
        removed++;
      }
    }
    return removed;
  }

  /** Whether anything is to be committed. */
  get changed(): boolean {
    return [...this.#shards.values()].some((shard) => shard.changed);
  }

  /** @param kept - keeps the indexes that are replaced. */
  async commit(kept?: KeptBytes): Promise<void> {
    for (const shard of this.#shards.values()) await shard.commit(kept);
  }

  async #chunksOf(pixels: Uint8Array): Promise<Uint8Array[]> {
    const { area, kernels, levels } = this.#bench;
    const { chunkBytes, tiledBytes, bytesPerPixel } = this.geometry;
    area.clear();
    const planes = area.take(pixels.byteLength);
    planes.set(pixels);
    const [cut, scratch] = [area.take(chunkBytes), area.take(chunkBytes)];
    const packed = this.#encode && area.take(mostFrameBytes(this.#compression, this.geometry));
    const chunks: Uint8Array[] = [];
    for (let number = 0; number * chunkBytes < tiledBytes; number++) {
      const chunk = levels.chunk(planes, this.geometry, number, cut);
      const length = this.#encode && packed && (await this.#encode(chunk, bytesPerPixel, scratch, packed));
      if (length === null || packed === null) copyRows(kernels, chunk, scratch, chunk.rowBytes);
      chunks.push(length === null || packed === null ? scratch.slice() : packed.slice(0, length));
    }
    return chunks;
  }

  #shardOf(plane: PlaneAt): Promise<LevelShard> {
    return this.#shard(join(this.array.folder, 'c', ...placeOfPlane(this.array, plane).at.map(String), '0', '0'));
  }

  async #shard(path: string): Promise<LevelShard> {
    const [t, c, z] = this.array.extent;
    const shard = this.#shards.get(path) ?? (await LevelShard.open(path, t * c * z, this.array.chunksPerPlane));
    this.#shards.set(path, shard);
    return shard;
  }
}

/** Makes the metadata of a level that the crash left without, after the array that it follows. */
export async function makeLevel(
  finest: ArrayOnDisk,
  storeDir: string,
  path: string,
  level: number,
  { c, z }: PlanesPerFrame,
  { clock, kept }: { readonly clock: Clock; readonly kept?: KeptBytes },
): Promise<ArrayOnDisk | null> {
  const half = (length: number) => Math.ceil(length / 2 ** level);
  const [height, width] = finest.info.shape.slice(3).map(half) as [number, number];
  const geometry = frameGeometry(pixelTypeOf(finest), [c, z, height, width], PLANE_AXES);
  const { chunkHeightPx, chunkWidthPx, chunkRows, chunkColumns } = geometry;
  const metadata = structuredClone(finest.metadata) as {
    shape: number[];
    chunk_grid: { configuration: { chunk_shape: number[] } };
    codecs: { configuration: { chunk_shape: number[] } }[];
  };
  metadata.shape = [...finest.info.shape.slice(0, 3), height, width];
  metadata.chunk_grid.configuration.chunk_shape = [
    ...finest.extent,
    chunkRows * chunkHeightPx,
    chunkColumns * chunkWidthPx,
  ];
  for (const { configuration } of metadata.codecs) {
    configuration.chunk_shape = [1, 1, 1, chunkHeightPx, chunkWidthPx];
  }
  await kept?.file(join(storeDir, path, 'zarr.json'));
  await writeMetadata(join(storeDir, path, 'zarr.json'), metadata, clock, storeDir);
  return openArray(storeDir, path);
}
