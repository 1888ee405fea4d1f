import { open } from 'node:fs/promises';
import { type Clock, type NewUid, randomUid } from '../../../sdk/util/index.ts';
import { syncFile } from '../files/sync-file.ts';
import { cutTornLine, readLines, writeLines, ZEROED } from '../run/torn-line.ts';
import type { KeptBytes } from './kept-bytes.ts';

/** What the documents of a run say, and what had to be done to them. */
export interface DocumentFindings {
  /** Start documents, in order. */
  readonly starts: readonly Readonly<Record<string, unknown>>[];
  /** Status of the last stop document that was there; null: it crashed, or goes on. */
  readonly exitStatus: string | null;
  /** Uids of runs that had no stop document. */
  readonly unfinished: readonly string[];
  /** Frames that were announced to be in the store. */
  readonly frames: number;
  readonly repairs: readonly string[];
  readonly problems: readonly string[];
}

export interface DocumentRepairOptions {
  readonly writes: boolean;
  /** What the stop documents say. */
  readonly reason: string;
  /** Unix time of the last frame, s; null: there is none. */
  readonly lastFrameS: number | null;
  readonly newUid?: NewUid;
  readonly clock: Clock;
  /** Keeps what is replaced. */
  readonly kept?: KeptBytes;
}

type Json = Readonly<Record<string, unknown>>;

interface OpenRun {
  readonly uid: string;
  lastS: number;
  readonly streams: Map<string, number>;
}

/** Cuts a torn last line off and gives each run that has none its stop document. Null when there are no documents. */
export async function repairDocuments(path: string, options: DocumentRepairOptions): Promise<DocumentFindings | null> {
  const lines = await readLines(path);
  if (!lines) return null;
  const reading = new DocumentReading();
  const whole = lines.rows.filter((row) => row !== ZEROED);
  const zeroed = lines.rows.length - whole.length;
  const problems = whole.flatMap((row, at) => (reading.take(row) ? [] : [`${path}: line ${at + 1} is malformed`]));
  const repairs: string[] = [];
  if (zeroed > 0) repairs.push(`documents: zeros in the place of ${zeroed} or more lines are removed`);
  if (lines.tornBytes > 0) repairs.push(`documents: ${lines.tornBytes} bytes of a line that was cut off are removed`);
  const stops = [...reading.open.values()].map((run) => stopOf(run, options));
  for (const { doc } of stops) repairs.push(`documents: run ${doc.run_start} ends now, exit status fail`);
  if (options.writes) {
    if (zeroed > 0) {
      await options.kept?.file(path);
      await writeLines(path, whole, options.clock);
    } else {
      if (lines.tornBytes > 0 || stops.length > 0) {
        await options.kept?.part(path, lines.wholeBytes, lines.tornBytes);
      }
      await cutTornLine(path, lines);
    }
    await append(path, stops);
  }
  const { starts, exitStatus, frames, open: unfinished } = reading;
  return { starts, exitStatus, frames, unfinished: [...unfinished.keys()], repairs, problems };
}

/** Goes through documents and keeps what a stop document needs. */
class DocumentReading {
  readonly starts: Json[] = [];
  readonly open = new Map<string, OpenRun>();
  exitStatus: string | null = null;
  frames = 0;
  readonly #streams = new Map<string, { readonly run: OpenRun; readonly name: string }>();

  /** False: the line makes no sense. */
  take(row: string): boolean {
    const { name, doc } = parse(row) ?? {};
    if (typeof name !== 'string' || !isObject(doc)) return false;
    if (name === 'start') this.#start(doc);
    else if (name === 'descriptor') this.#descriptor(doc);
    else if (name === 'event') this.#event(doc, doc.seq_num, doc.time);
    else if (name === 'event_page') this.#event(doc, last(doc.seq_num), last(doc.time));
    else if (name === 'stream_datum' && isObject(doc.seq_nums)) {
      this.#frames(doc.indices);
      this.#event(doc, typeof doc.seq_nums.stop === 'number' ? doc.seq_nums.stop - 1 : 0, undefined);
    } else if (name === 'stop') this.#stop(doc);
    return true;
  }

  #start(doc: Json): void {
    this.starts.push(doc);
    this.exitStatus = null;
    if (typeof doc.uid === 'string') {
      this.open.set(doc.uid, { uid: doc.uid, lastS: Number(doc.time) || 0, streams: new Map() });
    }
  }

  #descriptor(doc: Json): void {
    const run = this.open.get(String(doc.run_start));
    if (!run) return;
    const name = String(doc.name);
    this.#streams.set(String(doc.uid), { run, name });
    if (!run.streams.has(name)) run.streams.set(name, 0);
    this.#seen(run, doc.time);
  }

  #event(doc: Json, seqNum: unknown, time: unknown): void {
    const stream = this.#streams.get(String(doc.descriptor));
    if (!stream) return;
    const { run, name } = stream;
    if (typeof seqNum === 'number') run.streams.set(name, Math.max(run.streams.get(name) ?? 0, seqNum));
    this.#seen(run, time);
  }

  #frames(indices: unknown): void {
    const { start, stop } = isObject(indices) ? indices : {};
    if (typeof start === 'number' && typeof stop === 'number') this.frames += Math.max(0, stop - start);
  }

  #stop(doc: Json): void {
    this.open.delete(String(doc.run_start));
    this.exitStatus = typeof doc.exit_status === 'string' ? doc.exit_status : null;
  }

  #seen(run: OpenRun, time: unknown): void {
    if (typeof time === 'number') run.lastS = Math.max(run.lastS, time);
  }
}

function stopOf(run: OpenRun, { reason, lastFrameS, newUid = randomUid }: DocumentRepairOptions) {
  const doc = {
    uid: newUid(),
    time: Math.max(run.lastS, lastFrameS ?? 0),
    run_start: run.uid,
    exit_status: 'fail',
    reason,
    num_events: Object.fromEntries(run.streams),
  };
  return { name: 'stop', doc };
}

async function append(path: string, documents: readonly unknown[]): Promise<void> {
  if (documents.length === 0) return;
  const file = await open(path, 'a');
  try {
    await file.appendFile(documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
    await syncFile(file);
  } finally {
    await file.close();
  }
}

function parse(row: string): Json | null {
  try {
    const value: unknown = JSON.parse(row);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function last(values: unknown): unknown {
  return Array.isArray(values) ? values.at(-1) : undefined;
}
