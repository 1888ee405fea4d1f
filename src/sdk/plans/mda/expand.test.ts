import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exposuresByChannel, mdaSizes } from './count.ts';
import type { MdaEvent } from './events.ts';
import { expandSequence } from './expand.ts';
import type { MdaGridPlan } from './grid-plan.ts';
import { mdaLayout } from './mda-layout.ts';
import type { MdaSequence } from './sequence.ts';
import { mdaTravel } from './travel.ts';
import type { MdaZPlan } from './z-plan.ts';

const channels = fc.array(
  fc.record({
    config: fc.constantFrom('DAPI', 'FITC', 'Cy5'),
    do_stack: fc.boolean(),
    acquire_every: fc.integer({ min: 1, max: 3 }),
    z_offset: fc.constantFrom(0, 0.5, -2),
  }),
  { maxLength: 3 },
);
const zPlans: fc.Arbitrary<MdaZPlan> = fc.oneof(
  fc.record({ range: fc.integer({ min: 0, max: 4 }), step: fc.constantFrom(0, 0.5, 1), go_up: fc.boolean() }),
  fc.record({ relative: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 3 }) }),
);
const grids: fc.Arbitrary<MdaGridPlan> = fc.oneof(
  fc.record({ rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ x: fc.constant(7), y: fc.constant(-7) }),
  fc.constant({ top: 10, bottom: 0, left: -20, right: 0, fov_width: 10, fov_height: 10 }),
  fc.constant({ num_points: 3, random_seed: 4, max_width: 90, max_height: 50 }),
);
const times = fc.record({ interval: fc.constant(1), loops: fc.integer({ min: 1, max: 4 }) });
const plans = {
  channels,
  z_plan: fc.option(zPlans),
  time_plan: fc.option(times),
  grid_plan: fc.option(grids),
  axis_order: fc.constantFrom('tpgcz', 'ptgcz', 'gpczt', 'pczgt', 'pc', 'tpz'),
};
const ownSequences: fc.Arbitrary<MdaSequence> = fc.record(
  { ...plans, autofocus_plan: fc.constantFrom(null, { axes: ['p'] }) },
  { requiredKeys: [] },
);
const coordinate = fc.option(fc.integer({ min: -50, max: 50 }));
const positions = fc.array(
  fc.record({ x: coordinate, y: coordinate, z: coordinate, sequence: fc.option(ownSequences) }),
  { maxLength: 3 },
);
const sequences: fc.Arbitrary<MdaSequence> = fc.record({ ...plans, stage_positions: positions });
const ORIGIN = { xUm: 100, yUm: 200, zUm: 300 };

function exposures(sequence: MdaSequence): MdaEvent[] {
  return [...expandSequence(sequence, ORIGIN)].filter(({ action }) => action.type === 'acquire_image');
}

describe('whatever the sequence', () => {
  test('the number of exposures that is told before a run is the number that is made', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        const told = exposuresByChannel(sequence).reduce((sum, { exposures: count }) => sum + count, 0);
        expect(exposures(sequence)).toHaveLength(told);
      }),
      { numRuns: 500 },
    );
  });

  test('no two exposures go to the same place of the store, and every place is inside it', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        const sizes = mdaSizes(sequence);
        const places = exposures(sequence).map(({ place }) => place);
        expect(new Set(places.map((place) => JSON.stringify(place))).size).toBe(places.length);
        for (const place of places) {
          for (const axis of ['t', 'p', 'c', 'z'] as const) expect(place[axis]).toBeLessThan(sizes[axis]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('an exposure is where the layout has its position, and under the channel that it has there', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        const layout = mdaLayout(sequence, new Map(), ORIGIN);
        for (const { place, xUm, yUm, channel } of exposures(sequence)) {
          const position = layout.positions[place.p];
          if (position) expect([position.xUm, position.yUm]).toEqual([xUm, yUm]);
          if (channel) expect(layout.channels[place.c]?.name).toBe(channel.config);
        }
        const names = layout.positions.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 500 },
    );
  });

  test('what is told about its travel holds every place it goes to', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        const travel = mdaTravel(sequence, ORIGIN);
        for (const { index, xUm, yUm, zUm, zOffsetUm } of exposures(sequence)) {
          const told = travel[index.p ?? 0];
          const height = zUm === null && zOffsetUm === 0 ? null : (zUm ?? ORIGIN.zUm) + zOffsetUm;
          for (const [value, range] of [
            [xUm, told?.xUm],
            [yUm, told?.yUm],
            [height, told?.zUm],
          ] as const) {
            if (value === null) continue;
            expect([(range?.[0] ?? Number.NaN) <= value, (range?.[1] ?? Number.NaN) >= value]).toEqual([true, true]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('millions of exposures are counted without going through them, and begin at once', () => {
  const sequence: MdaSequence = {
    time_plan: { interval: 0.5, loops: 1_000_000_000 },
    grid_plan: { rows: 1000, columns: 1000 },
    channels: [{ config: 'FITC', acquire_every: 10 }, 'DAPI'],
    z_plan: { range: 99, step: 1 },
  };
  const counts = exposuresByChannel(sequence).map(({ exposures: count }) => count);
  expect(counts).toEqual([1e8 * 1e6 * 100, 1e9 * 1e6 * 100]);
  expect(expandSequence(sequence).next().value).toMatchObject({ index: { t: 0, g: 0, c: 0, z: 0 }, minStartS: 0 });
});

test('places without a coordinate are counted from where the stage and the focus are', () => {
  const where = (sequence: MdaSequence) => exposures(sequence).map(({ xUm, yUm, zUm }) => [xUm, yUm, zUm]);
  expect(where({ grid_plan: { x: 1, y: 2 }, z_plan: { relative: [5] } })).toEqual([[101, 202, 305]]);
  expect(where({ stage_positions: [{ x: 7 }], z_plan: { relative: [5] } })).toEqual([[7, null, 305]]);
  const own = { grid_plan: { x: 1, y: 2 }, z_plan: { relative: [1] } };
  expect(where({ stage_positions: [{ y: 4, sequence: own }] })).toEqual([[101, 6, 301]]);
  expect(where({ stage_positions: { plate: 96, a1_center_xy: [0, 0], selected_wells: [[0], [0]] } })).toEqual([
    [0, 0, 300],
  ]);
});

test('a channel that only a position has comes after those of the sequence in the store, the same name is the same', () => {
  const sequence: MdaSequence = {
    channels: ['DAPI', 'FITC'],
    stage_positions: [{ x: 0 }, { x: 1, sequence: { channels: ['Cy5', 'FITC'], z_plan: { relative: [0] } } }],
  };
  expect(mdaLayout(sequence, new Map()).channels.map(({ name }) => name)).toEqual(['DAPI', 'FITC', 'Cy5']);
  expect(exposures(sequence).map(({ place }) => [place.p, place.c])).toEqual([
    [0, 0],
    [0, 1],
    [1, 2],
    [1, 1],
  ]);
});
