import type { ArrayInfo } from './array-metadata.ts';
import { type ByteSource, joinKey } from './byte-source.ts';
import { ChunkReader } from './chunk-reader.ts';
import { chunkByteLength } from './decode-chunk.ts';
import { problemOf } from './describe-image.ts';
import type { StoreProblem } from './store-description.ts';

/** Enough to see that a store is damaged; a look at every file of a large store takes long. */
const MAX_FILES = 20_000;
const MAX_PROBLEMS = 20;

/**
 * Checks the files of an array without decoding them: the index of each shard, that the chunks it names are there, and the length of raw
 * chunks. Only where the source can list, and for keys like `c/0/1`.
 */
export async function checkChunks(source: ByteSource, array: ArrayInfo, signal?: AbortSignal): Promise<StoreProblem[]> {
  const problems: StoreProblem[] = [];
  const rank = array.shape.length;
  if (rank === 0 || array.keyOf(new Array<number>(rank).fill(0)) !== ['c', ...array.shape.map(() => 0)].join('/'))
    return [];
  let files = 0;
  for await (const coordinates of existing(source, joinKey(array.path, 'c'), rank)) {
    signal?.throwIfAborted();
    if (++files > MAX_FILES || problems.length >= MAX_PROBLEMS) break;
    try {
      if (array.sharding) await new ChunkReader(source, array, signal).checkShard(array.sharding, coordinates);
      else await new ChunkReader(source, array, signal).checkLength(coordinates, rawLength(array));
    } catch (thrown) {
      problems.push(problemOf(array.path, thrown));
    }
  }
  return problems;
}

/** Places in the grid for which there is a file. */
async function* existing(source: ByteSource, prefix: string, depth: number): AsyncGenerator<number[]> {
  const names = ((await source.list?.(prefix)) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const at of names.sort((a, b) => a - b)) {
    if (depth === 1) yield [at];
    else for await (const rest of existing(source, `${prefix}/${at}`, depth - 1)) yield [at, ...rest];
  }
}

/** Null where the length depends on the content. */
function rawLength(array: ArrayInfo): number | null {
  return array.codecs.bytes.length === 0 ? chunkByteLength(array) : null;
}
