import { RedsunError } from '../../sdk/util/index.ts';
import { type ArrayInfo, isObject, parseArrayVersion2, parseArrayVersion3 } from './array-metadata.ts';
import { type ByteSource, joinKey } from './byte-source.ts';

type Json = Readonly<Record<string, unknown>>;

/** A node of the hierarchy. */
export type StoreNode =
  | { readonly kind: 'group'; readonly zarrFormat: 2 | 3; readonly attributes: Json }
  | { readonly kind: 'array'; readonly zarrFormat: 2 | 3; readonly attributes: Json; readonly array: ArrayInfo };

const MAX_METADATA_BYTES = 64 * 1024 * 1024;
/** Whoever walks through what is nested deeper runs out of stack. No metadata is. */
const MAX_DEPTH = 200;

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
    if (isNestedDeeperThan(text, MAX_DEPTH)) throw bad(key, `its JSON is nested more than ${MAX_DEPTH} deep`);
    value = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof RedsunError) throw cause;
    throw new RedsunError('store/bad-metadata', `${key}: ${bytes.byteLength} bytes that are not JSON`, { cause });
  }
  if (!isObject(value)) throw bad(key, 'not a JSON object');
  return value;
}

/** Brackets in strings do not count. */
function isNestedDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > most) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return false;
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

function bad(key: string, message: string): RedsunError {
  return new RedsunError('store/bad-metadata', `${key}: ${message}`);
}
