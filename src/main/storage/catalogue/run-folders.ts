import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunName } from '../../../sdk/storage/index.ts';
import { hasCode } from '../../../sdk/util/index.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CONCURRENT_DAYS = 16;

/** The runs that there are below a session's folder, as `2026-11-22/mda_0003`. Folders that are no runs are passed over. */
export async function runIdsBelow(root: string): Promise<string[]> {
  const days = (await foldersIn(root)).filter((name) => DAY.test(name));
  const ids: string[] = [];
  for (let at = 0; at < days.length; at += CONCURRENT_DAYS) {
    const some = days.slice(at, at + CONCURRENT_DAYS);
    const names = await Promise.all(some.map((day) => foldersIn(join(root, day))));
    for (const [index, day] of some.entries()) {
      for (const name of names[index] ?? []) if (parseRunName(name)) ids.push(`${day}/${name}`);
    }
  }
  return ids;
}

async function foldersIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}
