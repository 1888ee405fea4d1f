import type { Readable } from '../device/protocols.ts';
import { DocumentRouter } from '../events/document-router.ts';
import type { DataKey, Event, EventDescriptor, RunStart, RunStop } from '../events/documents.ts';
import { fixed } from './number-format.ts';
import { getObjFields } from './simple-callbacks.ts';

/** How a LiveTable looks and where it goes. */
export interface LiveTableOptions {
  /** Gets each line. */
  readonly out: (line: string) => void;
  /** Stream that it shows. Default `primary`. */
  readonly streamName?: string;
  /** The header comes again every so many rows. Default 50. */
  readonly printHeaderInterval?: number;
  /** Least width of a column of data, characters. Default 12. */
  readonly minWidth?: number;
  /** Decimals of numbers whose data key does not say. Default 3. */
  readonly defaultPrec?: number;
  /** Spaces around data. Default 1. */
  readonly extraPad?: number;
  /** Empty lines before and after the table. Default true. */
  readonly separatorLines?: boolean;
  /** Gets the whole table once it is complete; all rows are kept until then. */
  readonly logbook?: ((text: string) => void) | null;
}

type Format = 'f' | 'd' | 's';

interface Column {
  readonly key: string;
  readonly heading: string;
  readonly width: number;
  readonly precision: number;
  readonly format: Format;
}

const FORMATS: Readonly<Partial<Record<DataKey['dtype'], Format>>> = {
  number: 'f',
  integer: 'd',
  string: 's',
  boolean: 's',
};

/** Events as a table of text, line by line: what bluesky prints. */
export class LiveTable extends DocumentRouter {
  readonly #fields: readonly string[];
  readonly #options: Required<LiveTableOptions>;
  readonly #columns = new Map<string, Column>();
  readonly #descriptors = new Set<string>();
  readonly #skipped = new Set<string>();
  #start: RunStart | null = null;
  #border: string | null = null;
  #header = '';
  #count = 0;
  #lines: string[] = [];

  /** @param fields - data keys, or devices that stand for theirs. */
  constructor(fields: readonly (string | Readable)[], options: LiveTableOptions) {
    super();
    this.#fields = getObjFields(fields);
    this.#options = {
      streamName: 'primary',
      printHeaderInterval: 50,
      minWidth: 12,
      defaultPrec: 3,
      extraPad: 1,
      separatorLines: true,
      logbook: null,
      ...options,
    };
    const pad = this.#options.extraPad;
    this.#add({ key: 'seq_num', heading: 'seq_num', width: 10 + pad, precision: 0, format: 'd' });
    this.#add({ key: TIME, heading: 'time', width: 10 + 2 * pad, precision: 10, format: 's' });
  }

  /** Data keys that have no place in a table: images and other arrays. */
  get skipped(): readonly string[] {
    return [...this.#skipped];
  }

  override start(doc: RunStart): void {
    this.#lines = [];
    this.#start = doc;
    this.#border = null;
  }

  override descriptor(doc: EventDescriptor): void {
    if (doc.name !== this.#options.streamName) return;
    this.#descriptors.add(doc.uid);
    for (const key of this.#fields) this.#addField(key, doc.data_keys[key]);
    const columns = [...this.#columns.values()];
    const pad = ' '.repeat(this.#options.extraPad);
    const headings = columns.map(({ heading, width }) => heading.padStart(width - pad.length) + pad);
    this.#border = `+${columns.map(({ width }) => '-'.repeat(width)).join('+')}+`;
    this.#header = `|${headings.join('|')}|`;
    this.#count = 0;
    if (this.#options.separatorLines) this.#print('\n');
    this.#printHeader();
  }

  override event(doc: Event): void {
    if (!this.#descriptors.has(doc.descriptor)) return;
    this.#count++;
    if (this.#count % this.#options.printHeaderInterval === 0) this.#printHeader();
    const data: Record<string, unknown> = { ...doc.data, [TIME]: timeOfDay(doc.time), seq_num: doc.seq_num };
    const cells = [...this.#columns.values()].map((column) => {
      const shown = column.key in data && doc.filled[column.key] !== false;
      return shown ? this.#cell(column, data[column.key]) : ' '.repeat(column.width);
    });
    this.#print(`|${cells.join('|')}|`);
  }

  override stop(doc: RunStop): void {
    const start = this.#start;
    if (!start || doc.run_start !== start.uid) return;
    if (this.#border !== null) this.#print(this.#border);
    const { plan_type: type = '', plan_name: name = '', scan_id: scanId = '' } = start;
    const mark = `${String(type)} ${name} ['${start.uid.slice(0, 8)}'] (scan num: ${scanId})`;
    this.#options.out(mark);
    this.#options.logbook?.([mark, ...this.#lines].join('\n'));
    if (this.#options.separatorLines) this.#print('\n');
  }

  #addField(key: string, dataKey: DataKey | undefined): void {
    if (!dataKey) return;
    const format = FORMATS[dataKey.dtype];
    if (!format) {
      this.#skipped.add(key);
      return;
    }
    const { minWidth, defaultPrec, extraPad } = this.#options;
    const width = Math.max(minWidth, key.length + 2, defaultPrec + 1 + 2 * extraPad);
    const precision =
      dataKey.dtype === 'boolean'
        ? 'False'.length
        : format === 's'
          ? width - 1 - 2 * extraPad
          : Math.trunc(dataKey.precision ?? defaultPrec);
    this.#add({ key, heading: key, width, precision, format });
  }

  #add(column: Column): void {
    this.#columns.set(column.key, column);
  }

  #cell({ width, precision, format }: Column, value: unknown): string {
    const pad = ' '.repeat(this.#options.extraPad);
    return pad + worded(value, format, precision).padStart(width - 2 * pad.length) + pad;
  }

  #printHeader(): void {
    this.#print(this.#border ?? '');
    this.#print(this.#header);
    this.#print(this.#border ?? '');
  }

  #print(line: string): void {
    if (this.#options.logbook) this.#lines.push(line);
    this.#options.out(line);
  }
}

/** Apart from any data key. */
const TIME = ' time of the event';

function worded(value: unknown, format: Format, precision: number): string {
  if (typeof value === 'number' && format === 'f') return fixed(value, precision);
  if (typeof value === 'number' && format === 'd') return fixed(value, Number.isInteger(value) ? 0 : precision);
  const text = typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
  return format === 's' ? [...text].slice(0, precision).join('') : text;
}

/** `15:42:07.125000`, local; whole seconds have no fraction. */
function timeOfDay(unixS: number): string {
  const micros = Math.round((unixS - Math.floor(unixS)) * 1e6);
  const date = new Date((Math.floor(unixS) + (micros === 1e6 ? 1 : 0)) * 1000);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const whole = clock.map((part) => String(part).padStart(2, '0')).join(':');
  return micros % 1e6 === 0 ? whole : `${whole}.${String(micros).padStart(6, '0')}`;
}
