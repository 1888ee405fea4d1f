import { beforeAll, describe, expect, test } from 'vitest';
import { expandSequence, freezeSequence, type MdaRandomPoints, type MdaSequence } from '../../src/sdk/plans/index.ts';
import { axisOrders, DEVIATIONS, EDGES, type Fate } from './useq-cases.ts';
import { compare, difference, inUseqWords, ourOutcome, type UseqOutcome } from './useq-compare.ts';
import { runPython } from './venv.ts';

async function useq(which: 'generated' | 'from-stdin', sequences: readonly object[] = []): Promise<UseqOutcome[]> {
  const printed = await runPython(
    'make_useq_fixtures.py',
    [which],
    JSON.stringify(sequences),
    'requirements-bluesky.txt',
  );
  return JSON.parse(printed);
}

describe('200 generated sequences', () => {
  let outcomes: UseqOutcome[] = [];
  beforeAll(async () => {
    outcomes = await useq('generated');
  }, 600_000);

  test('there are 200 of them, with plans of every kind', () => {
    expect(outcomes).toHaveLength(200);
    const text = outcomes.map(({ sequence }) => JSON.stringify(sequence)).join('\n');
    const kinds = ['top', 'above', 'range', 'absolute', 'relative', 'loops', 'duration', 'phases', 'rows', 'width'];
    const more = ['left', 'vertices', 'num_points', '"x"', 'plate', 'autofocus_plan', 'sequence', 'do_stack'];
    for (const kind of [...kinds, ...more]) expect(text, kind).toContain(kind);
    expect(outcomes.filter(({ events }) => (events?.length ?? 0) > 0).length).toBeGreaterThan(150);
  });

  test.each(Array.from({ length: 200 }, (_, at) => [at]))('%i makes the events of useq-schema', (at) => {
    const outcome = outcomes[at]!;
    expect({ differs: compare(outcome), sequence: outcome.sequence }).toMatchObject({ differs: null });
  });
});

describe('edges', () => {
  const names = Object.keys(EDGES);
  let outcomes: UseqOutcome[] = [];
  beforeAll(async () => {
    outcomes = await useq('from-stdin', Object.values(EDGES));
  }, 600_000);

  test.each(names.map((name, at) => [name, at] as const))('%s', (_name, at) => {
    expect(compare(outcomes[at]!)).toBeNull();
  });
});

describe('where Redsun goes its own way', () => {
  const deviations = Object.entries(DEVIATIONS);
  let outcomes: UseqOutcome[] = [];
  beforeAll(async () => {
    outcomes = await useq(
      'from-stdin',
      deviations.map(([, { sequence }]) => sequence),
    );
  }, 600_000);

  test.each(deviations.map(([what, fates], at) => [what, fates, at] as const))('%s', (_what, { ours, theirs }, at) => {
    const outcome = outcomes[at]!;
    const { events, refused } = ourOutcome(outcome.sequence);
    expect([refused === undefined ? events?.length : 'refused', fateOf(outcome)]).toEqual([ours, theirs]);
  });

  function fateOf({ events, refused }: UseqOutcome): Fate {
    if (refused) return 'refused';
    return events?.length ?? 'breaks';
  }
});

test('every order of the axes, whole and in part', async () => {
  const plans = {
    time_plan: { interval: 2, loops: 2 },
    stage_positions: [
      { x: 1, name: 'A' },
      { x: 2, y: 3, z: 4 },
    ],
    grid_plan: { rows: 1, columns: 2 },
    channels: ['A', { config: 'B', acquire_every: 2, do_stack: false }],
    z_plan: { range: 1, step: 1 },
    keep_shutter_open_across: ['z', 'c'],
    autofocus_plan: { axes: ['p', 'g'] },
  };
  const orders = [...axisOrders(), ...axisOrders('pgz'), ...axisOrders('cz')];
  const outcomes = await useq(
    'from-stdin',
    orders.map((axis_order) => ({ ...plans, axis_order })),
  );
  expect(outcomes.filter(({ events }) => events?.length)).toHaveLength(128);
  for (const outcome of outcomes) expect([outcome.sequence.axis_order, compare(outcome)]).toContain(null);
}, 600_000);

describe('what is left to chance', () => {
  const plan: MdaRandomPoints = { num_points: 12, max_width: 400, max_height: 200, order: 'random' };
  const apart = { allow_overlap: false, fov_width: 40, fov_height: 30 };
  const cases: readonly MdaRandomPoints[] = [
    { ...plan, shape: 'rectangle' },
    { ...plan, shape: 'ellipse' },
    { ...plan, shape: 'rectangle', ...apart },
    { ...plan, shape: 'ellipse', ...apart, order: 'two_opt' },
    { ...plan, random_seed: 9 },
  ];

  test.each(cases.map((grid_plan, at) => [at, { grid_plan }] as const))(
    'points of plan %i lie as those of useq',
    async (_at, sequence) => {
      const [theirs] = await useq('from-stdin', [sequence]);
      const ours = [...expandSequence(sequence)].map(inUseqWords);
      for (const events of [ours, theirs?.events ?? []]) {
        expect(events).toHaveLength(12);
        const points = events.map(({ x_pos, y_pos }) => [Number(x_pos), Number(y_pos)] as const);
        for (const [x, y] of points) {
          expect([Math.abs(x) <= 200, Math.abs(y) <= 100]).toEqual([true, true]);
          if (sequence.grid_plan.shape !== 'rectangle') expect((x / 200) ** 2 + (y / 100) ** 2).toBeLessThanOrEqual(1);
        }
        if (sequence.grid_plan.allow_overlap !== false) continue;
        for (const [at, [x, y]] of points.entries()) {
          for (const [ox, oy] of points.slice(at + 1))
            expect(Math.abs(x - ox) >= 40 || Math.abs(y - oy) >= 30).toBe(true);
        }
      }
      if (sequence.grid_plan.random_seed === undefined) return;
      const sorted = (events: readonly Readonly<Record<string, unknown>>[]) =>
        events.map(({ x_pos }) => Number(x_pos)).sort((a, b) => a - b);
      expect(difference(sorted(ours), sorted(theirs?.events ?? []))).toBeNull();
    },
    600_000,
  );

  test('a frozen sequence draws the same points each time, and useq takes it', async () => {
    const sequence: MdaSequence = {
      grid_plan: { ...plan, order: 'two_opt' },
      stage_positions: {
        plate: 96,
        a1_center_xy: [5, 6],
        selected_wells: [[0, 1], [2]],
        well_points_plan: { ...plan, num_points: 3 },
      },
    };
    const frozen = freezeSequence(sequence, { random: Math.random, fieldOfViewUm: null });
    const first = [...expandSequence(frozen)].map(inUseqWords);
    expect(
      [...expandSequence(freezeSequence(frozen, { random: Math.random, fieldOfViewUm: null }))].map(inUseqWords),
    ).toEqual(first);
    const [theirs] = await useq('from-stdin', [frozen]);
    expect(difference(first, theirs?.events)).toBeNull();
  }, 600_000);
});
