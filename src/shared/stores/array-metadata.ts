import { RedsunError } from '../../sdk/util/index.ts';
import { halfToNumber } from './half-float.ts';
import { dtypeOfVersion2, isStoreDtype, STORE_DTYPES, type StoreDtype, unknownDtype } from './pixel-types.ts';

/** A codec by name, as the metadata has it. */
export interface CodecConfiguration {
  readonly name: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** How chunks become pixels: decode `bytes` from the last to the first, mind the byte order, undo the transposes from the last to the first. */
export interface CodecChain {
  readonly transposes: readonly (readonly number[])[];
  readonly bigEndian: boolean;
  readonly bytes: readonly CodecConfiguration[];
}

export interface Sharding {
  /** Of a whole shard, in elements. */
  readonly shardShape: readonly number[];
  readonly indexLocation: 'start' | 'end';
  readonly indexHasChecksum: boolean;
}

/** A Zarr array, version 2 or 3, in one form. */
export interface ArrayInfo {
  readonly path: string;
  readonly zarrFormat: 2 | 3;
  readonly shape: readonly number[];
  readonly dtype: StoreDtype;
  /** Of what is compressed on its own: the inner chunk of a sharded array. */
  readonly chunkShape: readonly number[];
  readonly sharding: Sharding | null;
  readonly codecs: CodecChain;
  readonly fillValue: number;
  /** Appended to the path of the array: the key of a chunk (or shard) by its place in the grid. */
  readonly keyOf: (coordinates: readonly number[]) => string;
  readonly dimensionNames: readonly (string | null)[] | null;
}

type Json = Readonly<Record<string, unknown>>;

/** `zarr.json` of an array. @throws RedsunError `store/bad-metadata`, `store/unknown-codec`, `store/unknown-dtype`. */
export function parseArrayVersion3(path: string, metadata: Json): ArrayInfo {
  const shape = lengths(path, 'shape', metadata.shape, 0);
  if (!isStoreDtype(metadata.data_type)) throw unknownDtype(metadata.data_type);
  const grid = named(path, 'chunk_grid', metadata.chunk_grid);
  if (grid.name !== 'regular') throw bad(path, `the chunk grid "${grid.name}" cannot be read`);
  const outer = sameRank(path, shape, lengths(path, 'chunk_shape', grid.configuration.chunk_shape, 1));
  const codecs = codecList(path, metadata.codecs);
  const shardCodec = codecs.find(({ name }) => name === 'sharding_indexed');
  if (shardCodec && codecs.length > 1) throw unknownCodec(path, 'codecs around sharding_indexed');
  const inner = shardCodec ? lengths(path, 'chunk_shape', shardCodec.configuration.chunk_shape, 1) : outer;
  const names = metadata.dimension_names;
  return {
    path,
    zarrFormat: 3,
    shape,
    dtype: metadata.data_type,
    chunkShape: sameRank(path, shape, inner),
    sharding: shardCodec ? parseSharding(path, outer, inner, shardCodec.configuration) : null,
    codecs: codecChain(path, shardCodec ? codecList(path, shardCodec.configuration.codecs) : codecs, shape.length),
    fillValue: fillValueOf(path, metadata.data_type, metadata.fill_value),
    keyOf: keyEncoding(path, metadata.chunk_key_encoding),
    dimensionNames: Array.isArray(names) ? names.map((name) => (typeof name === 'string' ? name : null)) : null,
  };
}

/** `.zarray`. @throws RedsunError as `parseArrayVersion3`. */
export function parseArrayVersion2(path: string, metadata: Json, dimensionNames: readonly string[] | null): ArrayInfo {
  const shape = lengths(path, 'shape', metadata.shape, 0);
  const { dtype, bigEndian } = dtypeOfVersion2(metadata.dtype);
  if (Array.isArray(metadata.filters) && metadata.filters.length > 0) {
    const [filter] = metadata.filters;
    throw unknownCodec(path, `filter ${JSON.stringify(isObject(filter) ? filter.id : filter)}`);
  }
  const compressor = metadata.compressor;
  const bytes: CodecConfiguration[] = [];
  if (isObject(compressor)) {
    if (typeof compressor.id !== 'string') throw bad(path, 'the compressor has no id');
    bytes.push({ name: compressor.id, configuration: compressor });
  } else if (compressor !== null && compressor !== undefined) throw bad(path, 'the compressor is not an object');
  const reversed = shape.map((_, axis) => shape.length - 1 - axis);
  const separator = metadata.dimension_separator === '/' ? '/' : '.';
  return {
    path,
    zarrFormat: 2,
    shape,
    dtype,
    chunkShape: sameRank(path, shape, lengths(path, 'chunks', metadata.chunks, 1)),
    sharding: null,
    codecs: { transposes: metadata.order === 'F' && shape.length > 1 ? [reversed] : [], bigEndian, bytes },
    fillValue: fillValueOf(path, dtype, metadata.fill_value),
    keyOf: (coordinates) => coordinates.join(separator) || '0',
    dimensionNames,
  };
}

/** Names of the codecs, outermost last, for people. */
export function codecNames({ codecs, sharding }: ArrayInfo): string[] {
  const names = [...codecs.transposes.map(() => 'transpose'), ...codecs.bytes.map(({ name }) => name)];
  return sharding ? ['sharding_indexed', ...names] : names;
}

function parseSharding(
  path: string,
  outer: readonly number[],
  inner: readonly number[],
  configuration: Json,
): Sharding {
  if (outer.some((length, axis) => length % (inner[axis] ?? 1) !== 0)) {
    throw bad(path, `shards of [${outer.join(', ')}] do not hold whole chunks of [${inner.join(', ')}]`);
  }
  const indexCodecs = codecList(path, configuration.index_codecs).map(({ name }) => name);
  const other = indexCodecs.find((name) => name !== 'bytes' && name !== 'crc32c');
  if (other !== undefined) throw unknownCodec(path, `${other} on a shard index`);
  const location = configuration.index_location ?? 'end';
  if (location !== 'start' && location !== 'end') throw bad(path, `index_location is ${JSON.stringify(location)}`);
  return { shardShape: outer, indexLocation: location, indexHasChecksum: indexCodecs.includes('crc32c') };
}

function codecChain(path: string, codecs: readonly CodecConfiguration[], rank: number): CodecChain {
  const at = codecs.findIndex(({ name }) => name === 'bytes');
  if (at < 0) throw unknownCodec(path, codecs.map(({ name }) => name).join(', ') || 'none, where "bytes" is required');
  const transposes = codecs.slice(0, at).map(({ name, configuration }) => {
    if (name !== 'transpose') throw unknownCodec(path, name);
    const order = lengths(path, 'transpose order', configuration.order, 0);
    if (order.length !== rank || new Set(order).size !== rank || order.some((axis) => axis >= rank)) {
      throw bad(path, `the transpose order [${order.join(', ')}] is no permutation of ${rank} axes`);
    }
    return order;
  });
  return { transposes, bigEndian: codecs[at]?.configuration.endian === 'big', bytes: codecs.slice(at + 1) };
}

function keyEncoding(path: string, encoding: unknown): ArrayInfo['keyOf'] {
  const { name, configuration } = named(path, 'chunk_key_encoding', encoding);
  if (name === 'v2') {
    const separator = configuration.separator === '/' ? '/' : '.';
    return (coordinates) => coordinates.join(separator) || '0';
  }
  if (name !== 'default') throw bad(path, `the chunk keys "${name}" cannot be read`);
  const separator = configuration.separator === '.' ? '.' : '/';
  return (coordinates) => ['c', ...coordinates].join(separator);
}

function codecList(path: string, value: unknown): CodecConfiguration[] {
  if (!Array.isArray(value)) throw bad(path, 'codecs is not a list');
  return value.map((codec) => named(path, 'a codec', codec));
}

function named(path: string, what: string, value: unknown): CodecConfiguration {
  if (typeof value === 'string') return { name: value, configuration: {} };
  if (!isObject(value) || typeof value.name !== 'string') throw bad(path, `${what} has no name`);
  return { name: value.name, configuration: isObject(value.configuration) ? value.configuration : {} };
}

function lengths(path: string, what: string, value: unknown, least: number): number[] {
  const valid = Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= least);
  if (!valid) throw bad(path, `${what} is ${JSON.stringify(value) ?? 'missing'}, not a list of integers from ${least}`);
  return value;
}

function sameRank(path: string, shape: readonly number[], other: readonly number[]): readonly number[] {
  if (shape.length === other.length) return other;
  throw bad(path, `the array has ${shape.length} axes, its chunks ${other.length}`);
}

/** Zarr 2 has null for what nobody cares about; floats have names for what JSON cannot say, or their bits. */
function fillValueOf(path: string, dtype: StoreDtype, value: unknown): number {
  if (value === null || value === undefined) return 0;
  const fill = isFloat(dtype) ? floatOf(dtype, value) : value;
  if (typeof fill === 'boolean' || Number.isInteger(fill) || (typeof fill === 'number' && isFloat(dtype))) {
    return Number(fill);
  }
  throw bad(path, `fill_value is ${JSON.stringify(value)}, which is no ${dtype}`);
}

function floatOf(dtype: StoreDtype, value: unknown): unknown {
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (typeof value !== 'string' || !/^0x[0-9a-f]{4,16}$/i.test(value)) return value;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigUint64(0, BigInt(value) << BigInt(64 - 8 * STORE_DTYPES[dtype]));
  if (dtype === 'float16') return halfToNumber(bits.getUint16(0));
  return dtype === 'float32' ? bits.getFloat32(0) : bits.getFloat64(0);
}

function isFloat(dtype: StoreDtype): boolean {
  return dtype.startsWith('float');
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(path: string, message: string): RedsunError {
  return new RedsunError('store/bad-metadata', `${path || '/'}: ${message}`);
}

function unknownCodec(path: string, name: string): RedsunError {
  return new RedsunError('store/unknown-codec', `${path || '/'}: cannot decode ${name}`);
}
