import { DocumentRouter } from '../events/document-router.ts';
import type { DataKey, Event, EventDescriptor, RunStart, RunStop } from '../events/documents.ts';
import { SinkQueue, type TextSink } from './text-sink.ts';

/** How tables of events are written. */
export interface CsvWriterOptions {
  /** Opens the sink of a stream: a table each. It is closed at the end of the run. */
  readonly open: (stream: string, start: RunStart) => TextSink;
  /** Units after the names of columns: `z (um)`. Default true. */
  readonly units?: boolean;
}

interface Table {
  readonly queue: SinkQueue;
  readonly keys: readonly string[];
}

/**
 * Events of each stream as a table of comma-separated values (RFC 4180): `seq_num`, `time` (Unix time, s), then its data keys.
 * What is in a store or a file has no column; other arrays are JSON. A row that a pause has made void is repeated below.
 */
export class CsvWriter extends DocumentRouter {
  readonly #options: CsvWriterOptions;
  readonly #tables = new Map<string, Table>();
  readonly #streams = new Map<string, string>();
  #start: RunStart | null = null;

  /** @param options - where tables go. */
  constructor(options: CsvWriterOptions) {
    super();
    this.#options = options;
  }

  override start(doc: RunStart): void {
    this.#tables.clear();
    this.#streams.clear();
    this.#start = doc;
  }

  override descriptor(doc: EventDescriptor): void {
    this.#streams.set(doc.uid, doc.name);
    if (!this.#start || this.#tables.has(doc.name)) return;
    const columns = Object.entries(doc.data_keys).filter(([, { external }]) => external === undefined);
    const queue = new SinkQueue(this.#options.open(doc.name, this.#start));
    const { units = true } = this.#options;
    const names = columns.map(([key, dataKey]) => (units ? withUnit(key, dataKey) : key));
    this.#tables.set(doc.name, { queue, keys: columns.map(([key]) => key) });
    queue.write(line(['seq_num', units ? 'time (s)' : 'time', ...names]));
  }

  override event(doc: Event): void {
    const table = this.#tables.get(this.#streams.get(doc.descriptor) ?? '');
    table?.queue.write(line([doc.seq_num, doc.time, ...table.keys.map((key) => doc.data[key])]));
  }

  override stop(_doc: RunStop): void {
    for (const { queue } of this.#tables.values()) queue.close();
  }

  /** All is written. @throws (as a rejection) RedsunError `callback/write-failed`. */
  async done(): Promise<void> {
    for (const { queue } of this.#tables.values()) await queue.done();
  }
}

function withUnit(key: string, { units }: DataKey): string {
  return units ? `${key} (${units})` : key;
}

function line(cells: readonly unknown[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
