import { join } from 'node:path';
import { z } from 'zod';
import { readNode } from '../../../shared/stores/index.ts';
import { WRITTEN_ARRAY } from '../layout/written-mask.ts';
import { namesIn } from './array-on-disk.ts';
import { FileByteSource } from './file-byte-source.ts';
import { isForeign } from './journal-of-store.ts';

/** An image of a store that Redsun wrote: what its group says of its arrays. */
export interface ImageOnDisk {
  readonly storeDir: string;
  /** Empty: the root. */
  readonly groupPath: string;
  readonly arrayPath: string;
  /** Of the levels below the finest, in order. */
  readonly coarserPaths: readonly string[];
  /** Planes of one frame; null: the group does not tell. */
  readonly planesPerFrame: PlanesPerFrame | null;
  /** Whether a mask array is due beside the levels. */
  readonly hasMask: boolean;
}

export interface PlanesPerFrame {
  readonly c: number;
  readonly z: number;
}

/** Store, row and column of a plate, field. */
const MAX_DEPTH = 3;

const groupSchema = z.object({
  ome: z.object({ multiscales: z.array(z.object({ datasets: z.array(z.object({ path: z.string() })) })).min(1) }),
  redsun: z.object({
    written: z.string().optional(),
    planes_per_frame: z.object({ c: z.number().int().min(1), z: z.number().int().min(1) }).optional(),
  }),
});

/** Paths of the groups below a store whose array `0` was made. Images that others put there, such as labels, are none of the run's. */
export async function imagePaths(storeDir: string): Promise<string[]> {
  const found: string[] = [];
  await look(storeDir, '', 0, found);
  const source = new FileByteSource(storeDir);
  const foreign = await Promise.all(found.map((path) => isForeign(source, path)));
  return found.filter((_, at) => !foreign[at]).sort();
}

/** Where the group cannot be read, the image counts as one of a single level. */
export async function openImage(storeDir: string, groupPath: string): Promise<ImageOnDisk> {
  const arrayPath = pathIn(groupPath, '0');
  const node = await readNode(new FileByteSource(storeDir), groupPath).catch(() => null);
  const group = groupSchema.safeParse(node?.kind === 'group' ? node.attributes : null);
  if (!group.success) return { storeDir, groupPath, arrayPath, coarserPaths: [], planesPerFrame: null, hasMask: false };
  const { ome, redsun } = group.data;
  const names = ome.multiscales.flatMap(({ datasets }) => datasets.map(({ path }) => path));
  return {
    storeDir,
    groupPath,
    arrayPath,
    // The writer numbers them; anything else leads who knows where.
    coarserPaths: names.filter((name) => /^[1-9]\d*$/.test(name)).map((name) => pathIn(groupPath, name)),
    planesPerFrame: redsun.planes_per_frame ?? { c: 1, z: 1 },
    hasMask: redsun.written === WRITTEN_ARRAY,
  };
}

function pathIn(groupPath: string, name: string): string {
  return groupPath === '' ? name : `${groupPath}/${name}`;
}

async function look(storeDir: string, path: string, depth: number, found: string[]): Promise<void> {
  const names = await namesIn(join(storeDir, path));
  if (names.includes('0') && (await isArray(storeDir, pathIn(path, '0')))) {
    found.push(path);
    return;
  }
  if (depth === MAX_DEPTH) return;
  for (const name of names) await look(storeDir, pathIn(path, name), depth + 1, found);
}

/** What cannot be read is looked at later, and what is wrong with it said then. */
async function isArray(storeDir: string, path: string): Promise<boolean> {
  const names = await namesIn(join(storeDir, path));
  if (!names.includes('zarr.json')) return false;
  const node = await readNode(new FileByteSource(storeDir), path).catch(() => null);
  return node?.kind !== 'group';
}
