import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, hasCode, RedsunError } from '../../sdk/util/index.ts';
import { safeName } from './safe-name.ts';

export const RUN_FILES = {
  store: 'data.ome.zarr',
  documents: 'documents.jsonl',
  journal: 'journal.jsonl',
  session: 'session.yaml',
} as const;

/** Where everything of one run lies. */
export interface RunFolder {
  readonly path: string;
  /** Path below the session's folder, with `/`: names the run. */
  readonly id: string;
  readonly counter: number;
  /** Made by the writer. */
  readonly storeDir: string;
  readonly documentsPath: string;
  readonly journalPath: string;
  readonly sessionPath: string;
}

export interface RunFolderOptions {
  readonly baseDir: string;
  readonly session: string;
  readonly plan: string;
  /** Unix time, s; now when absent. Its local date names the folder of the day. */
  readonly startTime?: number;
  readonly clock: Clock;
}

const MAX_ATTEMPTS = 1000;

/** Makes `<base>/<session>/<YYYY-MM-DD>/<plan>_<counter>`; the counter goes on after the highest on the disk. */
export async function createRunFolder(options: RunFolderOptions): Promise<RunFolder> {
  const plan = safeName(options.plan);
  const date = localDate(options.startTime ?? options.clock.now());
  const dayDir = join(sessionDir(options.baseDir, options.session), date);
  try {
    await mkdir(dayDir, { recursive: true });
    const first = highestCounter(await readdir(dayDir), plan) + 1;
    for (let counter = first; counter < first + MAX_ATTEMPTS; counter++) {
      const name = `${plan}_${String(counter).padStart(4, '0')}`;
      // Exclusive: of two programs that saw the same highest counter, one goes on to the next.
      if (await makeExclusive(join(dayDir, name))) return describe(join(dayDir, name), `${date}/${name}`, counter);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RedsunError('target/no-run-folder', `${dayDir}: a run folder cannot be made: ${reason}`, { cause });
  }
  throw new RedsunError('target/no-run-folder', `${dayDir}: ${MAX_ATTEMPTS} names for a run folder were taken`);
}

/** The folder of a session below the base folder. */
export function sessionDir(baseDir: string, session: string): string {
  return join(baseDir, safeName(session));
}

/** Plan and counter of a run folder's name, or null for any other folder. */
export function parseRunName(name: string): { readonly plan: string; readonly counter: number } | null {
  const match = /^(.+)_(\d{4,9})$/.exec(name);
  return match ? { plan: match[1]!, counter: Number(match[2]) } : null;
}

function describe(path: string, id: string, counter: number): RunFolder {
  return {
    path,
    id,
    counter,
    storeDir: join(path, RUN_FILES.store),
    documentsPath: join(path, RUN_FILES.documents),
    journalPath: join(path, RUN_FILES.journal),
    sessionPath: join(path, RUN_FILES.session),
  };
}

/** Names differ by more than case: on Windows and macOS `Scan_0001` is `scan_0001`. */
function highestCounter(names: readonly string[], plan: string): number {
  const counters = names.flatMap((name) => {
    const run = parseRunName(name);
    return run?.plan.toLowerCase() === plan.toLowerCase() ? [run.counter] : [];
  });
  return counters.reduce((highest, counter) => Math.max(highest, counter), 0);
}

async function makeExclusive(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function localDate(time: number): string {
  const date = new Date(time * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
