import { describe, expect, test } from 'vitest';
import { EMPTY_ACQUIRE_FORM } from '../../stores/acquire-form-store.ts';
import { buildItem, zRangeUm } from './build-item.ts';

const channels = [
  { name: 'DAPI', colour: '#4f95ff', exposureMs: 30, lights: ['lamp'] },
  { name: 'FITC', colour: '#3ddc84', exposureMs: 50, lights: ['laser488'] },
];
const form = EMPTY_ACQUIRE_FORM;

function sequenceOf(changed: Partial<typeof form>): unknown {
  const built = buildItem({ ...form, ...changed }, channels);
  if (built.kind !== 'ready') throw new Error(built.problem.message);
  expect(built.item).toMatchObject({ item_type: 'plan', name: 'mda', args: [], meta: {} });
  return built.item.kwargs.sequence;
}

describe('buildItem', () => {
  test('takes the first channel at its own exposure when nothing was chosen', () => {
    expect(sequenceOf({})).toEqual({
      axis_order: 'tpzc',
      channels: [{ config: 'DAPI', exposure: 30, z_offset: 0, do_stack: true, acquire_every: 1 }],
    });
  });

  test('writes every ticked axis as useq wants it', () => {
    const sequence = sequenceOf({
      use: { channels: true, z: true, time: true, positions: true },
      order: 'ptcz',
      channels: {
        DAPI: { use: true, exposureMs: 20, zOffsetUm: 0, every: 2 },
        FITC: { use: true, exposureMs: 75, zOffsetUm: 0.4, every: 1 },
      },
      planes: 21,
      zStepUm: 0.5,
      times: 3,
      intervalS: 1.5,
      positions: [{ name: 'P1', x: 10, y: -20.5, z: null }],
    });
    expect(sequence).toEqual({
      axis_order: 'ptcz',
      channels: [
        { config: 'DAPI', exposure: 20, z_offset: 0, do_stack: true, acquire_every: 2 },
        { config: 'FITC', exposure: 75, z_offset: 0.4, do_stack: true, acquire_every: 1 },
      ],
      z_plan: { range: 10, step: 0.5 },
      time_plan: { interval: 1.5, loops: 3 },
      stage_positions: [{ name: 'P1', x: 10, y: -20.5, z: null }],
    });
  });

  test('leaves unticked axes out, filled in or not', () => {
    const sequence = sequenceOf({
      use: { channels: false, z: true, time: false, positions: false },
      positions: [{ name: 'P1', x: 0, y: 0, z: 0 }],
    });
    expect(Object.keys(sequence as object)).toEqual(['axis_order', 'z_plan']);
  });

  test('skips time points only when there are time points', () => {
    const chosen = { DAPI: { use: true, exposureMs: 30, zOffsetUm: 0, every: 5 } };
    expect(sequenceOf({ channels: chosen })).toMatchObject({ channels: [{ acquire_every: 1 }] });
  });

  test('keeps the number of planes through floating point', () => {
    expect(zRangeUm({ planes: 4, zStepUm: 0.1 })).toBe(0.3);
    for (let planes = 1; planes < 60; planes += 1) {
      const zStepUm = 0.07;
      expect(Math.round(zRangeUm({ planes, zStepUm }) / zStepUm) + 1).toBe(planes);
    }
  });

  test.each([
    [{ use: { channels: false, z: false, time: false, positions: false } }, null],
    [{ channels: { DAPI: { use: false, exposureMs: 30, zOffsetUm: 0, every: 1 } } }, 'channels'],
    [{ use: { channels: true, z: false, time: false, positions: true } }, 'positions'],
  ] as const)('names the axis that is not complete: %j', (changed, axis) => {
    const built = buildItem({ ...form, ...changed, channels: 'channels' in changed ? changed.channels : {} }, channels);
    expect(built).toMatchObject({ kind: 'incomplete', problem: { axis } });
  });
});
