import { describe, expect, test } from 'vitest';
import { axisOrder, axisSizes, expandSequence, zPlanes } from './expand.ts';
import type { MdaSequence, MdaZPlan } from './sequence.ts';

const FULL: MdaSequence = {
  time_plan: { interval: 10, loops: 2 },
  stage_positions: [{ x: 0 }, { x: 100 }],
  channels: [{ config: 'DAPI' }, { config: 'FITC' }],
  z_plan: { relative: [-1, 1] },
};

/** Places as words in acquisition order, axes in the order `t p c z`. */
function places(sequence: MdaSequence): string[] {
  return [...expandSequence(sequence)].map(({ index }) => [index.t, index.p, index.c, index.z].join(''));
}

describe('the order of axes', () => {
  test.each([
    [undefined, 'tpcz'],
    ['tpzc', 'tpzc'],
    ['zc', 'zctp'],
    ['', 'tpcz'],
    ['tpgcz', 'tpcz'],
  ])('%s is acquired as %s', (asked, order) => {
    expect(axisOrder({ axis_order: asked }).join('')).toBe(order);
  });

  test('tpcz: all planes of a channel before the next channel', () => {
    expect(places({ ...FULL, axis_order: 'tpcz' }).slice(0, 5)).toEqual(['0000', '0001', '0010', '0011', '0100']);
  });

  test('tpzc: all channels of a plane before the next plane', () => {
    expect(places({ ...FULL, axis_order: 'tpzc' }).slice(0, 5)).toEqual(['0000', '0010', '0001', '0011', '0100']);
  });

  test('ptcz: all times of a position before the next position', () => {
    const order = places({ ...FULL, axis_order: 'ptcz' });
    expect([order[3], order[4], order[8]]).toEqual(['0011', '1000', '0100']);
  });

  test.each(['tpcz', 'tpzc', 'ptzc', 'zctp'])('%s visits every place once', (axis_order) => {
    const order = places({ ...FULL, axis_order });
    expect([order.length, new Set(order).size]).toEqual([16, 16]);
  });
});

describe('z plans', () => {
  test.each<[string, MdaZPlan, 'relative' | 'absolute', number[]]>([
    ['a range round the focus', { range: 4, step: 2 }, 'relative', [-2, 0, 2]],
    ['a range that is no multiple of the step', { range: 3, step: 2 }, 'relative', [-1.5, 0.5]],
    ['a step that fits but for rounding', { range: 0.6, step: 0.1 }, 'relative', [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]],
    ['above and below', { above: 4, below: 2, step: 2 }, 'relative', [-2, 0, 2, 4]],
    ['top and bottom', { top: 12, bottom: 10, step: 1 }, 'absolute', [10, 11, 12]],
    ['relative heights', { relative: [-5, 0, 1] }, 'relative', [-5, 0, 1]],
    ['absolute heights', { absolute: [3, 8] }, 'absolute', [3, 8]],
    ['downwards', { top: 12, bottom: 10, step: 1, go_up: false }, 'absolute', [12, 11, 10]],
    ['listed downwards', { relative: [0, 1, 5], go_up: false }, 'relative', [5, 1, 0]],
    ['no range', { range: 0, step: 1 }, 'relative', [0]],
  ])('%s', (_what, plan, kind, um) => {
    const planes = zPlanes(plan);
    expect(planes?.kind).toBe(kind);
    expect(planes?.um).toHaveLength(um.length);
    for (const [index, height] of um.entries()) expect(planes?.um[index]).toBeCloseTo(height, 9);
  });

  test('none is no planes', () => {
    expect([zPlanes(null), zPlanes(undefined)]).toEqual([null, null]);
    expect([...expandSequence({})].map(({ z }) => z)).toEqual([null]);
  });
});

describe('channels', () => {
  test('acquire_every skips time points, from the first on', () => {
    const channels = [{ config: 'DAPI' }, { config: 'FITC', acquire_every: 3 }];
    const events = [...expandSequence({ channels, time_plan: { interval: 1, loops: 5 } })];
    const times = events.filter(({ channel }) => channel?.config === 'FITC').map(({ index }) => index.t);
    expect([events.length, times]).toEqual([7, [0, 3]]);
  });

  test('do_stack false takes the middle plane only', () => {
    const channels = [{ config: 'DAPI' }, { config: 'BF', do_stack: false }];
    const events = [...expandSequence({ channels, z_plan: { range: 4, step: 1 } })];
    const flat = events.filter(({ channel }) => channel?.config === 'BF');
    expect(flat.map(({ index, z }) => [index.z, z])).toEqual([[2, { kind: 'relative', um: 0 }]]);
    expect(events).toHaveLength(6);
  });

  test('z_offset shifts the planes of its channel, relative and absolute', () => {
    const channels = [{ config: 'DAPI' }, { config: 'FITC', z_offset: 0.5 }];
    const heights = (z_plan: MdaZPlan) => [...expandSequence({ channels, z_plan })].map(({ z }) => z?.um);
    expect(heights({ relative: [-1, 1] })).toEqual([-1, 1, -0.5, 1.5]);
    expect(heights({ absolute: [10] })).toEqual([10, 10.5]);
  });

  test('z_offset without a stack is a height relative to the focus', () => {
    const events = [...expandSequence({ channels: [{ config: 'DAPI' }, { config: 'FITC', z_offset: 0.5 }] })];
    expect(events.map(({ z }) => z)).toEqual([null, { kind: 'relative', um: 0.5 }]);
  });
});

test('time points say when they may start, and nothing without a time plan', () => {
  const starts = [...expandSequence({ time_plan: { interval: 2.5, loops: 3 } })].map(({ minStartS }) => minStartS);
  expect(starts).toEqual([0, 2.5, 5]);
  expect([...expandSequence({})].map(({ minStartS }) => minStartS)).toEqual([null]);
});

test('sizes are those of the store: 1 for an axis that is not there', () => {
  expect(axisSizes(FULL)).toEqual({ t: 2, p: 2, c: 2, z: 2 });
  expect(axisSizes({ stage_positions: [], channels: [] })).toEqual({ t: 1, p: 1, c: 1, z: 1 });
});
