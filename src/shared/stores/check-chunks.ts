import type { ArrayInfo } from './array-metadata.ts';
import { type ByteSource, joinKey } from './byte-source.ts';
import { checkEncoded } from './check-encoded.ts';
import { ChunkReader } from './chunk-reader.ts';
import { problemOf } from './describe-image.ts';
import type { StoreProblem } from './store-description.ts';

/** Enough to see that a store is damaged; a look at every file of a large store takes long. */
const MAX_FILES = 20_000;
const MAX_PROBLEMS = 20;

/**
 * Checks the files of an array without decoding them: the index of each shard, that the chunks it names are there, and what can be told of
 * other chunks by their length and their codec's own words. Only where the source can list.
 */
export async function checkChunks(source: ByteSource, array: ArrayInfo, signal?: AbortSignal): Promise<StoreProblem[]> {
  const problems: StoreProblem[] = [];
  if (array.shape.length === 0) return problems;
  let files = 0;
  for await (const coordinates of existing(source, array)) {
    signal?.throwIfAborted();
    if (++files > MAX_FILES || problems.length >= MAX_PROBLEMS) break;
    try {
      if (array.sharding) await new ChunkReader(source, array, signal).checkShard(array.sharding, coordinates);
      else await checkEncoded(source, array, coordinates, signal);
    } catch (thrown) {
      problems.push(problemOf(array.path, thrown));
    }
  }
  return problems;
}

/** Places in the grid for which there is a file, whatever the keys look like: `c/0/1`, `c.0.1`, `0/1`, `0.1`. */
async function* existing(source: ByteSource, array: ArrayInfo): AsyncGenerator<number[]> {
  const rank = array.shape.length;
  const first = array.keyOf(new Array<number>(rank).fill(0));
  const folder = first.startsWith('c/') ? joinKey(array.path, 'c') : array.path;
  const own = first.startsWith('c/') ? first.slice(2) : first;
  if (own.includes('/')) yield* nested(source, folder, rank);
  else yield* flat(source, folder, own, rank);
}

async function* nested(source: ByteSource, prefix: string, depth: number): AsyncGenerator<number[]> {
  const names = ((await source.list?.(prefix)) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const at of names.sort((a, b) => a - b)) {
    if (depth === 1) yield [at];
    else for await (const rest of nested(source, joinKey(prefix, String(at)), depth - 1)) yield [at, ...rest];
  }
}

/** All chunks lie in one folder. @param first - the key of the first one. */
async function* flat(source: ByteSource, folder: string, first: string, rank: number): AsyncGenerator<number[]> {
  const prefix = first.startsWith('c.') ? 'c.' : '';
  const found = ((await source.list?.(folder)) ?? []).flatMap((name) => {
    if (!name.startsWith(prefix)) return [];
    const parts = name.slice(prefix.length).split('.');
    return parts.length === rank && parts.every((part) => /^\d+$/.test(part)) ? [parts.map(Number)] : [];
  });
  yield* found.sort(inOrder);
}

function inOrder(a: readonly number[], b: readonly number[]): number {
  const axis = a.findIndex((at, index) => at !== b[index]);
  return axis < 0 ? 0 : a[axis]! - b[axis]!;
}
