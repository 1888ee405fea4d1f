import { RedsunError } from '../../sdk/util/index.ts';
import { type ArrayInfo, isObject, parseArrayVersion2, parseArrayVersion3 } from './array-metadata.ts';
import { type ByteSource, joinKey } from './byte-source.ts';
import { isNestedTooDeep, MOST_JSON_DEPTH } from './json-depth.ts';

type Json = Readonly<Record<string, unknown>>;

/** A node of the hierarchy. */
export type StoreNode =
  | { readonly kind: 'group'; readonly zarrFormat: 2 | 3; readonly attributes: Json }
  | { readonly kind: 'array'; readonly zarrFormat: 2 | 3; readonly attributes: Json; readonly array: ArrayInfo };

const MAX_METADATA_BYTES = 64 * 1024 * 1024;

/** The node at `path`, or null when there is none. @throws RedsunError `store/bad-metadata` and what the array's metadata deserve. */
export async function readNode(source: ByteSource, path: string, signal?: AbortSignal): Promise<StoreNode | null> {
  const version3 = await readJson(source, joinKey(path, 'zarr.json'), signal);
  if (version3) {
    if (version3.zarr_format !== 3) {
      throw bad(
        joinKey(path, 'zarr.json'),
        `zarr_format is ${JSON.stringify(version3.zarr_format) ?? 'missing'}, not 3`,
      );
    }
    const attributes = isObject(version3.attributes) ? version3.attributes : {};
    if (version3.node_type === 'group') return { kind: 'group', zarrFormat: 3, attributes };
    if (version3.node_type !== 'array') throw bad(joinKey(path, 'zarr.json'), 'node_type is neither group nor array');
    return { kind: 'array', zarrFormat: 3, attributes, array: parseArrayVersion3(path, version3) };
  }
  const array = await readJson(source, joinKey(path, '.zarray'), signal);
  const group = array ? null : await readJson(source, joinKey(path, '.zgroup'), signal);
  if (!array && !group) return null;
  const attributes = (await readJson(source, joinKey(path, '.zattrs'), signal)) ?? {};
  if (!array) return { kind: 'group', zarrFormat: 2, attributes };
  const names = attributes._ARRAY_DIMENSIONS;
  const dimensionNames = Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : null;
  return { kind: 'array', zarrFormat: 2, attributes, array: parseArrayVersion2(path, array, dimensionNames) };
}

/** The array at `path`. @throws RedsunError `store/no-array` when there is none. */
export async function readArray(source: ByteSource, path: string, signal?: AbortSignal): Promise<ArrayInfo> {
  const node = await readNode(source, path, signal);
  if (node?.kind !== 'array') throw new RedsunError('store/no-array', `${path || '/'}: there is no array`);
  return node.array;
}

async function readJson(source: ByteSource, key: string, signal: AbortSignal | undefined): Promise<Json | null> {
  const bytes = await source.read(key, { offset: 0, length: MAX_METADATA_BYTES + 1 }, signal);
  if (!bytes) return null;
  if (bytes.byteLength > MAX_METADATA_BYTES) throw bad(key, `more than ${MAX_METADATA_BYTES} bytes of metadata`);
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (isNestedTooDeep(text)) throw bad(key, `its JSON is nested more than ${MOST_JSON_DEPTH} deep`);
    value = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof RedsunError) throw cause;
    throw new RedsunError('store/bad-metadata', `${key}: ${bytes.byteLength} bytes that are not JSON`, { cause });
  }
  if (!isObject(value)) throw bad(key, 'not a JSON object');
  return value;
}

function bad(key: string, message: string): RedsunError {
  return new RedsunError('store/bad-metadata', `${key}: ${message}`);
}
