import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_STATUSES, type ExitStatus } from '../../../sdk/events/index.ts';
import { parseRunName } from '../../../sdk/storage/index.ts';
import { asError, hasCode } from '../../../sdk/util/index.ts';
import { openRegular, piecesOf, readPart } from '../files/regular-file.ts';
import { readCounts } from '../run/counts-file.ts';
import { RUN_FILES } from '../run/run-folder.ts';

/** One line of the list of past runs. */
export interface RunRecord {
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
  /** Of the frames, those that were known to have reached the disk; null: nothing tells. */
  readonly durable: number | null;
  readonly bytes: number;
  readonly sample: string | null;
  /** Other words of the start document, such as the operator and tags. */
  readonly keywords: string;
  /** Null when the run has no store. */
  readonly storePath: string | null;
  /** Points that the plan announced; null when it did not. */
  readonly numPoints: number | null;
  /** Points that were taken, by the stop document; null: it has none, or does not tell. */
  readonly takenPoints: number | null;
}

/** The first and the last document fit, or the run is listed without what they say. */
const END_BYTES = 1024 * 1024;
const LINE_BREAK = 10;
const MAX_KEYWORDS = 500;
/** Of a start document, what is no word of the operator's. */
const NO_KEYWORDS = [
  'uid',
  'plan_name',
  'plan_type',
  'versions',
  'hints',
  'plan_args',
  'plan_pattern',
  'time',
  'sample',
];

type Json = Readonly<Record<string, unknown>>;

/** What the run at `path` is. @param id - path below the session's folder; its last part names plan and number. */
export async function summariseRun(path: string, id: string): Promise<RunRecord> {
  const { plan, counter } = parseRunName(id.split('/').at(-1) ?? '') ?? { plan: id, counter: 0 };
  try {
    return await readRun(path, id, plan, counter);
  } catch (error) {
    // A folder that may not be read is a run all the same: it must not hide the others.
    const unknown = {
      uid: null,
      stopTime: null,
      exitStatus: null,
      sample: null,
      storePath: null,
      numPoints: null,
      takenPoints: null,
    };
    const startTime = ((await statOrNull(path))?.mtimeMs ?? 0) / 1000;
    const reason = `Cannot be read: ${asError(error).message}`;
    return { id, path, plan, counter, startTime, reason, frames: 0, durable: null, bytes: 0, keywords: '', ...unknown };
  }
}

/** What the first start document and the last document of a run say of it. @param startedAt - Unix time, s, when there is no start document */
export function summariseDocuments(known: {
  readonly start: object | null;
  readonly stop: object | null;
  readonly plan: string;
  readonly startedAt: number;
}) {
  const { start, stop } = known as { readonly start: Json | null; readonly stop: Json | null };
  return {
    plan: text(start?.plan_name) ?? known.plan,
    uid: text(start?.uid),
    startTime: number(start?.time) ?? known.startedAt,
    stopTime: number(stop?.time),
    exitStatus: EXIT_STATUSES.find((status) => status === stop?.exit_status) ?? null,
    reason: text(stop?.reason) ?? '',
    sample: text(start?.sample) ?? text(isObject(start?.sample) ? start.sample.name : null),
    keywords: keywordsOf(start),
    numPoints: number(start?.num_points),
    takenPoints: isObject(stop?.num_events) ? number(stop.num_events.primary ?? 0) : null,
  };
}

/** Points that the run in a folder was to take, and those that it took; null: its documents do not say, or it has not ended. */
export async function pointsOf(path: string): Promise<{ readonly taken: number; readonly planned: number } | null> {
  const { first, last } = await endsOf(join(path, RUN_FILES.documents));
  const start = first?.name === 'start' && isObject(first.doc) ? first.doc : null;
  const stop = last?.name === 'stop' && isObject(last.doc) ? last.doc : null;
  const { numPoints, takenPoints } = summariseDocuments({ start, stop, plan: '', startedAt: 0 });
  return numPoints === null || takenPoints === null ? null : { taken: takenPoints, planned: numPoints };
}

async function readRun(path: string, id: string, plan: string, counter: number): Promise<RunRecord> {
  const { first, last } = await endsOf(join(path, RUN_FILES.documents));
  const start = first?.name === 'start' && isObject(first.doc) ? first.doc : null;
  const stop = last?.name === 'stop' && isObject(last.doc) ? last.doc : null;
  const storePath = join(path, RUN_FILES.store);
  const hasStore = (await statOrNull(storePath)) !== null;
  return {
    id,
    path,
    counter,
    ...summariseDocuments({ start, stop, plan, startedAt: ((await statOrNull(path))?.mtimeMs ?? 0) / 1000 }),
    ...(hasStore ? await ownStore(path, storePath) : await otherStore(path, stop)),
  };
}

/** Changes when the files of a run do; null when it has gone. A change deep in its store alone is not seen: that takes a look at every file. */
export async function fingerprintOf(path: string): Promise<string | null> {
  const { documents, journal, counts, store } = RUN_FILES;
  const parts = [path, ...[documents, journal, counts, store].map((name) => join(path, name))];
  const stats = await Promise.all(parts.map(statOrNull));
  if (!stats[0]) return null;
  return stats.map((found) => (found ? `${found.mtimeMs}/${found.isFile() ? found.size : ''}` : '-')).join(' ');
}

/** Words that somebody put into the metadata: operator, tags, purpose. */
function keywordsOf(start: Json | null): string {
  const words = Object.entries(start ?? {}).flatMap(([key, value]) => {
    if (NO_KEYWORDS.includes(key)) return [];
    return (Array.isArray(value) ? value : [value]).filter((word) => typeof word === 'string');
  });
  return words.join(' ').slice(0, MAX_KEYWORDS);
}

/** The first and the last whole line of a file of documents. */
async function endsOf(path: string): Promise<{ readonly first: Json | null; readonly last: Json | null }> {
  try {
    const file = await openRegular(path);
    try {
      const { size } = await file.stat();
      const length = Math.min(size, END_BYTES);
      const head = Buffer.from(await readPart(file, 0, length));
      const tail = Buffer.from(await readPart(file, size - length, length));
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

async function ownStore(path: string, storePath: string) {
  const [frames, counts] = await Promise.all([
    countLines(join(path, RUN_FILES.journal)),
    readCounts(join(path, RUN_FILES.counts)),
  ]);
  const durable = counts && Math.min(counts.durable, frames);
  return { frames, durable, bytes: await bytesBelow(storePath), storePath };
}

/** What a writer of a bundle left: it keeps no journal, but documents say what they say of every writer. */
async function otherStore(path: string, stop: Json | null) {
  const frames = stop === null ? 0 : await framesTold(join(path, RUN_FILES.documents));
  return { frames, durable: null, bytes: frames > 0 ? await bytesBelow(path) : 0, storePath: null };
}

/** Frames that the stream_datum documents of a run announce. */
async function framesTold(path: string): Promise<number> {
  let frames = 0;
  for await (const line of linesIn(path)) {
    if (!line.startsWith('{"name":"stream_datum"')) continue;
    const doc = parse(line)?.doc;
    const indices = isObject(doc) && isObject(doc.indices) ? doc.indices : {};
    frames += (number(indices.stop) ?? 0) - (number(indices.start) ?? 0);
  }
  return frames;
}

async function countLines(path: string): Promise<number> {
  if ((await statOrNull(path)) === null) return 0;
  let lines = 0;
  for await (const piece of piecesOf(path)) {
    for (let at = piece.indexOf(LINE_BREAK); at >= 0; at = piece.indexOf(LINE_BREAK, at + 1)) lines++;
  }
  return lines;
}

/** Lines of a file; what is too long for one, as zeros that a power cut left are, is cut. */
async function* linesIn(path: string): AsyncGenerator<string> {
  let begun = '';
  const decoder = new TextDecoder();
  for await (const piece of piecesOf(path)) {
    const [first = '', ...rest] = decoder.decode(piece, { stream: true }).split('\n');
    begun = (begun + first).slice(0, END_BYTES);
    for (const next of rest) {
      yield begun;
      begun = next;
    }
  }
}

async function bytesBelow(path: string): Promise<number> {
  let bytes = 0;
  for (const entry of await entriesOf(path)) {
    const child = join(path, entry.name);
    // Files of a store that is being written come and go.
    bytes += entry.isDirectory() ? await bytesBelow(child) : ((await statOrNull(child))?.size ?? 0);
  }
  return bytes;
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return null;
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
