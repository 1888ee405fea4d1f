import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Document, DocumentName, NamedDocument } from '../events/documents.ts';
import { count, scan } from '../plans/index.ts';
import { FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import {
  BufferingWrapper,
  CallbackCounter,
  CollectThenCompute,
  CsvWriter,
  collector,
  getObjFields,
  JsonLinesWriter,
  JsonWriter,
  LiveDispatcher,
  LiveTable,
  metadataLines,
  PeakStats,
  type TextSink,
} from './index.ts';

function golden(name: string) {
  return JSON.parse(readFileSync(new URL(`../../../tests/golden/bluesky/${name}.json`, import.meta.url), 'utf8'));
}

/** The documents of a scan of one axis. */
async function scanned(points = 3): Promise<NamedDocument[]> {
  const { engine, clock, documents } = recordingEngine();
  const range = { axis: new FakeAxis('m1'), start: 0, stop: 1 };
  await clock.run(engine.run(scan([new FakeDetector('det')], [range], points)));
  return documents;
}

/** A sink that keeps its text; `slow`: writes when it is let. */
class TextList implements TextSink {
  text = '';
  closed = false;
  readonly waiting: (() => void)[] = [];
  readonly slow: boolean;
  constructor(slow = false) {
    this.slow = slow;
  }
  write(text: string): void | Promise<void> {
    if (!this.slow) {
      this.text += text;
      return;
    }
    return new Promise((resolve) => {
      this.waiting.push(() => {
        this.text += text;
        resolve();
      });
    });
  }
  close(): void {
    this.closed = true;
  }
}

describe('recorded from bluesky', () => {
  test('LiveTable prints the same text', () => {
    const { docs, extras } = golden('live_table');
    const lines: string[] = [];
    const table = new LiveTable(['m1', 'det'], { out: (line) => lines.push(line) });
    for (const [name, doc] of docs as [DocumentName, Document][]) {
      // Times and uids were masked.
      table.onDocument(name, {
        ...doc,
        time: 1_800_000_000.5,
        ...(name === 'start' ? { uid: 'uid:0' } : {}),
      } as Document);
    }
    const masked = lines.map((line) =>
      line.replace(/\d\d:\d\d:\d\d\.\d/, 'HH:MM:SS.s').replace("['uid:0']", "['<uid8>']"),
    );
    expect(masked).toEqual(extras.text);
  });

  test('PeakStats finds the same peak', () => {
    const { docs, extras } = golden('peak_stats');
    const peak = new PeakStats('m1', 'peak');
    for (const [name, doc] of docs as [DocumentName, Document][]) peak.onDocument(name, doc);
    const { lin_bkg: background, ...figures } = peak.stats!;
    expect(background).toBeNull();
    expect(figures.com).toBeCloseTo(extras.stats.com, 12);
    expect({ ...figures, com: 0 }).toEqual({ ...extras.stats, com: 0 });
  });
});

describe('LiveTable', () => {
  test('is handed to a logbook whole, and begins anew with each run', async () => {
    const books: string[] = [];
    const lines: string[] = [];
    const options = { out: (line: string) => lines.push(line), logbook: (text: string) => books.push(text) };
    const table = new LiveTable([new FakeDetector('det')], { ...options, separatorLines: false });
    const documents = await scanned();
    for (let run = 0; run < 2; run++) for (const { name, doc } of documents) table.onDocument(name, doc);
    expect(books).toHaveLength(2);
    const [mark, ...rows] = books[1]!.split('\n');
    expect(mark).toMatch(/^generator scan \['uid:0'\] \(scan num: 1\)$/);
    expect(rows).toEqual(lines.slice(lines.length / 2, -1));
    expect(rows.filter((row) => /\d\.\d{3} \|$/.test(row))).toHaveLength(3);
  });

  test('leaves out other streams, and the end of other runs', async () => {
    const lines: string[] = [];
    const table = new LiveTable(['det'], { out: (line) => lines.push(line), streamName: 'baseline' });
    for (const { name, doc } of await scanned()) {
      table.onDocument(name, name === 'stop' ? ({ ...doc, run_start: 'another' } as Document) : doc);
    }
    expect(lines).toEqual([]);
  });
});

describe('small callbacks', () => {
  test('count, and collect values of events and of pages', async () => {
    const counter = new CallbackCounter();
    const values: unknown[] = [];
    const collect = collector('m1', values);
    for (const { name, doc } of await scanned()) {
      counter.callback(name, doc);
      collect(name, doc);
    }
    expect([counter.value, values]).toEqual([6, [0, 0.5, 1]]);
    const page = { uid: ['a', 'b'], time: [0, 1], descriptor: 'd', seq_num: [1, 2], filled: {} };
    const column = { data: { m1: [7, 8] }, timestamps: { m1: [0, 1] } };
    collect('event_page', { ...page, ...column } as unknown as Document);
    expect(values.slice(3)).toEqual([7, 8]);
    const [event] = (await scanned()).filter(({ name }) => name === 'event');
    expect(() => collector('m2', [])('event', event!.doc)).toThrow(expect.objectContaining({ code: 'key/unknown' }));
  });

  test('metadata are lines by name, without uid and time', () => {
    const doc = { uid: 'u', time: 5, plan_name: 'scan', motors: ['m1'], num_points: 3 };
    expect(metadataLines(doc)).toEqual(['motors: ["m1"]', 'num_points: 3', 'plan_name: scan']);
  });

  test('devices stand for their data keys', () => {
    expect(getObjFields(['a', new FakeAxis('m1')])).toEqual(['a', 'm1', 'm1_setpoint']);
    const late = { read: async () => ({}), describe: async () => ({}) };
    expect(() => getObjFields([late])).toThrow('describes itself later');
    expect(() => getObjFields([{} as never])).toThrow('Fields must be');
  });

  test('a run that was collected is computed at its end, and forgotten at the next start', async () => {
    const sizes: number[][] = [];
    class Sizes extends CollectThenCompute {
      compute(): void {
        sizes.push([
          this.descriptors.length,
          this.events.length,
          this.startDocument ? 1 : 0,
          this.stopDocument ? 1 : 0,
        ]);
      }
    }
    const callback = new Sizes();
    for (const { name, doc } of [...(await scanned()), ...(await scanned(5))]) callback.onDocument(name, doc);
    expect(sizes).toEqual([
      [1, 3, 1, 1],
      [1, 5, 1, 1],
    ]);
  });

  test('a peak of one point has figures and no derivative; a run without the keys has neither', async () => {
    const peak = new PeakStats('m1', 'det', { calcDerivativeAndStats: true });
    for (const { name, doc } of await scanned(1)) peak.onDocument(name, doc);
    expect([peak.stats?.max, peak.stats?.cen, peak.derivativeStats]).toEqual([[0, 1], null, null]);
    const other = new PeakStats('m1', 'camera');
    for (const { name, doc } of await scanned()) other.onDocument(name, doc);
    expect(other.stats).toBeNull();
  });
});

describe('writers', () => {
  test('a run is a JSON array, closed at its end', async () => {
    const sinks: TextList[] = [];
    const writer = new JsonWriter(() => {
      sinks.push(new TextList());
      return sinks.at(-1)!;
    });
    const documents = await scanned();
    for (const { name, doc } of [...documents, ...documents]) writer.onDocument(name, doc);
    await writer.done();
    expect(sinks.map(({ text, closed }) => [closed, JSON.parse(text)])).toEqual([
      [true, documents],
      [true, documents],
    ]);
    expect(sinks[0]!.text.startsWith('[\n{"name":"start"')).toBe(true);
  });

  test('JSON Lines hold a document each, in order, however slow the sink is', async () => {
    const sink = new TextList(true);
    const writer = new JsonLinesWriter(sink);
    const documents = await scanned();
    for (const { name, doc } of documents) writer.onDocument(name, doc);
    const done = writer.done();
    for (let written = 0; written < documents.length; written++) {
      await expect.poll(() => sink.waiting.length).toBe(written + 1);
      sink.waiting[written]!();
    }
    await done;
    expect(
      sink.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(documents);
  });

  test('a write that failed is told to the next document, and what waits is not written', async () => {
    const tried: string[] = [];
    const full: TextSink = {
      write: async (text) => {
        tried.push(text);
        throw new Error('disk full');
      },
      close: () => {},
    };
    const writer = new JsonLinesWriter(full);
    const [first, second] = await scanned();
    writer.onDocument(first!.name, first!.doc);
    writer.onDocument(second!.name, second!.doc);
    const failure = expect.objectContaining({
      code: 'callback/write-failed',
      message: expect.stringContaining('disk full'),
    });
    await expect(writer.done()).rejects.toEqual(failure);
    expect(() => writer.onDocument(first!.name, first!.doc)).toThrow(failure);
    expect(tried).toHaveLength(1);
  });

  test('a document before the start of a run is refused', async () => {
    const [, descriptor] = await scanned();
    const writer = new JsonWriter(() => new TextList());
    expect(() => writer.onDocument(descriptor!.name, descriptor!.doc)).toThrow('before the start of a run');
  });

  test('events are rows of a table with units, quoted where they must be', async () => {
    const tables = new Map<string, TextList>();
    const open = (stream: string) => {
      const sink = new TextList();
      tables.set(stream, sink);
      return sink;
    };
    const writer = new CsvWriter({ open });
    for (const { name, doc } of await scanned(2)) {
      const odd = name === 'event' ? { ...doc, data: { ...(doc as { data: object }).data, det: 'a "b", c' } } : doc;
      writer.onDocument(name, odd as Document);
    }
    await writer.done();
    const { text, closed } = tables.get('primary')!;
    const [header, first, second, end] = text.split('\r\n');
    expect([closed, header]).toEqual([true, 'seq_num,time (s),det (counts),m1 (um),m1_setpoint (um)']);
    expect(first).toMatch(/^1,[\d.]+,"a ""b"", c",0,0$/);
    expect([second?.split(',')[0], end]).toEqual(['2', '']);
    const plain = new CsvWriter({ open, units: false });
    for (const { name, doc } of await scanned(2)) plain.onDocument(name, doc);
    expect(tables.get('primary')!.text).toMatch(/^seq_num,time,det,m1,m1_setpoint\r\n/);
  });
});

describe('LiveDispatcher', () => {
  test('sends a run of its own with data that were worked on', async () => {
    class Doubled extends LiveDispatcher {
      override event(doc: Parameters<LiveDispatcher['event']>[0]): void {
        this.processEvent({ ...doc, data: { det: Number(doc.data.det) * 2, name: 'x', list: [1, 2] } });
      }
    }
    let uids = 0;
    const doubled = new Doubled({ clock: new ManualClock(), newUid: () => `own:${uids++}` });
    const sent: NamedDocument[] = [];
    const token = doubled.subscribe((name, doc) => sent.push({ name, doc } as NamedDocument));
    const starts: unknown[] = [];
    doubled.subscribe((_name, doc) => starts.push(doc), 'start');
    for (const { name, doc } of await scanned()) doubled.onDocument(name, doc);
    expect(sent.map(({ name }) => name)).toEqual(['start', 'descriptor', 'event', 'event', 'event', 'stop']);
    expect(starts).toMatchObject([{ uid: 'own:0', original_run_uid: 'uid:0', plan_name: 'scan' }]);
    expect(sent[1]!.doc).toMatchObject({
      run_start: 'own:0',
      name: 'primary',
      data_keys: {
        det: { source: 'Stream', units: 'counts' },
        name: { dtype: 'string' },
        list: { dtype: 'array', shape: [2] },
      },
    });
    const events = sent
      .filter(({ name }) => name === 'event')
      .map(({ doc }) => doc as { data: object; seq_num: number });
    expect(events.map(({ data, seq_num: seqNum }) => [seqNum, data])).toMatchObject([
      [1, { det: 2 }],
      [2, { det: 4 }],
      [3, { det: 6 }],
    ]);
    expect(sent.at(-1)!.doc).toMatchObject({ run_start: 'own:0', num_events: { primary: 3 } });
    doubled.unsubscribe(token);
    for (const { name, doc } of await scanned()) doubled.onDocument(name, doc);
    expect([sent.length, starts.length]).toEqual([6, 2]);
  });

  test('an event of a stream that it has not heard of is an error', async () => {
    const dispatcher = new LiveDispatcher({ clock: new ManualClock() });
    const event = (await scanned()).find(({ name }) => name === 'event')!;
    expect(() => dispatcher.onDocument(event.name, event.doc)).toThrow(
      expect.objectContaining({ code: 'key/unknown' }),
    );
  });
});

describe('BufferingWrapper', () => {
  test('delivers later, in order, one at a time; the plan does not wait', async () => {
    const { engine, clock, documents } = recordingEngine();
    const got: string[] = [];
    let busy = 0;
    const slow = async (name: string) => {
      expect(++busy).toBe(1);
      await clock.sleep(1000);
      busy--;
      got.push(name);
    };
    const buffered = new BufferingWrapper(slow, { clock, onFault: () => {} });
    engine.subscribe(buffered.onDocument);
    await clock.run(engine.run(count([new FakeDetector('det')], { num: 3 })));
    expect([clock.monotonicMs(), got]).toEqual([0, []]);
    await clock.run(buffered.shutdown());
    expect(got).toEqual(documents.map(({ name }) => name));
    expect(() => buffered.onDocument('start', documents[0]!.doc)).toThrow('after shutdown');
  });

  test('goes on after a document that failed, and is full when it is full', async () => {
    const clock = new ManualClock();
    const faults: string[] = [];
    const target = (name: string) => {
      if (name === 'descriptor') throw new Error('no');
    };
    const options = { clock, onFault: (error: Error) => faults.push(error.message), queueSize: 6 };
    const buffered = new BufferingWrapper(target, options);
    const documents = await scanned();
    for (const { name, doc } of documents) buffered.onDocument(name, doc);
    expect(buffered.waiting).toBe(6);
    const full = expect.objectContaining({
      code: 'callback/buffer-full',
      message: expect.stringContaining('6 documents'),
    });
    expect(() => buffered.onDocument('stop', documents.at(-1)!.doc)).toThrow(full);
    await clock.run(buffered.shutdown());
    expect([faults, buffered.waiting]).toEqual([['no'], 0]);
  });
});
