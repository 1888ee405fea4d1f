import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_STATUSES, type ExitStatus } from '../../sdk/events/index.ts';
import { parseRunName } from '../../sdk/storage/index.ts';
import { hasCode } from '../../sdk/util/index.ts';
import { RUN_FILES, sessionDir } from './run-folder.ts';

/** One line of the list of past runs. */
export interface RunSummary {
  /** Path below the session's folder, with `/`. */
  readonly id: string;
  readonly path: string;
  readonly plan: string;
  readonly counter: number;
  /** Uid of the start document; null when there is none. */
  readonly uid: string | null;
  /** Unix time, s. */
  readonly startTime: number;
  /** Unix time, s; null while it runs, or when it crashed. */
  readonly stopTime: number | null;
  /** Null: it runs, or it crashed. */
  readonly exitStatus: ExitStatus | null;
  readonly reason: string;
  /** That can be read from the store. */
  readonly frames: number;
  readonly bytes: number;
  readonly sample: string | null;
  /** Null when the run has no store. */
  readonly storePath: string | null;
  /** Points that the plan announced; null when it did not. */
  readonly numPoints: number | null;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** The first and the last document fit, or the run is listed without what they say. */
const END_BYTES = 1024 * 1024;

type Json = Readonly<Record<string, unknown>>;

/** The runs of a session, newest first. Folders that are no runs are passed over. */
export async function listRuns(baseDir: string, session: string): Promise<RunSummary[]> {
  const root = sessionDir(baseDir, session);
  const runs: RunSummary[] = [];
  for (const day of (await namesIn(root)).filter((name) => DAY.test(name))) {
    for (const name of await namesIn(join(root, day))) {
      const run = parseRunName(name);
      if (run) runs.push(await summarise(join(root, day, name), `${day}/${name}`, run));
    }
  }
  return runs.sort((a, b) => b.startTime - a.startTime || (a.id < b.id ? 1 : -1));
}

async function summarise(
  path: string,
  id: string,
  { plan, counter }: { plan: string; counter: number },
): Promise<RunSummary> {
  const { first, last } = await endsOf(join(path, RUN_FILES.documents));
  const start = first?.name === 'start' && isObject(first.doc) ? first.doc : null;
  const stop = last?.name === 'stop' && isObject(last.doc) ? last.doc : null;
  const storePath = join(path, RUN_FILES.store);
  const hasStore = (await statOrNull(storePath)) !== null;
  const planName = text(start?.plan_name);
  return {
    id,
    path,
    plan: planName ?? plan,
    counter,
    uid: text(start?.uid),
    startTime: number(start?.time) ?? ((await statOrNull(path))?.mtimeMs ?? 0) / 1000,
    stopTime: number(stop?.time),
    exitStatus: EXIT_STATUSES.find((status) => status === stop?.exit_status) ?? null,
    reason: text(stop?.reason) ?? '',
    frames: await countLines(join(path, RUN_FILES.journal)),
    bytes: hasStore ? await bytesBelow(storePath) : 0,
    sample: text(start?.sample) ?? text(isObject(start?.sample) ? start.sample.name : null),
    storePath: hasStore ? storePath : null,
    numPoints: number(start?.num_points),
  };
}

/** The first and the last whole line of a file of documents. */
async function endsOf(path: string): Promise<{ readonly first: Json | null; readonly last: Json | null }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.min(size, END_BYTES);
      const head = Buffer.alloc(length);
      await file.read(head, 0, length, 0);
      const tail = Buffer.alloc(length);
      await file.read(tail, 0, length, size - length);
      // What follows the last line break was cut off by a crash.
      const lines = tail.toString('utf8').split('\n').slice(0, -1);
      return { first: parse(head.toString('utf8').split('\n')[0]), last: parse(lines.at(-1)) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { first: null, last: null };
    throw error;
  }
}

async function countLines(path: string): Promise<number> {
  if ((await statOrNull(path)) === null) return 0;
  let lines = 0;
  for await (const part of createReadStream(path)) {
    for (const byte of part as Buffer) if (byte === 10) lines++;
  }
  return lines;
}

async function bytesBelow(path: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    // Files of a store that is being written come and go.
    bytes += entry.isDirectory() ? await bytesBelow(child) : ((await statOrNull(child))?.size ?? 0);
  }
  return bytes;
}

async function namesIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function parse(line: string | undefined): Json | null {
  try {
    const value: unknown = JSON.parse(line ?? '');
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
