import { FakeAxis, FakeCamera, FakeXYStage, ManualClock } from 'redsun/sdk/testing';
import { describe, expect, test } from 'vitest';
import { Optics } from '../optics.ts';
import { mdaPlan } from './mda-plan.ts';
import { PlanRegistry } from './plan-registry.ts';

const SAFETY = { clock: new ManualClock(), whenFree: async () => {} };

const DEVICES = new Map(
  [new FakeCamera('cam'), new FakeXYStage('xy'), new FakeAxis('z')].map((device) => [device.name, device]),
);

const NO_SESSION = () => ({}) as never;

function bind(sequence: object) {
  const plans = new PlanRegistry(NO_SESSION);
  const channel = { colour: '#3ddc84', exposure_ms: 50, lights: {}, set: {} };
  const optics = new Optics(DEVICES, { FITC: channel }, true, SAFETY);
  plans.add(mdaPlan(optics, () => 0));
  return plans.bind({ item_type: 'plan', name: 'mda', args: [sequence], kwargs: {}, meta: {} }, DEVICES);
}

test('frames and time are told for phases, tiles and wells', () => {
  const sequence = {
    channels: ['FITC', { config: 'FITC', exposure: 150, acquire_every: 2 }],
    time_plan: [
      { interval: 1, loops: 3 },
      { interval: 10, loops: 2 },
    ],
    stage_positions: {
      plate: { rows: 2, columns: 2, well_spacing: 0.1, well_size: 0.05 },
      a1_center_xy: [0, 0],
      well_points_plan: { rows: 1, columns: 2, fov_width: 5, fov_height: 5 },
    },
  };
  const { frames, seconds } = bind(sequence);
  expect(frames).toBe(8 * 4 + 8 * 2);
  // The last time point starts after 1 + 1 + 10 s; each takes a quarter of 32 * 50 ms + 16 * 150 ms and the moves.
  expect(seconds.low).toBeCloseTo(12 + (1.6 + 2.4 + 48 * 0.01) / 4, 9);
});

test('what is given and not carried out is told beside the run, and so is an interval that is too short', () => {
  const { advice } = bind({
    axis_order: 'tc',
    channels: [{ config: 'FITC', exposure: 500 }],
    z_plan: { range: 2, step: 1 },
    stage_positions: [],
    time_plan: { interval: 0.2, duration: 2 },
    setup: { exposure: 3 },
  });
  expect(advice.map(({ field, message }) => `${field}: ${message}`)).toEqual([
    'time.interval: One time point takes 0.5 s, more than the interval of 0.2 s; time points that are late by an interval are left out',
    'sequence.axis_order: tc lacks z: what the sequence says about it is not acquired',
    'sequence.setup: Kept in the document, not carried out',
  ]);
});

describe('an interval that is too short is told', () => {
  const said = (sequence: object) => bind(sequence).advice.map(({ field, message }) => `${field}: ${message}`);
  const slow = [{ config: 'FITC', exposure: 400 }];
  const two = [
    [0, 0],
    [5, 0],
  ];

  test('of the shortest phase, and of several positions that are visited within it', () => {
    const time_plan = [
      { interval: 60, loops: 2 },
      { interval: 0.5, loops: 3 },
    ];
    expect(said({ channels: slow, time_plan, stage_positions: two })).toEqual([
      'time.interval: One time point takes 0.8 s, more than the interval of 0.5 s',
    ]);
  });

  test('of positions with times of their own', () => {
    const sequence = { time_plan: { interval: 0.2, loops: 3 } };
    expect(
      said({
        channels: slow,
        stage_positions: [
          { x: 0, y: 0 },
          { x: 1, y: 0, sequence },
        ],
      }),
    ).toEqual([
      'sequence.stage_positions[1].sequence.time_plan: One time point takes 0.4 s, more than the interval of 0.2 s',
    ]);
  });

  test('and not where positions, tiles or channels are gone through outside of it', () => {
    const time_plan = { interval: 0.5, loops: 3 };
    const grid_plan = { rows: 2, columns: 2, fov_width: 5, fov_height: 5 };
    expect(said({ axis_order: 'ptcz', channels: slow, time_plan, stage_positions: two })).toEqual([]);
    expect(said({ axis_order: 'gtcz', channels: slow, time_plan, grid_plan })).toEqual([]);
    expect(said({ axis_order: 'ctz', channels: [...slow, 'FITC'], time_plan })).toEqual([]);
  });
});

test('every field of the sequence has a description and numbers with a unit have it', () => {
  const plans = new PlanRegistry(NO_SESSION);
  plans.add(mdaPlan(new Optics(new Map(), {}, true, SAFETY), () => 0));
  const parameters = JSON.stringify(plans.list()[0]?.parameters);
  for (const field of ['grid_plan', 'stage_positions', 'autofocus_plan', 'vertices', 'selected_wells', 'phases']) {
    expect(parameters).toContain(`"${field}"`);
  }
  for (const unit of ['um', 's', 'ms', '%', 'mm', 'deg']) expect(parameters).toContain(`"units":"${unit}"`);
});
