// Routers, pages and composed documents against event-model 1.24, recorded by tests/python/make_event_model_fixtures.py.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  bulkDatumToDatumPage,
  bulkEventsToEventPages,
  type ComposeOptions,
  composeResource,
  composeRun,
  type Datum,
  type DatumPage,
  type Document,
  type DocumentName,
  DocumentRouter,
  type DocumentTypes,
  type Event,
  type EventPage,
  mergeDatumPages,
  mergeEventPages,
  packDatumPage,
  packEventPage,
  RunRouter,
  rechunkDatumPages,
  rechunkEventPages,
  SingleRunDocumentRouter,
  unpackDatumPage,
  unpackEventPage,
} from '../../src/sdk/events/index.ts';
import { type Json, outcome, plain, Replayed } from './replay.ts';

const file = join(import.meta.dirname, 'event-model', 'event-model.json');
const golden = JSON.parse(await readFile(file, 'utf8'));
const replayed = new Replayed(golden);
const key = (name: string) => golden[replayed.key(name)];
afterAll(() => expect(replayed.forgotten).toEqual([]));
const errorOf = async (action: () => unknown) => ((await outcome(action)) as { error?: string }).error;

const page: EventPage = golden.pack_event_page;
const events: Event[] = golden.unpack_event_page;
const datumPage: DatumPage = golden.pack_datum_page;
const data: Datum[] = golden.unpack_datum_page;

describe('pages', () => {
  test('are packed and unpacked', async () => {
    expect(packEventPage(events)).toEqual(key('pack_event_page'));
    expect([...unpackEventPage(page)]).toEqual(key('unpack_event_page'));
    expect(packDatumPage(data)).toEqual(key('pack_datum_page'));
    expect([...unpackDatumPage(datumPage)]).toEqual(key('unpack_datum_page'));
    const bare = { resource: 'r', datum_id: ['r/0', 'r/1'], datum_kwargs: {} };
    expect([...unpackDatumPage(bare)]).toEqual(key('unpack_datum_page_bare'));
    const [first, second] = events as [Event, Event];
    const withFilled = (event: Event, x: boolean | string) => ({ ...event, filled: { x } });
    expect(packEventPage([withFilled(first, false), withFilled(second, 'r/1')])).toEqual(key('pack_event_page_filled'));
    expect(await errorOf(() => packEventPage([]))).toBe(key('pack_event_page_none'));
    expect(await errorOf(() => packDatumPage([]))).toBe(key('pack_datum_page_none'));
  });

  test('are merged and cut anew, at every recorded size', () => {
    const pages = [packEventPage(events.slice(0, 2)), packEventPage(events.slice(2))];
    const datumPages = [packDatumPage(data.slice(0, 3)), packDatumPage(data.slice(3))];
    expect(mergeEventPages(pages)).toEqual(key('merge_event_pages'));
    expect(mergeDatumPages(datumPages)).toEqual(key('merge_datum_pages'));
    for (const [size, expected] of Object.entries(key('rechunk_event_pages'))) {
      expect([size, [...rechunkEventPages(pages, Number(size))]]).toEqual([size, expected]);
    }
    for (const [size, expected] of Object.entries(key('rechunk_datum_pages'))) {
      expect([size, [...rechunkDatumPages(datumPages, Number(size))]]).toEqual([size, expected]);
    }
    expect(() => [...rechunkEventPages(pages, 0)]).toThrow('A chunk size of 0');
  });

  test('come from the two old forms', () => {
    const document = (name: string) => golden.documents.find(([one]: [string]) => one === name)[1];
    expect(bulkEventsToEventPages(document('bulk_events'))).toEqual(key('bulk_events_to_event_pages'));
    expect(bulkDatumToDatumPage(document('bulk_datum'))).toEqual(key('bulk_datum_to_datum_page'));
  });
});

describe('a router', () => {
  const documents: [DocumentName, Document][] = key('documents');

  /** A router with the given methods only. */
  function routerWith(methods: readonly string[], change?: (doc: never) => object) {
    const heard: Json[] = [];
    class Router extends DocumentRouter {}
    for (const method of methods) {
      const camel = method.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      Object.defineProperty(Router.prototype, camel, {
        value: (doc: never) => {
          heard.push([method, plain(doc)]);
          return change?.(doc);
        },
      });
    }
    return { router: new Router(), heard };
  }
  const put = (router: DocumentRouter, name: DocumentName, doc: Document) => [name, router.onDocument(name, doc)];
  const old = (name: DocumentName) => name.startsWith('bulk_');
  const SETS: Record<string, string[]> = {
    all: documents.map(([name]) => name).filter((name) => !old(name)),
    events_only: ['event', 'datum'],
    pages_only: ['event_page', 'datum_page'],
    none: [],
  };

  test('sends each document to its method, and single events and pages to the other where only that is there', () => {
    const cases: Record<string, { heard: Json; outputs: Json }> = key('router');
    expect(Object.keys(cases)).toEqual(Object.keys(SETS));
    for (const [name, methods] of Object.entries(SETS)) {
      const { router, heard } = routerWith(methods);
      const outputs = documents.filter(([one]) => !old(one)).map(([one, doc]) => put(router, one, doc));
      expect([name, { heard, outputs }]).toEqual([name, cases[name]]);
    }
  });

  test('takes the two old forms as pages', () => {
    const { router, heard } = routerWith(['event_page', 'datum_page']);
    for (const [name, doc] of documents) if (old(name)) router.onDocument(name, doc);
    expect(heard).toEqual(key('router_bulk'));
  });

  test('gives out what its methods make of the documents', () => {
    const [first] = events as [Event];
    const firstPage = golden.documents.find(([name]: [string]) => name === 'event_page')[1];
    const single = routerWith(['event'], (doc: Event) => ({ ...doc, data: { x: Number(doc.data.x) + 1 } })).router;
    expect([put(single, 'event', first), put(single, 'event_page', firstPage)]).toEqual(key('router_changes'));
    const paged = routerWith(['event_page'], (doc: EventPage) => ({
      ...doc,
      time: doc.time.map((time) => time + 1),
    })).router;
    expect([put(paged, 'event', first), put(paged, 'event_page', firstPage)]).toEqual(key('router_changes_pages'));
  });
});

test('a router for a single run knows its start and descriptors, and refuses others', async () => {
  class Single extends SingleRunDocumentRouter {}
  const [start, descriptor] = golden.documents as [[DocumentName, Document], [DocumentName, Document]];
  const fed = (...documents: [DocumentName, Document][]) => {
    const router = new Single();
    for (const [name, doc] of documents) router.onDocument(name, doc);
    return router;
  };
  const both = fed(start, descriptor);
  const [event] = events as [Event];
  expect({
    start: await outcome(() => fed(start).getStart()),
    start_before: await outcome(() => new Single().getStart()),
    second_start: await outcome(() => fed(start, ['start', { uid: 's2', time: 2 }])),
    other_run: await outcome(() =>
      fed(start, ['descriptor', { ...(descriptor[1] as DocumentTypes['descriptor']), run_start: 's9' }]),
    ),
    descriptor: await outcome(() => both.getDescriptor(event)),
    unknown_descriptor: await outcome(() => both.getDescriptor({ descriptor: 'd9' })),
    no_descriptor: await errorOf(() => both.getDescriptor({ uid: 'q' })),
    stream_name: await outcome(() => both.getStreamName(event)),
  }).toEqual(key('single_run'));
});

describe('a router for several runs', () => {
  type Heard = [who: string, name: string, id: unknown];
  function factoryInto(heard: Heard[]) {
    const listener = (who: string) => (name: DocumentName, doc: Document) => {
      const { uid, datum_id: id } = doc as { uid?: unknown; datum_id?: unknown };
      heard.push([who, name, uid ?? id ?? '']);
    };
    return (start: DocumentTypes['start']) => ({
      callbacks: [listener(`run ${start.uid}`)],
      subFactories: [
        (descriptor: DocumentTypes['descriptor']) =>
          descriptor.name === 'primary' ? [listener(`sub ${start.uid} ${descriptor.name}`)] : [],
      ],
    });
  }

  test('sends each run to callbacks of its own, and each stream to those of the stream', () => {
    const { documents, heard: expected } = key('run_router');
    const heard: Heard[] = [];
    const router = new RunRouter([factoryInto(heard)]);
    for (const [name, doc] of documents) router.onDocument(name, doc);
    expect(heard).toEqual(expected);
  });

  test('refuses a start that came before, and what refers to nothing', async () => {
    const router = new RunRouter([factoryInto([])]);
    router.onDocument('start', { uid: 'a', time: 1 });
    const [, first] = ['', data[0] as Datum] as const;
    expect({
      same_start: await errorOf(() => router.onDocument('start', { uid: 'a', time: 1 })),
      other_start: await errorOf(() => router.onDocument('start', { uid: 'a', time: 2 })),
      unknown_resource: await outcome(() => router.onDocument('datum', { ...first, resource: 'nope' })),
    }).toEqual(key('run_router_errors'));
  });
});

test('composed documents refer to each other, are counted, and refuse keys that do not match', async () => {
  const recordedRun = key('compose');
  const options: ComposeOptions = { now: () => 0, newUid: () => 'new' };
  const run = composeRun(options, { sample: 'x', scan_id: 3 }, { uid: 's', time: 1 });
  const data_keys = recordedRun.descriptor.data_keys;
  const primary = run.composeDescriptor({ name: 'primary', data_keys, uid: 'd', time: 2 });
  const again = run.composeDescriptor({ name: 'primary', data_keys, uid: 'dd', time: 2.5 });
  const at = (x: number, time: number) => ({ data: { x }, timestamps: { x }, uid: `e${x}`, time });
  const composedEvents = [primary.composeEvent(at(1, 3)), again.composeEvent(at(2, 4))];
  const columns = { data: { x: [3, 4] }, timestamps: { x: [3, 4] } };
  const event_page = primary.composeEventPage({ ...columns, uid: ['e3', 'e4'], time: [5, 6] });
  composedEvents.push(primary.composeEvent({ ...at(9, 7), uid: 'e20', seq_num: 20 }));
  const fileOf = { spec: 'S', root: '/', resource_path: 'p', path_semantics: 'posix' } as const;
  const resource = run.composeResource({ ...fileOf, resource_kwargs: { a: 1 }, uid: 'r' });
  const store = { mimetype: 'm', uri: 'file:///s', data_key: 'img', parameters: { p: 1 }, uid: 'sr' };
  const stream = run.composeStreamResource(store);
  const bad = (fields: { data: object; timestamps: object; filled?: object }) => () =>
    primary.composeEvent(fields as Parameters<typeof primary.composeEvent>[0]);
  expect({
    start: run.start,
    descriptor: primary.descriptor,
    events: composedEvents,
    event_page,
    resource: resource.resource,
    datum: [resource.composeDatum({ i: 0 }), resource.composeDatum({ i: 1 })],
    datum_page: resource.composeDatumPage({ i: [2, 3] }),
    resource_without_run: composeResource(options, { ...fileOf, resource_kwargs: {}, uid: 'q' }).resource,
    stream_resource: stream.streamResource,
    stream_datum: [
      stream.composeStreamDatum({ start: 0, stop: 2 }),
      stream.composeStreamDatum({ start: 2, stop: 3 }, { start: 3, stop: 4 }, primary.descriptor),
    ],
    errors: {
      other_keys: await errorOf(() => run.composeDescriptor({ name: 'primary', data_keys: { y: data_keys.x } })),
      missing_key: await errorOf(bad({ data: {}, timestamps: {} })),
      other_timestamps: await errorOf(bad({ data: { x: 1 }, timestamps: {} })),
      filled_more: await errorOf(bad({ data: { x: 1 }, timestamps: { x: 1 }, filled: { y: true } })),
      page_lengths: await errorOf(() =>
        primary.composeEventPage({ data: { x: [1, 2], img: [1] }, timestamps: { x: [1, 2] } }),
      ),
    },
    stop: run.composeStop({ uid: 'x', time: 9, exit_status: 'abort', reason: 'bored' }),
    second_stop: await outcome(() => run.composeStop()),
  }).toEqual(recordedRun);
});
