import { ValueError } from '../util/errors.ts';
import type { BulkDatum, BulkEvents, Datum, DatumPage, Event, EventPage } from './documents.ts';

type Row<Value> = Readonly<Record<string, Value>>;
type Columns<Value> = Record<string, Value[]>;

/** Events of one stream as a page. @throws ValueError for none: a page belongs to a stream. */
export function packEventPage(events: readonly Event[]): EventPage {
  const last = events[events.length - 1];
  if (!last) throw new ValueError('A page of no events has no descriptor');
  return {
    time: events.map(({ time }) => time),
    uid: events.map(({ uid }) => uid),
    seq_num: events.map((event) => event.seq_num),
    descriptor: last.descriptor,
    filled: toColumns(events.map(({ filled }) => filled ?? {})),
    data: toColumns(events.map(({ data }) => data)),
    timestamps: toColumns(events.map(({ timestamps }) => timestamps)),
  };
}

/** The events of a page. */
export function* unpackEventPage(page: EventPage): Generator<Event> {
  const [data, timestamps, filled] = [toRows(page.data), toRows(page.timestamps), toRows(page.filled ?? {})];
  for (const [at, uid] of page.uid.entries()) {
    yield {
      descriptor: page.descriptor,
      uid,
      time: page.time[at] ?? 0,
      seq_num: page.seq_num[at] ?? 0,
      data: data[at] ?? {},
      timestamps: timestamps[at] ?? {},
      filled: filled[at] ?? {},
    };
  }
}

/** Values in one resource as a page. @throws ValueError for none: a page belongs to a resource. */
export function packDatumPage(data: readonly Datum[]): DatumPage {
  const last = data[data.length - 1];
  if (!last) throw new ValueError('A page of no datum has no resource');
  return {
    resource: last.resource,
    datum_id: data.map((datum) => datum.datum_id),
    datum_kwargs: toColumns(data.map((datum) => datum.datum_kwargs)),
  };
}

/** The values of a page. */
export function* unpackDatumPage(page: DatumPage): Generator<Datum> {
  const rows = toRows(page.datum_kwargs);
  for (const [at, id] of page.datum_id.entries()) {
    yield { datum_id: id, datum_kwargs: rows[at] ?? {}, resource: page.resource };
  }
}

/** Pages of one stream as one page. @throws ValueError for none. */
export function mergeEventPages(pages: readonly EventPage[]): EventPage {
  const [first] = pages;
  if (!first) throw new ValueError('No event pages to merge');
  if (pages.length === 1) return first;
  return {
    descriptor: first.descriptor,
    seq_num: pages.flatMap((page) => page.seq_num),
    time: pages.flatMap((page) => page.time),
    uid: pages.flatMap((page) => page.uid),
    data: mergeColumns(pages.map(({ data }) => data)),
    timestamps: mergeColumns(pages.map(({ timestamps }) => timestamps)),
    filled: mergeColumns(pages.map(({ filled }) => filled)),
  };
}

/** Pages of one resource as one page. @throws ValueError for none. */
export function mergeDatumPages(pages: readonly DatumPage[]): DatumPage {
  const [first] = pages;
  if (!first) throw new ValueError('No datum pages to merge');
  if (pages.length === 1) return first;
  return {
    resource: first.resource,
    datum_id: pages.flatMap((page) => page.datum_id),
    datum_kwargs: mergeColumns(pages.map((page) => page.datum_kwargs)),
  };
}

/** Pages of one stream cut anew: `chunkSize` events each, the last one what is left. @throws ValueError for a size under 1. */
export function* rechunkEventPages(pages: Iterable<EventPage>, chunkSize: number): Generator<EventPage> {
  yield* rechunk(pages, chunkSize, {
    size: (page) => page.uid.length,
    cut: (page, from, to) => ({
      descriptor: page.descriptor,
      seq_num: page.seq_num.slice(from, to),
      time: page.time.slice(from, to),
      uid: page.uid.slice(from, to),
      data: cutColumns(page.data, from, to),
      timestamps: cutColumns(page.timestamps, from, to),
      filled: cutColumns(page.filled, from, to),
    }),
    merge: mergeEventPages,
  });
}

/** Pages of one resource cut anew: `chunkSize` values each, the last one what is left. @throws ValueError for a size under 1. */
export function* rechunkDatumPages(pages: Iterable<DatumPage>, chunkSize: number): Generator<DatumPage> {
  yield* rechunk(pages, chunkSize, {
    size: (page) => page.datum_id.length,
    cut: (page, from, to) => ({
      resource: page.resource,
      datum_id: page.datum_id.slice(from, to),
      datum_kwargs: cutColumns(page.datum_kwargs, from, to),
    }),
    merge: mergeDatumPages,
  });
}

/** Events by stream's name as a page per descriptor, in the order of their first events. */
export function bulkEventsToEventPages(bulk: BulkEvents): EventPage[] {
  const byDescriptor = new Map<string, Event[]>();
  for (const event of Object.values(bulk).flat()) {
    const events = byDescriptor.get(event.descriptor) ?? [];
    byDescriptor.set(event.descriptor, [...events, { filled: {}, ...event }]);
  }
  return [...byDescriptor.values()].map(packEventPage);
}

/** The old form of a page of values as the new one. */
export function bulkDatumToDatumPage(bulk: BulkDatum): DatumPage {
  return { datum_id: bulk.datum_ids, resource: bulk.resource, datum_kwargs: toColumns(bulk.datum_kwarg_list) };
}

interface Cutter<Page> {
  readonly size: (page: Page) => number;
  readonly cut: (page: Page, from: number, to: number) => Page;
  readonly merge: (pages: readonly Page[]) => Page;
}

function* rechunk<Page>(pages: Iterable<Page>, chunkSize: number, { size, cut, merge }: Cutter<Page>): Generator<Page> {
  if (!Number.isInteger(chunkSize) || chunkSize < 1)
    throw new ValueError(`A chunk size of ${chunkSize}; expected 1 or more`);
  let parts: Page[] = [];
  let missing = chunkSize;
  for (const page of pages) {
    for (let from = 0; from < size(page); ) {
      const to = Math.min(from + missing, size(page));
      parts.push(cut(page, from, to));
      missing -= to - from;
      from = to;
      if (missing > 0) continue;
      yield merge(parts);
      parts = [];
      missing = chunkSize;
    }
  }
  if (parts.length > 0) yield merge(parts);
}

function toColumns<Value>(rows: readonly Row<Value>[]): Columns<Value> {
  const columns: Columns<Value> = {};
  for (const row of rows) {
    for (const [key, value] of Object.entries(row)) (columns[key] ??= []).push(value);
  }
  return columns;
}

/** As many rows as the shortest column has values. */
function toRows<Value>(columns: Readonly<Record<string, readonly Value[]>>): Record<string, Value>[] {
  const entries = Object.entries(columns);
  if (entries.length === 0) return [];
  const length = Math.min(...entries.map(([, column]) => column.length));
  return Array.from({ length }, (_, at) =>
    Object.fromEntries(entries.map(([key, column]) => [key, column[at] as Value])),
  );
}

function cutColumns<Value>(columns: Readonly<Record<string, readonly Value[]>>, from: number, to: number) {
  return Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, column.slice(from, to)]));
}

/** The keys of the first page. */
function mergeColumns<Value>(all: readonly Readonly<Record<string, readonly Value[]>>[]): Columns<Value> {
  return Object.fromEntries(
    Object.keys(all[0] ?? {}).map((key) => [key, all.flatMap((columns) => columns[key] ?? [])]),
  );
}
