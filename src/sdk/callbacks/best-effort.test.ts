import { describe, expect, test } from 'vitest';
import { msg, type Plan } from '../engine/msg.ts';
import type { DataKey, Event, EventDescriptor, NamedDocument, RunStart } from '../events/documents.ts';
import { baselineWrapper, checkpoint, count, gridScan, mv, runWrapper, scan, triggerAndRead } from '../plans/index.ts';
import { FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import { applyRunDataUpdate, BestEffort, type BestEffortOptions, EMPTY_RUN_DATA, type RunData } from './index.ts';

/** What is shown of a plan, put together from the updates that a window would get at every `every`-th document. */
async function shown(plan: Plan, options: BestEffortOptions = {}, every = 1): Promise<RunData> {
  const { engine, clock } = recordingEngine();
  const best = new BestEffort(options);
  let elsewhere: RunData = EMPTY_RUN_DATA;
  let documents = 0;
  const update = () => {
    elsewhere = best.takeUpdates().reduce(applyRunDataUpdate, elsewhere);
  };
  engine.subscribe((name, doc) => {
    best.onDocument(name, doc);
    if (++documents % every === 0) update();
  });
  await clock.run(engine.run(plan));
  update();
  expect(elsewhere).toEqual(best.data);
  expect(JSON.parse(JSON.stringify(elsewhere))).toEqual(elsewhere);
  return elsewhere;
}

const START: RunStart = { uid: 'run', time: 1000, plan_name: 'hand_made', scan_id: 4 };

function number(extra: Partial<DataKey> = {}): DataKey {
  return { source: 'sim', dtype: 'number', shape: [], ...extra };
}

/** A run that is written down by hand. */
function handMade(start: Partial<RunStart>, keys: Record<string, DataKey>, hints?: EventDescriptor['hints']) {
  const descriptor: EventDescriptor = {
    uid: 'd',
    time: 1000,
    run_start: 'run',
    name: 'primary',
    data_keys: keys,
    object_keys: { dev: Object.keys(keys) },
    ...(hints ? { hints } : {}),
  };
  const event = (seqNum: number, data: Record<string, unknown>): Event => ({
    uid: `e${seqNum}`,
    time: 1000 + seqNum,
    descriptor: 'd',
    seq_num: seqNum,
    data,
    timestamps: {},
    filled: {},
  });
  const before: NamedDocument[] = [
    { name: 'start', doc: { ...START, ...start } },
    { name: 'descriptor', doc: descriptor },
  ];
  return { before, event };
}

function beginHandMade(best: BestEffort, documents: readonly NamedDocument[]): void {
  for (const { name, doc } of documents) best.onDocument(name, doc);
}

describe('a scan', () => {
  const plan = (points = 5) =>
    scan([new FakeDetector('det')], [{ axis: new FakeAxis('m1'), start: 0, stop: 1 }], points);

  test.each([1, 3, 1000])('is a table with units and a curve, told every %i documents', async (every) => {
    const data = await shown(plan(), {}, every);
    expect(data.run).toMatchObject({ uid: 'uid:0', scanId: 1, planName: 'scan' });
    expect(data.table?.columns.map(({ key, unit, precision }) => [key, unit, precision])).toEqual([
      ['m1', 'um', 3],
      ['det', 'counts', 3],
    ]);
    expect(data.table?.rows.map(({ seqNum, values }) => [seqNum, ...values])).toEqual([
      [1, 0, 1],
      [2, 0.25, 2],
      [3, 0.5, 3],
      [4, 0.75, 4],
      [5, 1, 5],
    ]);
    expect(data.plots).toMatchObject([
      {
        kind: 'line',
        x: { key: 'm1', unit: 'um' },
        y: { key: 'det' },
        stride: 1,
        points: [
          [0, 0.25, 0.5, 0.75, 1],
          [1, 2, 3, 4, 5],
        ],
      },
    ]);
    expect(data.peaks).toMatchObject([{ y: { key: 'det' }, max: [1, 5], min: [0, 1], cen: 0.5 }]);
    expect(data.end).toMatchObject({ exitStatus: 'success', numEvents: { primary: 5 } });
  });

  test('a second run takes the place of the first', async () => {
    const best = new BestEffort();
    const { engine, clock } = recordingEngine();
    engine.subscribe((name, doc) => void best.onDocument(name, doc));
    await clock.run(engine.run(plan(5)));
    await clock.run(engine.run(plan(2)));
    best.takeUpdates();
    expect([best.data.run?.scanId, best.data.table?.rows.length, best.data.plots.length]).toEqual([2, 2, 1]);
  });

  test('of one point has a table and no curve, unless one asks for it', async () => {
    expect((await shown(plan(1))).plots).toEqual([]);
    expect((await shown(plan(1), { plotSinglePoint: true })).plots).toHaveLength(1);
  });

  test('of two axes that move together is drawn along the first', async () => {
    const axes = ['m1', 'm2'].map((name) => ({ axis: new FakeAxis(name), start: 0, stop: 2 }));
    const { plots, table } = await shown(scan([new FakeDetector('det')], axes, 3));
    expect(plots).toMatchObject([{ kind: 'line', x: { key: 'm1' }, y: { key: 'det' } }]);
    expect(table?.columns.map(({ key }) => key)).toEqual(['m1', 'm2', 'det']);
  });
});

test('readings without an axis are drawn over time', async () => {
  const { plots } = await shown(count([new FakeDetector('det')], { num: 3, delay: 2 }));
  expect(plots).toMatchObject([
    { kind: 'line', x: { key: 'time', unit: 's' }, points: [expect.anything(), [1, 2, 3]] },
  ]);
  // Times come from where the run is anchored, to a millisecond.
  const [plot] = plots;
  expect(plot?.kind === 'line' && plot.points[0].map((time) => Math.round(Number(time) * 10) / 10)).toEqual([0, 2, 4]);
});

test('what was read before and after a run stands beside each other', async () => {
  const monitor = new FakeDetector('room');
  function* inner(): Plan<void> {
    yield* triggerAndRead([monitor]);
  }
  const { baseline, plots } = await shown(baselineWrapper(runWrapper(inner(), {}), [monitor]));
  expect(baseline).toMatchObject([{ column: { key: 'room', unit: 'counts' }, before: 1, after: 3 }]);
  expect(plots.filter(({ stream }) => stream === 'baseline')).toEqual([]);
});

describe('a mesh', () => {
  const axes = (slow: number, fast: number) => [
    { axis: new FakeAxis('slow'), start: 0, stop: 10, num: slow },
    { axis: new FakeAxis('fast'), start: 1, stop: 3, num: fast },
  ];

  test('is a picture, with points in the middle of their cells, also where lines run backwards', async () => {
    const { plots } = await shown(gridScan([new FakeDetector('det')], axes(2, 3), { snakeAxes: true }), {}, 2);
    expect(plots).toMatchObject([
      {
        kind: 'grid',
        x: { key: 'fast', unit: 'um' },
        y: { key: 'slow' },
        value: { key: 'det' },
        xEdges: [0.5, 3.5],
        yEdges: [-5, 15],
        binning: [1, 1],
        cells: [1, 2, 3, 6, 5, 4],
      },
    ]);
  });

  test('with more points than cells is binned: a cell is the mean of its points', async () => {
    const { plots } = await shown(gridScan([new FakeDetector('det')], axes(2, 4)), { limits: { cells: 2 } });
    expect(plots).toMatchObject([{ binning: [2, 2], columns: 2, rows: 1, cells: [3.5, 5.5] }]);
  });

  test('that does not say what it is made of is points in a plane', () => {
    const best = new BestEffort({ limits: { points: 3 } });
    const hints = {
      dimensions: [
        [['x'], 'primary'],
        [['y'], 'primary'],
      ],
    };
    const { before, event } = handMade({ hints }, { x: number(), y: number(), det: number() });
    beginHandMade(best, before);
    for (let seq = 1; seq <= 8; seq++) best.onDocument('event', event(seq, { x: seq, y: -seq, det: seq * 10 }));
    best.takeUpdates();
    expect(best.data.plots).toMatchObject([
      {
        kind: 'scatter',
        value: { key: 'det' },
        stride: 4,
        points: [
          [1, 5],
          [-1, -5],
          [10, 50],
        ],
      },
    ]);
  });
});

describe('what cannot be shown is said', () => {
  test('images and arrays are left out', () => {
    const best = new BestEffort();
    const image = number({ dtype: 'array', shape: [4, 4], external: 'STREAM:' });
    const { before, event } = handMade(
      {},
      { camera: image, spectrum: number({ dtype: 'array', shape: [3] }), word: number({ dtype: 'string' }) },
    );
    beginHandMade(best, before);
    best.onDocument('event', event(1, { spectrum: [1, 2, 3], word: 'hi' }));
    best.takeUpdates();
    const { table, notes, plots } = best.data;
    expect(table).toMatchObject({ columns: [{ key: 'word' }], rows: [{ values: ['hi'] }] });
    expect(plots).toEqual([]);
    expect(notes).toEqual([
      expect.stringContaining('camera is in a store'),
      expect.stringContaining('spectrum is an array'),
    ]);
  });

  test('three dimensions are shown over time', () => {
    const best = new BestEffort();
    const dimensions = ['a', 'b', 'c'].map((key) => [[key], 'primary']);
    const { before, event } = handMade(
      { hints: { dimensions } },
      { a: number(), b: number(), c: number(), det: number() },
    );
    beginHandMade(best, before);
    best.onDocument('event', event(1, { a: 0, b: 0, c: 0, det: 5 }));
    best.takeUpdates();
    expect(best.data.plots).toMatchObject([{ kind: 'line', x: { key: 'time' }, points: [[1], [5]] }]);
    expect(best.data.notes).toEqual([expect.stringMatching(/this run has 3/)]);
  });

  test('dimensions that are no data of the run are looked for in vain, and time takes their place', () => {
    const best = new BestEffort();
    const dimensions = ['t', 'c'].map((key) => [[key], 'primary']);
    const { before, event } = handMade({ hints: { dimensions } }, { det: number() });
    beginHandMade(best, before);
    best.onDocument('event', event(1, { det: 5 }));
    best.takeUpdates();
    expect(best.data.plots).toMatchObject([{ kind: 'line', x: { key: 'time' }, y: { key: 'det' } }]);
  });

  test('dimensions of several streams are not combined', () => {
    const best = new BestEffort();
    const dimensions = [
      [['a'], 'primary'],
      [['b'], 'other'],
    ];
    const { before } = handMade(
      { hints: { dimensions }, motors: ['dev'] },
      { a: number(), det: number() },
      { dev: { fields: ['a'] } },
    );
    beginHandMade(best, before);
    best.takeUpdates();
    expect(best.data.plots).toMatchObject([{ x: { key: 'time' }, y: { key: 'a' } }]);
    expect(best.data.notes).toEqual([expect.stringContaining('several streams')]);
  });

  test('plots beyond the limit', () => {
    const best = new BestEffort({ limits: { plots: 2 } });
    const { before } = handMade({}, Object.fromEntries(['a', 'b', 'c'].map((key) => [key, number()])));
    beginHandMade(best, before);
    best.takeUpdates();
    expect([best.data.plots.length, best.data.notes]).toEqual([2, [expect.stringMatching(/^1 fields of primary/)]]);
  });
});

test('an axis alone is drawn over time', () => {
  const best = new BestEffort();
  const { before, event } = handMade({ hints: { dimensions: [[['z'], 'primary']] } }, { z: number({ units: 'um' }) });
  beginHandMade(best, before);
  best.onDocument('event', event(1, { z: 7 }));
  best.takeUpdates();
  expect(best.data.plots).toMatchObject([{ x: { key: 'time' }, y: { key: 'z', unit: 'um' }, points: [[1], [7]] }]);
});

test('events that a rewound plan takes again replace the first ones', async () => {
  const { engine, clock } = recordingEngine();
  const best = new BestEffort();
  let elsewhere: RunData = EMPTY_RUN_DATA;
  engine.subscribe((name, doc) => {
    best.onDocument(name, doc);
    elsewhere = best.takeUpdates().reduce(applyRunDataUpdate, elsewhere);
  });
  const det = new FakeDetector('det');
  const m1 = new FakeAxis('m1');
  function* plan(): Plan<void> {
    for (const target of [0, 1]) {
      yield* checkpoint();
      yield* mv(new Map([[m1, target]]) as Map<FakeAxis, unknown>);
      yield* triggerAndRead([det, m1]);
    }
    yield msg('pause', null, [], { defer: false });
  }
  await clock.run(engine.run(runWrapper(plan(), { motors: ['m1'] })).catch(() => {}));
  expect(elsewhere.table?.rows.map(({ values }) => values)).toEqual([
    [0, 1],
    [1, 2],
  ]);
  await clock.run(engine.resume());
  expect(elsewhere.table?.rows.map(({ seqNum, values }) => [seqNum, ...values])).toEqual([
    [1, 0, 1],
    [2, 1, 3],
  ]);
  expect(elsewhere.plots).toMatchObject([
    {
      points: [
        [0, 1],
        [1, 3],
      ],
    },
  ]);
});

test('what is not finite is left out of tables and curves', () => {
  const best = new BestEffort();
  const { before, event } = handMade({}, { det: number() });
  beginHandMade(best, before);
  for (const [at, det] of [1, Number.NaN, Number.POSITIVE_INFINITY, 4].entries())
    best.onDocument('event', event(at + 1, { det }));
  best.takeUpdates();
  expect(best.data.table?.rows.map(({ values: [value] }) => value)).toEqual([1, null, null, 4]);
  expect(best.data.plots).toMatchObject([
    {
      points: [
        [1, 2, 3, 4],
        [1, null, null, 4],
      ],
    },
  ]);
});

test('a run of a million events keeps its extremes, in the room of some thousands', () => {
  const EVENTS = 1_000_000;
  const PEAK = 654_321;
  const best = new BestEffort();
  const hints = { dimensions: [[['m1'], 'primary']] };
  const { before, event } = handMade({ hints }, { m1: number(), det: number() });
  beginHandMade(best, before);
  let told = 0;
  for (let seq = 1; seq <= EVENTS; seq++) {
    best.onDocument('event', event(seq, { m1: seq / 10, det: seq === PEAK ? 1e6 : seq % 7 }));
    // As a window does, a few times in a run.
    if (seq % 100_000 === 0) told += JSON.stringify(best.takeUpdates()).length;
  }
  const doc = {
    uid: 's',
    time: 2000,
    run_start: 'run',
    exit_status: 'success',
    reason: '',
    num_events: { primary: EVENTS },
  } as const;
  best.onDocument('stop', doc);
  best.takeUpdates();
  const { table, plots, notes, peaks } = best.data;
  expect([table?.rows.length, table?.firstRow]).toEqual([1000, EVENTS - 1000]);
  const [plot] = plots;
  if (plot?.kind !== 'line') throw new Error('no curve');
  const [x, y] = plot.points;
  expect(x.length).toBeLessThanOrEqual(4096);
  expect(x.length).toBeGreaterThan(1000);
  expect(plot.stride).toBeGreaterThan(200);
  const top = y.indexOf(1e6);
  expect(x[top]).toBe(PEAK / 10);
  // The ends are there to within a stretch.
  const stretch = (2 * plot.stride) / 10;
  expect(x[0]).toBeLessThan(stretch);
  expect(x.at(-1)).toBeGreaterThan(EVENTS / 10 - stretch);
  expect([...x]).toEqual([...x].sort((a, b) => Number(a) - Number(b)));
  expect([peaks, notes]).toEqual([[], [expect.stringContaining('no peak, there are more than 100000 points')]]);
  expect(told).toBeLessThan(10 * 300_000);
});
