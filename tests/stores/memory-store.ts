import { gzipSync } from 'node:zlib';
import { crc32c } from '../../src/shared/stores/crc32c.ts';
import { type ByteSource, memorySource } from '../../src/shared/stores/index.ts';

// Small stores made by hand, to be damaged.

export const SHAPE = [3, 6, 8];
export const CHUNK = [1, 4, 4];

export interface MemoryStore {
  readonly files: Map<string, Uint8Array>;
  readonly source: ByteSource;
  /** Replaces parts of `zarr.json`. */
  edit(changes: Readonly<Record<string, unknown>>): void;
}

export type MemoryLayout = 'raw' | 'gzip' | 'checksum' | 'sharded' | 'sharded-start';

/** An array of uint16 whose pixel (t, y, x) is 100 t + 10 y + x. */
export function memoryStore(layout: MemoryLayout): MemoryStore {
  const files = new Map<string, Uint8Array>();
  const put = (metadata: Readonly<Record<string, unknown>>) => files.set('zarr.json', json(metadata));
  const metadata = arrayMetadata(layout);
  put(metadata);
  for (let t = 0; t < SHAPE[0]!; t++) {
    const chunks = chunksOf(t).map((chunk) => encode(layout, chunk));
    if (layout.startsWith('sharded')) files.set(`c/${t}/0/0`, shardOf(chunks, layout === 'sharded-start'));
    else for (const [at, chunk] of chunks.entries()) files.set(`c/${t}/${Math.floor(at / 2)}/${at % 2}`, chunk);
  }
  return { files, source: memorySource(files), edit: (changes) => put({ ...metadata, ...changes }) };
}

export function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** A source with one image of NGFF 0.5 around these attributes. */
export function groupWith(
  ome: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, unknown>> = {},
): ByteSource {
  const group = { zarr_format: 3, node_type: 'group', attributes: { ome: { version: '0.5', ...ome } } };
  return memorySource(
    new Map(Object.entries({ 'zarr.json': group, ...files }).map(([key, value]) => [key, json(value)])),
  );
}

/** Recomputes the checksum of a shard index at the end of `shard`. */
export function sealIndex(shard: Uint8Array, chunks: number): void {
  const start = shard.byteLength - chunks * 16 - 4;
  const checksum = crc32c(shard.subarray(start, start + chunks * 16));
  new DataView(shard.buffer, shard.byteOffset).setUint32(shard.byteLength - 4, checksum, true);
}

function arrayMetadata(layout: MemoryLayout): Record<string, unknown> {
  const bytes = { name: 'bytes', configuration: { endian: 'little' } };
  const extra = { raw: [], gzip: [{ name: 'gzip', configuration: { level: 1 } }], checksum: [{ name: 'crc32c' }] };
  const sharding = {
    name: 'sharding_indexed',
    configuration: {
      chunk_shape: CHUNK,
      codecs: [bytes],
      index_codecs: [bytes, { name: 'crc32c' }],
      index_location: layout === 'sharded-start' ? 'start' : 'end',
    },
  };
  const sharded = layout === 'sharded' || layout === 'sharded-start';
  return {
    zarr_format: 3,
    node_type: 'array',
    shape: SHAPE,
    data_type: 'uint16',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: sharded ? [1, 8, 8] : CHUNK } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 7,
    codecs: sharded ? [sharding] : [bytes, ...extra[layout]],
    dimension_names: ['t', 'y', 'x'],
  };
}

function chunksOf(t: number): Uint8Array[] {
  return [0, 1, 2, 3].map((at) => {
    const pixels = new Uint16Array(16);
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) pixels[y * 4 + x] = 100 * t + 10 * (y + 4 * Math.floor(at / 2)) + x + 4 * (at % 2);
    }
    return new Uint8Array(pixels.buffer);
  });
}

function encode(layout: MemoryLayout, chunk: Uint8Array): Uint8Array {
  if (layout === 'gzip') return new Uint8Array(gzipSync(chunk));
  if (layout !== 'checksum') return chunk;
  const framed = new Uint8Array(chunk.byteLength + 4);
  framed.set(chunk);
  new DataView(framed.buffer).setUint32(chunk.byteLength, crc32c(chunk), true);
  return framed;
}

function shardOf(chunks: readonly Uint8Array[], indexFirst: boolean): Uint8Array {
  const indexBytes = chunks.length * 16 + 4;
  const dataBytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const shard = new Uint8Array(indexBytes + dataBytes);
  const indexAt = indexFirst ? 0 : dataBytes;
  const view = new DataView(shard.buffer, indexAt, indexBytes);
  let offset = indexFirst ? indexBytes : 0;
  for (const [at, chunk] of chunks.entries()) {
    shard.set(chunk, offset);
    view.setBigUint64(at * 16, BigInt(offset), true);
    view.setBigUint64(at * 16 + 8, BigInt(chunk.byteLength), true);
    offset += chunk.byteLength;
  }
  view.setUint32(indexBytes - 4, crc32c(shard.subarray(indexAt, indexAt + indexBytes - 4)), true);
  return shard;
}
