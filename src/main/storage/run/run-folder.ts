import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { formatRunName, highestCounter, localDate, parseRunName } from '../../../sdk/storage/index.ts';
import { type Clock, hasCode, RedsunError } from '../../../sdk/util/index.ts';
import { safeName } from '../target/safe-name.ts';

export const RUN_FILES = {
  store: 'data.ome.zarr',
  documents: 'documents.jsonl',
  journal: 'journal.jsonl',
  counts: 'counts.jsonl',
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
  readonly countsPath: string;
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
      const name = formatRunName({ plan, counter });
      // Exclusive: of two programs that saw the same highest counter, one goes on to the next.
      if (await makeExclusive(join(dayDir, name))) return describe(join(dayDir, name), `${date}/${name}`, counter);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RedsunError('target/no-run-folder', `${dayDir}: a run folder cannot be made: ${reason}`, { cause });
  }
  throw new RedsunError('target/no-run-folder', `${dayDir}: ${MAX_ATTEMPTS} names for a run folder were taken`);
}

/** Where the first run of a plan would lie that begins at `startTime`. Nothing is made. */
export function plannedRunFolder({ baseDir, session, plan, startTime, clock }: RunFolderOptions): string {
  const date = localDate(startTime ?? clock.now());
  return join(sessionDir(baseDir, session), date, formatRunName({ plan: safeName(plan), counter: 1 }));
}

/** The folder of a session below the base folder. */
export function sessionDir(baseDir: string, session: string): string {
  return join(baseDir, safeName(session));
}

/** The folder of a run that was made before: `<base>/<session>/<date>/<plan>_<counter>`. */
export function existingRunFolder(path: string): RunFolder {
  const counter = parseRunName(basename(path))?.counter ?? 0;
  return describe(path, `${basename(dirname(path))}/${basename(path)}`, counter);
}

function describe(path: string, id: string, counter: number): RunFolder {
  return {
    path,
    id,
    counter,
    storeDir: join(path, RUN_FILES.store),
    documentsPath: join(path, RUN_FILES.documents),
    journalPath: join(path, RUN_FILES.journal),
    countsPath: join(path, RUN_FILES.counts),
    sessionPath: join(path, RUN_FILES.session),
  };
}

/** Removes a run folder in which there is nothing but the session file and no document. @returns whether it is gone. */
export async function removeEmptyRun({ path, documentsPath, sessionPath }: RunFolder): Promise<boolean> {
  const documents = await stat(documentsPath).catch(() => null);
  const others = (await readdir(path)).filter(
    (name) => ![RUN_FILES.documents, RUN_FILES.session].some((own) => own === name),
  );
  if ((documents?.size ?? 0) > 0 || others.length > 0) return false;
  for (const file of [documentsPath, sessionPath]) await rm(file, { force: true });
  await rmdir(path);
  // The folder of the day goes with the first run of it; others keep it.
  await rmdir(dirname(path)).catch(() => {});
  return true;
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
