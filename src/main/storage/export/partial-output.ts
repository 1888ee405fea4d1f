import { lstat, rename, rm } from 'node:fs/promises';
import { hasCode, RedsunError } from '../../../sdk/util/index.ts';

/** @throws RedsunError `export/exists` when there is something at `out`: nothing is overwritten. */
export async function requireFree(out: string): Promise<void> {
  try {
    await lstat(out);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  throw new RedsunError('export/exists', `${out} is there already; name another with --out`);
}

/**
 * Has something made under a name of its own beside `out`, which gets its name when it is whole. What was made so far is removed when
 * `make` fails or is aborted.
 */
export async function makeWhole(out: string, make: (partial: string) => Promise<void>): Promise<void> {
  await requireFree(out);
  const partial = `${out}.${process.pid}.part`;
  try {
    await make(partial);
    await requireFree(out);
    await rename(partial, out);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}
