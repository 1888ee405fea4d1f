// Figures, tables and numbers beside those of bluesky itself, from the same input.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { centerOfMass, formatNum, LiveTable, PeakStats } from '../../src/sdk/callbacks/index.ts';
import type { DTYPES, Event, EventDescriptor, RunStart, RunStop } from '../../src/sdk/events/index.ts';
import { runPython } from '../python/venv.ts';

const CURVES = 100;
const NUMBERS = 400;

interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly edge_count: number | null;
}

interface Answer {
  readonly curves: readonly { readonly stats: Figures; readonly derivative: Figures }[];
  readonly table: readonly string[];
  readonly numbers: readonly string[];
  readonly masses: readonly (readonly number[])[];
}
type Figures = Readonly<Record<string, unknown>>;

const curve: fc.Arbitrary<Curve> = fc
  .record({
    points: fc.integer({ min: 6, max: 60 }),
    start: fc.double({ min: -50, max: 50, noNaN: true }),
    step: fc.double({ min: 0.01, max: 5, noNaN: true }),
    centre: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
    width: fc.double({ min: 0.02, max: 0.4, noNaN: true }),
    height: fc.double({ min: 1, max: 5000, noNaN: true }),
    noise: fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 60, maxLength: 60 }),
    whole: fc.boolean(),
    backwards: fc.boolean(),
    edge: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
  })
  .map(({ points, start, step, centre, width, height, noise, whole, backwards, edge }) => {
    const x = Array.from({ length: points }, (_, at) => start + at * step * (backwards ? -1 : 1));
    const y = x.map((_, at) => {
      const value = 10 + height * Math.exp(-(((at / points - centre) / width) ** 2)) + noise[at]!;
      return whole ? Math.round(value) : value;
    });
    return { x, y, edge_count: edge };
  });

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.integer({ min: -2_000_000, max: 2_000_000 }),
  // Halfway between two numbers of five decimals: exact in binary.
  fc.integer({ min: -4_000_000, max: 4_000_000 }).map((value) => (2 * value + 1) / 2 ** 6),
);

const uid = 'c0ffee00-1111-2222-3333-444444444444';
const start: RunStart = { uid, time: 1_800_000_000.25, plan_type: 'generator', plan_name: 'scan', scan_id: 7 };
const key = (dtype: (typeof DTYPES)[number], precision?: number) => ({
  source: 'sim',
  dtype,
  shape: [],
  ...(precision === undefined ? {} : { precision }),
});
const descriptor: EventDescriptor = {
  uid: 'descriptor',
  time: 1_800_000_000.5,
  run_start: uid,
  name: 'primary',
  data_keys: {
    m1: key('number', 4),
    a_rather_long_name: key('number'),
    count: key('integer', 0),
    open: key('boolean'),
    label: key('string'),
    image: { ...key('array'), shape: [2, 2] },
  },
};
const rows = Array.from({ length: 7 }, (_, at): Event => {
  const seqNum = at + 1;
  return {
    uid: `event-${seqNum}`,
    // Halves of microseconds are avoided: Python rounds times by another rule than their text.
    time: 1_800_000_000 + seqNum * 61.125,
    descriptor: 'descriptor',
    seq_num: seqNum,
    data: {
      m1: [0.00005, -0.00015, 2.5, 1e7, 0.125, -3, 12_345.678_95][at],
      a_rather_long_name: [0.0005, 0.0625, -1e-9, 1 / 3, 2.0005, 1e22, 5][at],
      count: at * 1000,
      open: at % 2 === 0,
      ...(at === 3 ? {} : { label: ['short', 'a text that is far too long for its column', ''][at % 3] }),
      image: [
        [1, 2],
        [3, 4],
      ],
    },
    timestamps: {},
    filled: at === 5 ? { m1: false } : {},
  };
});
const stop: RunStop = {
  uid: 'stop',
  time: 1_800_000_100,
  run_start: uid,
  exit_status: 'success',
  reason: '',
  num_events: { primary: rows.length },
};
const fields = ['m1', 'a_rather_long_name', 'count', 'open', 'label', 'image', 'unknown'];

test('peak figures, tables, numbers and centres of mass are those of bluesky', { timeout: 600_000 }, async () => {
  const curves = fc.sample(curve, { numRuns: CURVES, seed: 1 });
  // JSON has no negative zero.
  const numbers = fc.sample(number, { numRuns: NUMBERS, seed: 2 }).map((value) => value + 0);
  const meshes = [
    [[1, 2, 3]],
    [
      [0, 1],
      [4, 9],
      [2, 2],
    ],
  ];
  const table = { fields, interval: 3, documents: documents() };
  const asked = JSON.stringify({ curves, numbers, meshes, table });
  const answer: Answer = JSON.parse(await runPython('peak_stats.py', [], asked, 'requirements-bluesky.txt'));

  expect(answer.curves).toHaveLength(CURVES);
  for (const [index, given] of curves.entries()) {
    const { stats, derivative } = figuresOf(given);
    expectClose(stats, answer.curves[index]!.stats, `curve ${index}`);
    expectClose(derivative, answer.curves[index]!.derivative, `derivative of curve ${index}`);
  }
  expect(numbers.map((value) => formatNum(value))).toEqual(answer.numbers);
  expect(formatNum(-0)).toBe('-0.00000');
  expect(meshes.map((mesh) => centerOfMass(mesh.flat(), [mesh.length, mesh[0]!.length]))).toEqual(answer.masses);
  expect(tableText()).toEqual(answer.table);
});

function documents() {
  return [['start', start], ['descriptor', descriptor], ...rows.map((row) => ['event', row]), ['stop', stop]];
}

function tableText(): string[] {
  const lines: string[] = [];
  const table = new LiveTable(fields, { out: (line) => lines.push(line), printHeaderInterval: 3 });
  table.onDocument('start', start);
  table.onDocument('descriptor', descriptor);
  for (const row of rows) table.onDocument('event', row);
  table.onDocument('stop', stop);
  expect(table.skipped).toEqual(['image']);
  return lines;
}

function figuresOf({ x, y, edge_count: edgeCount }: Curve) {
  const peak = new PeakStats('x', 'y', { edgeCount, calcDerivativeAndStats: true });
  peak.onDocument('start', start);
  for (const [at, value] of x.entries()) {
    const data = { x: value, y: y[at] };
    peak.onDocument('event', { ...rows[0]!, seq_num: at + 1, data });
  }
  peak.onDocument('stop', stop);
  return { stats: peak.stats as unknown as Figures, derivative: peak.derivativeStats as unknown as Figures };
}

/** Each number to 1e-9 of the size of what it is a figure of. */
function expectClose(ours: Figures, theirs: Figures, what: string): void {
  expect(Object.keys(theirs).filter((name) => !(name in ours))).toEqual([]);
  for (const [name, expected] of Object.entries(theirs)) closeTo(ours[name], expected, `${what}: ${name}`);
}

function closeTo(given: unknown, expected: unknown, what: string): void {
  if (typeof expected === 'number') {
    expect(typeof given, what).toBe('number');
    const error = Math.abs((given as number) - expected);
    expect(error, `${what}: ${String(given)} and ${expected}`).toBeLessThanOrEqual(
      1e-9 * Math.max(1, Math.abs(expected)),
    );
  } else if (typeof expected === 'string')
    expect(String(given), what).toBe({ nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' }[expected]);
  else if (expected === null) expect(given, what).toBeNull();
  else {
    expect(Object.keys(given as object), what).toEqual(Object.keys(expected as object));
    for (const [name, part] of Object.entries(expected as object)) {
      closeTo((given as Record<string, unknown>)[name], part, `${what}.${name}`);
    }
  }
}
