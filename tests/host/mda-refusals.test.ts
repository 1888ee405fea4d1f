import { expect, test } from 'vitest';
import { item, QUICK_SESSION, testHost } from './test-host.ts';

const FOV = { fov_width: 10, fov_height: 10 };

/** Sequence, code, and what the message must say: path, value, what was expected. */
const REFUSED: readonly (readonly [string, object, string, readonly string[]])[] = [
  [
    'a channel of a sub-sequence that the session has not',
    { stage_positions: [{ x: 0, sequence: { channels: ['FITCH'] } }] },
    'plan/unknown-channel',
    ['sequence.stage_positions[0].sequence.channels[0].config', 'no channel "FITCH"', 'Did you mean "FITC"?'],
  ],
  [
    'a position outside the limits',
    { stage_positions: [{ x: 0 }, { x: 1e6 }] },
    'plan/limit',
    ['sequence.stage_positions[1]: x: xy-x: 1000000 µm is outside its limits'],
  ],
  [
    'a tile outside the limits',
    { stage_positions: [{ x: 0, y: 0 }], grid_plan: { rows: 1, columns: 3, fov_width: 1e5, fov_height: 1 } },
    'plan/limit',
    ['sequence.stage_positions[0]: x: xy-x: -100000 µm is outside its limits'],
  ],
  [
    'planes of a sub-sequence outside the limits',
    { stage_positions: [{ z: 0, sequence: { z_plan: { range: 1e6, step: 1e5 } } }] },
    'plan/limit',
    ['sequence.stage_positions[0]: z: z: -500000 µm is outside its limits'],
  ],
  [
    'focusing without a focus lock',
    { channels: ['FITC'], autofocus_plan: { axes: ['c'] } },
    'plan/no-autofocus',
    ['sequence.autofocus_plan: expected a focus lock; there are: none'],
  ],
  [
    'a polygon that intersects itself',
    {
      grid_plan: {
        ...FOV,
        vertices: [
          [0, 0],
          [50, 50],
          [50, 0],
          [0, 50],
        ],
      },
    },
    'plan/bad-parameter',
    ['mda: sequence.grid_plan.vertices: expected a polygon', '[50,50]'],
  ],
  [
    'an unknown plate',
    { stage_positions: { plate: '95-well', a1_center_xy: [0, 0] } },
    'plan/unknown-plate',
    ['sequence.stage_positions.plate: no plate "95-well". Did you mean "96-well"?'],
  ],
  [
    'a well that the plate has not',
    { stage_positions: { plate: 96, a1_center_xy: [0, 0], selected_wells: [[8], [0]] } },
    'plan/bad-parameter',
    ['sequence.stage_positions.selected_wells: expected rows (0 to 7)', 'got [[8],[0]]'],
  ],
  [
    'too many exposures',
    { time_plan: { interval: 0, loops: 1e6 }, z_plan: { range: 10, step: 1 } },
    'plan/too-long',
    ['11000000 exposures are more than 10000000'],
  ],
  [
    'too many tiles',
    { grid_plan: { rows: 200, columns: 200, fov_width: 0.01, fov_height: 0.01 } },
    'plan/too-long',
    ['40000 positions and tiles are more than 20000'],
  ],
  [
    'a grid where the field of view is unknown',
    { grid_plan: { rows: 2, columns: 2 } },
    'plan/no-field-of-view',
    ['sequence.grid_plan: expected fov_width and fov_height in µm', 'no objective turret'],
  ],
  ['nothing to acquire', { axis_order: 't', channels: ['FITC'] }, 'plan/bad-parameter', ['nothing to acquire']],
  [
    'a property of a device that there is not',
    { stage_positions: [{ x: 0, properties: [['lazer488', 'power', 1]] }] },
    'plan/unknown-device',
    ['sequence.stage_positions[0].properties: no device "lazer488"', 'Did you mean "laser488"?'],
  ],
  [
    'a grid with a number of rows that is none',
    { grid_plan: { rows: 0, columns: 2 } },
    'plan/bad-parameter',
    ['sequence.grid_plan: rows: ', '>=1'],
  ],
  [
    'a name in a channel that nobody knows',
    { channels: [{ config: 'FITC', exposre: 4 }] },
    'plan/bad-parameter',
    ['sequence.channels[0]: ', '"exposre"'],
  ],
  [
    'a position with a text for a number',
    { stage_positions: [{ x: 0 }, { x: 'left' }] },
    'plan/bad-parameter',
    ['sequence.stage_positions: [1]: x: ', 'expected number'],
  ],
  [
    'positions within a position',
    { stage_positions: [{ x: 0, sequence: { stage_positions: [{ x: 1 }] } }] },
    'plan/bad-parameter',
    ['sequence.stage_positions: [0]: sequence.stage_positions'],
  ],
  [
    'focusing with absolute planes',
    { z_plan: { absolute: [1] }, autofocus_plan: { axes: ['z'] } },
    'plan/no-autofocus',
    ['there are: none'],
  ],
];

test('what cannot work is refused with path, value and what was expected, and nothing moves', async () => {
  const host = await testHost();
  const moved: string[] = [];
  host.services.engine.messageStarted.connect(({ command }) => moved.push(command));
  for (const [what, sequence, code, says] of REFUSED) {
    const error = await host.runs.start(item('mda', { sequence })).then(
      () => null,
      (thrown: { code: string; message: string }) => thrown,
    );
    expect(error?.code, `${what}: ${error?.message}`).toBe(code);
    for (const part of says) expect(error?.message, what).toContain(part);
    expect(error?.message, what).toMatch(/^mda: /);
  }
  expect(moved).toEqual([]);
});

test('a sequence that needs a stage or a focus axis that the session has not is refused with the place', async () => {
  const session = QUICK_SESSION.replace(/ {2}xy: .*\n {2}z: .*\n/, '').replace('xy: xy, z: z, ', '');
  const host = await testHost(session);
  for (const [sequence, message] of [
    [{ stage_positions: [{ x: 1 }] }, 'mda: sequence.stage_positions[0]: this session has no XY stage that works'],
    [
      { grid_plan: { ...FOV, rows: 1, columns: 2 } },
      'mda: sequence.grid_plan: this session has no XY stage that works',
    ],
    [{ z_plan: { relative: [1] } }, 'mda: sequence.z_plan: this session has no focus axis that works'],
  ] as const) {
    await expect(host.runs.start(item('mda', { sequence }))).rejects.toMatchObject({ message });
  }
});
