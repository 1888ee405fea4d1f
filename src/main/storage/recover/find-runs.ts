import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RUN_FILES } from '../run/run-folder.ts';

const RUN_MARKS: readonly string[] = [RUN_FILES.documents, RUN_FILES.journal, RUN_FILES.store];
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Base folder, session, day, run. */
const MAX_DEPTH = 4;

/** `dir` itself when it is a run folder, else the run folders below it, by path. */
export async function findRuns(dir: string): Promise<string[]> {
  const found: string[] = [];
  await look(resolve(dir), 0, found);
  return found.sort();
}

async function look(folder: string, depth: number, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some(({ name }) => RUN_MARKS.includes(name))) {
    found.push(folder);
    return;
  }
  if (depth === MAX_DEPTH) return;
  for (const entry of entries) {
    const leadsOn = entry.isDirectory() && !entry.name.startsWith('.') && !entry.name.endsWith('.zarr');
    if (leadsOn) await look(join(folder, entry.name), depth + 1, found);
  }
}

/** Whose run it is. */
export interface RunOwner {
  readonly baseDir: string;
  readonly session: string;
  /** Names it among the runs of the session: `2026-11-22/mda_0003`. */
  readonly runId: string;
}

/** Whose run a folder is, where it lies as it was made: `<base>/<session>/<date>/<run>`; null for a copy somewhere else. */
export function sessionOfRun(runFolder: string): RunOwner | null {
  const day = dirname(resolve(runFolder));
  if (!DAY.test(basename(day))) return null;
  const session = dirname(day);
  return {
    baseDir: dirname(session),
    session: basename(session),
    runId: `${basename(day)}/${basename(resolve(runFolder))}`,
  };
}
