import { DocumentRouter } from '../../events/document-router.ts';
import type { Event, EventDescriptor, RunStart, RunStop } from '../../events/documents.ts';
import { applyRunDataUpdate } from './apply-update.ts';
import { cellOf, columnOf } from './columns.ts';
import { type Dimensions, dimensionsOf, fieldsIn, hintedFields } from './dimensions.ts';
import { LineFeed, type PlotFeed } from './plot-feeds.ts';
import { type BestEffortLimits, plotsOfStream } from './plots-of-stream.ts';
import { RowLog } from './row-log.ts';
import { type BaselineRow, type DataColumn, EMPTY_RUN_DATA, type RunData, type RunDataUpdate } from './run-data.ts';

/** How much is shown, and who hears of it. */
export interface BestEffortOptions {
  /** How much of a run is kept: a run of a million events takes no more room than one of some thousands. */
  readonly limits?: Partial<BestEffortLimits>;
  /** Called when there is something new for `takeUpdates`; often, so that whoever listens may wait a moment first. */
  readonly onChange?: () => void;
  /** Also draws a run of a single point. Default false. */
  readonly plotSinglePoint?: boolean;
}

const LIMITS: BestEffortLimits = { rows: 1000, points: 4096, cells: 65_536, peakPoints: 100_000, plots: 16 };
const BASELINE = 'baseline';

/** A stream that is shown. */
interface ShownStream {
  readonly table: readonly DataColumn[] | null;
  readonly feeds: readonly PlotFeed[];
  lastSeqNum: number;
}

interface ShownRun {
  readonly start: RunStart;
  readonly dimensions: Dimensions;
  readonly streams: Map<string, ShownStream>;
  /** Streams by the uid of their descriptors. */
  readonly byDescriptor: Map<string, string>;
  readonly rows: RowLog;
  baseline: readonly BaselineRow[];
}

/**
 * Shows runs as well as their documents allow, one after the other: a table of the hinted fields, plots over the dimensions of the
 * plan (curves, pictures of meshes, points in a plane), what was read before and after, peaks. It makes no pictures: `takeUpdates`
 * gives what is new since it was last called, as plain values, and `applyRunDataUpdate` puts them together wherever they are drawn.
 */
export class BestEffort extends DocumentRouter {
  readonly #options: BestEffortOptions;
  readonly #limits: BestEffortLimits;
  #run: ShownRun | null = null;
  #data: RunData = EMPTY_RUN_DATA;
  /** What comes before new rows and points, and what comes after them. */
  #before: RunDataUpdate[] = [];
  #after: RunDataUpdate[] = [];

  /** @param options - limits, and who hears of changes. */
  constructor(options: BestEffortOptions = {}) {
    super();
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  /** All that `takeUpdates` has told so far. */
  get data(): RunData {
    return this.#data;
  }

  /** What is new since the last call, in order; `data` has it, too, from then on. */
  takeUpdates(): RunDataUpdate[] {
    const updates = [...this.#before, ...this.#news(), ...this.#after];
    this.#before = [];
    this.#after = [];
    this.#data = updates.reduce(applyRunDataUpdate, this.#data);
    return updates;
  }

  override start(doc: RunStart): void {
    const dimensions = dimensionsOf(doc);
    this.#run = {
      start: doc,
      dimensions,
      streams: new Map(),
      byDescriptor: new Map(),
      rows: new RowLog(this.#limits.rows),
      baseline: [],
    };
    const { uid, scan_id: scanId = null, plan_name: planName = '', time } = doc;
    this.#before = [{ kind: 'run', run: { uid, scanId, planName, time } }];
    this.#after = [];
    if (dimensions.note) this.#note(dimensions.note);
    this.#options.onChange?.();
  }

  override descriptor(doc: EventDescriptor): void {
    const run = this.#run;
    if (!run || doc.run_start !== run.start.uid) return;
    run.byDescriptor.set(doc.uid, doc.name);
    // Another configuration of a stream that is shown already.
    if (run.streams.has(doc.name)) return;
    this.#before.push({ kind: 'stream', name: doc.name });
    run.streams.set(doc.name, doc.name === BASELINE ? this.#baselineStream(run, doc) : this.#stream(run, doc));
    this.#options.onChange?.();
  }

  override event(doc: Event): void {
    const run = this.#run;
    const name = run?.byDescriptor.get(doc.descriptor);
    const stream = name === undefined ? undefined : run?.streams.get(name);
    if (!run || !stream) return;
    if (name === BASELINE) this.#baselineEvent(run, doc);
    if (doc.seq_num <= stream.lastSeqNum) {
      if (stream.table) run.rows.rewind(doc.seq_num);
      for (const feed of stream.feeds) feed.rewind(doc.seq_num);
    }
    stream.lastSeqNum = doc.seq_num;
    if (stream.table) {
      run.rows.add({ seqNum: doc.seq_num, time: doc.time, values: stream.table.map((column) => cellOf(column, doc)) });
    }
    for (const feed of stream.feeds) feed.add(doc);
    this.#options.onChange?.();
  }

  override stop(doc: RunStop): void {
    const run = this.#run;
    if (!run || doc.run_start !== run.start.uid) return;
    const feeds = [...run.streams.values()].flatMap(({ feeds: own }) => own);
    for (const feed of feeds) feed.finish();
    const peaks = feeds.flatMap((feed) => {
      const peak = feed instanceof LineFeed ? feed.peak() : null;
      if (typeof peak === 'string') this.#note(peak);
      return peak === null || typeof peak === 'string' ? [] : [peak];
    });
    const { exit_status: exitStatus, reason, time, num_events: numEvents } = doc;
    if (peaks.length > 0) this.#after.push({ kind: 'peaks', peaks });
    this.#after.push({ kind: 'end', end: { exitStatus, reason, time, numEvents } });
    this.#options.onChange?.();
  }

  *#news(): Generator<RunDataUpdate> {
    if (!this.#run) return;
    const rows = this.#run.rows.take();
    if (rows) yield { kind: 'rows', ...rows };
    for (const { feeds } of this.#run.streams.values()) {
      for (const feed of feeds) {
        const change = feed.take();
        if (change) yield change;
      }
    }
  }

  #stream(run: ShownRun, doc: EventDescriptor): ShownStream {
    const { start, dimensions } = run;
    const isMain = doc.name === dimensions.stream;
    const axes = isMain ? fieldsIn(dimensions, doc) : [['time']];
    const dimensionFields = axes.flat();
    const others = hintedFields(doc).filter((key) => !dimensionFields.includes(key));
    const table = isMain ? this.#tableColumns(doc, [...dimensionFields, ...others]) : null;
    if (table) {
      const { rows: rowLimit } = this.#limits;
      this.#before.push({
        kind: 'table',
        table: { stream: doc.name, columns: table, rows: [], firstRow: 0, rowLimit },
      });
    }
    const single = isMain && start.num_points === 1 && !this.#options.plotSinglePoint;
    const along = axes.map(([first]) => first ?? 'time');
    return { table, feeds: single ? [] : this.#plots(run, doc, along, others), lastSeqNum: 0 };
  }

  #plots(run: ShownRun, doc: EventDescriptor, along: readonly string[], others: readonly string[]): PlotFeed[] {
    const { feeds, notes } = plotsOfStream(run.start, doc, along, others, this.#limits);
    for (const note of notes) this.#note(note);
    const existing = [...run.streams.values()].reduce((sum, { feeds: own }) => sum + own.length, 0);
    const shown = feeds.slice(0, Math.max(0, this.#limits.plots - existing));
    if (shown.length < feeds.length) {
      this.#note(
        `${feeds.length - shown.length} fields of ${doc.name} are not plotted: there are ${this.#limits.plots} plots already`,
      );
    }
    for (const { plot } of shown) this.#before.push({ kind: 'plot', plot });
    return shown;
  }

  #tableColumns(doc: EventDescriptor, keys: readonly string[]): DataColumn[] {
    return [...new Set(keys)].flatMap((key) => {
      const column = columnOf(key, doc.data_keys[key]);
      if (typeof column !== 'string') return [column];
      if (doc.data_keys[key]) this.#note(column);
      return [];
    });
  }

  #baselineStream(run: ShownRun, doc: EventDescriptor): ShownStream {
    run.baseline = this.#tableColumns(doc, hintedFields(doc)).map((column) => ({ column, before: null, after: null }));
    return { table: null, feeds: [], lastSeqNum: 0 };
  }

  /** The first event is what was there before the run, the last one what was there after it. */
  #baselineEvent(run: ShownRun, doc: Event): void {
    run.baseline = run.baseline.map((row) => {
      const value = cellOf(row.column, doc);
      return doc.seq_num === 1 ? { ...row, before: value } : { ...row, after: value };
    });
    this.#before.push({ kind: 'baseline', rows: run.baseline });
  }

  #note(note: string): void {
    this.#before.push({ kind: 'note', note });
  }
}
