import { RedsunError } from '../../sdk/util/index.ts';

/** A part of a value: so many bytes from `offset`, or the last `suffix` bytes. */
export type ByteRange = { readonly offset: number; readonly length: number } | { readonly suffix: number };

/** Where the files of a store come from: a folder, a server, a test's map. Keys are relative paths with `/`, without a leading one. */
export interface ByteSource {
  /** The bytes, or null when there is no such key. A range that reaches past the end is cut short. */
  read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array | null>;
  /** Names directly under a prefix; absent where nobody can tell. */
  list?(prefix: string): Promise<string[]>;
}

/** Joins paths of a store. @throws RedsunError `store/path-escape` when the result is not inside the store. */
export function joinKey(...parts: readonly string[]): string {
  const names: string[] = [];
  for (const part of parts) {
    if (part.startsWith('/') || part.includes('\\') || part.includes('\0') || /^[a-z][a-z0-9+.-]*:/i.test(part))
      throw pathEscape(part);
    for (const name of part.split('/')) {
      if (name === '' || name === '.') continue;
      if (name !== '..') names.push(name);
      else if (names.pop() === undefined) throw pathEscape(part);
    }
  }
  return names.join('/');
}

/** The keys of a map: for tests, and for stores that are small enough to hold. */
export function memorySource(files: ReadonlyMap<string, Uint8Array>): ByteSource {
  return {
    async read(key, range) {
      const bytes = files.get(key);
      if (!bytes) return null;
      return cutRange(bytes, range);
    },
    async list(prefix) {
      const start = prefix === '' ? '' : `${prefix}/`;
      const names = [...files.keys()]
        .filter((key) => key.startsWith(start))
        .map((key) => key.slice(start.length).split('/')[0]!);
      return [...new Set(names)];
    },
  };
}

function cutRange(bytes: Uint8Array, range: ByteRange | undefined): Uint8Array {
  if (!range) return bytes;
  if ('suffix' in range) return bytes.subarray(Math.max(0, bytes.byteLength - range.suffix));
  return bytes.subarray(range.offset, range.offset + range.length);
}

function pathEscape(path: string): RedsunError {
  return new RedsunError('store/path-escape', `the path "${path}" leads out of the store`);
}
