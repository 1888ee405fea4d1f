import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder, REPOSITORY } from '../python/cached-folder.ts';
import { runPython } from '../python/venv.ts';

export interface MatrixArray {
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly sha256: string;
}

/** A store that another program wrote, and what zarr-python reads from it. */
export interface MatrixStore {
  readonly path: string;
  readonly writer: string;
  readonly zarr_format: 2 | 3;
  readonly ome_version: string | null;
  readonly group: 'whole' | 'dtypes' | 'damaged';
  readonly expect: 'pixels' | 'error' | 'fill' | 'empty';
  /** What the message has to name. */
  readonly where: string | null;
  readonly arrays: readonly MatrixArray[];
}

export interface StoreMatrix {
  readonly folder: string;
  readonly stores: readonly MatrixStore[];
}

const MAKERS = ['make_store_matrix.py', 'requirements.txt'];

/** Stores by other programs, made once per machine: that takes half a minute. */
export async function storeMatrix(): Promise<StoreMatrix> {
  const hash = createHash('sha256');
  for (const name of MAKERS) hash.update(await readFile(join(REPOSITORY, 'tests/python', name)));
  const folder = await cachedFolder(`store-matrix-${hash.digest('hex').slice(0, 12)}`, async (made) => {
    await mkdir(made, { recursive: true });
    await runPython('make_store_matrix.py', [made]);
  });
  const { stores } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Omit<StoreMatrix, 'folder'>;
  return { folder, stores };
}
