/** Sequences written by hand, each at an edge of useq-schema; what we make of them is compared with what it makes. */
export const EDGES: Readonly<Record<string, object>> = {
  'an empty sequence': {},
  'no loops': { time_plan: { interval: 1, loops: 0 } },
  'one loop': { time_plan: { interval: 1, loops: 1 } },
  'a duration for one loop': { time_plan: { duration: 3, loops: 1 } },
  'an interval of nothing beside a duration': { time_plan: { interval: 0, duration: 3 } },
  'an empty list of phases': { time_plan: [] },
  'a phase of one loop': {
    time_plan: [
      { interval: 1, loops: 1 },
      { duration: 4, loops: 3 },
      { interval: 2, loops: 2 },
    ],
  },
  'times below a microsecond': { time_plan: { interval: 0.0000015, loops: 3 } },
  'a duration that does not divide': { time_plan: { duration: 1, loops: 8 } },
  'a time in ISO 8601': { time_plan: { interval: 'PT1M2.5S', loops: 2 } },
  'a time of days': { time_plan: { interval: '1 day, 2:03:04.5', loops: 2 } },
  'a time that is none': { time_plan: { interval: 'soon', loops: 2 } },
  'no positions in a list': { stage_positions: [], channels: ['A'] },
  'a position that is nowhere': { stage_positions: [{}] },
  'positions within a position': { stage_positions: [{ x: 1, sequence: { stage_positions: [{ x: 2 }] } }] },
  'an empty sub-sequence takes the first channel alone': {
    channels: ['A', 'B'],
    stage_positions: [{ sequence: {} }, {}],
  },
  'a sub-sequence with channels alone': {
    channels: ['A', 'B'],
    stage_positions: [{ x: 1, sequence: { channels: ['C', 'D'] } }, { x: 2 }],
  },
  'a sub-sequence with channels and planes': {
    channels: ['A', 'B'],
    z_plan: { range: 2, step: 1 },
    stage_positions: [{ x: 1, z: 5, sequence: { channels: ['C'], z_plan: { relative: [0, 3] } } }, { x: 2 }],
  },
  'a sub-sequence with times within times': {
    time_plan: { interval: 5, loops: 2 },
    stage_positions: [{ x: 1, sequence: { time_plan: { interval: 1, loops: 3 } } }, { x: 2 }],
  },
  'a sub-sequence with a focus plan goes through everything twice': {
    channels: ['A', 'B'],
    z_plan: { range: 1, step: 1 },
    stage_positions: [{ x: 1, sequence: { channels: ['C', 'D'], autofocus_plan: { axes: ['c'] } } }],
  },
  'a sub-sequence with a focus plan alone': {
    channels: ['A', 'B'],
    stage_positions: [{ x: 1, sequence: { autofocus_plan: { axes: ['c'] } } }, { x: 2 }],
  },
  'a sub-sequence that keeps the shutter open': {
    stage_positions: [{ sequence: { keep_shutter_open_across: ['z'] } }],
  },
  'a grid within a grid': {
    grid_plan: { rows: 2, columns: 1 },
    stage_positions: [
      { x: 5, y: 6, sequence: { grid_plan: { rows: 1, columns: 2, relative_to: 'top_left' } } },
      { x: 1 },
    ],
  },
  'an absolute grid in a sub-sequence': {
    stage_positions: [
      {
        x: 5,
        y: 6,
        sequence: { grid_plan: { top: 10, bottom: 0, left: 0, right: 20, fov_width: 10, fov_height: 10 } },
      },
    ],
  },
  'an absolute grid for all positions': {
    grid_plan: { top: 10, bottom: 0, left: 0, right: 20, fov_width: 10, fov_height: 10 },
    stage_positions: [
      { x: 1, y: 2, z: 3 },
      { x: 4, sequence: { grid_plan: { rows: 1, columns: 2 } } },
    ],
  },
  'a grid without a field of view': { grid_plan: { width: 3, height: 2 } },
  'edges without a field of view': { grid_plan: { top: 3, bottom: 0, left: 0, right: 4 } },
  'edges closer than a field of view': {
    grid_plan: { top: 3, bottom: 0, left: 0, right: 4, fov_width: 10, fov_height: 10 },
  },
  'tiles that overlap by all over a width': { grid_plan: { width: 3, height: 2, overlap: 100 } },
  'a spiral that is wide': { grid_plan: { rows: 2, columns: 5, mode: 'spiral' } },
  'a spiral that is tall': { grid_plan: { rows: 5, columns: 2, mode: 'spiral' } },
  'a polygon that closes itself': {
    grid_plan: {
      vertices: [
        [0, 0],
        [30, 0],
        [30, 20],
        [0, 0],
      ],
      fov_width: 10,
      fov_height: 10,
    },
  },
  'a polygon whose edges lie on those of tiles': {
    grid_plan: {
      vertices: [
        [0, 0],
        [30, 0],
        [30, 10],
        [10, 10],
        [10, 30],
        [0, 30],
      ],
      fov_width: 10,
      fov_height: 10,
      mode: 'row_wise',
    },
  },
  'a polygon that is shrunk into two': {
    grid_plan: {
      vertices: [
        [0, 0],
        [40, 0],
        [40, 18],
        [60, 18],
        [60, 0],
        [90, 0],
        [90, 40],
        [60, 40],
        [60, 22],
        [40, 22],
        [40, 40],
        [0, 40],
      ],
      offset: -4,
      fov_width: 5,
      fov_height: 5,
    },
  },
  'a polygon that is shrunk to nothing': {
    grid_plan: {
      vertices: [
        [0, 0],
        [10, 0],
        [10, 10],
      ],
      offset: -20,
      fov_width: 5,
      fov_height: 5,
    },
  },
  'a polygon with a corner so sharp that its mitre is cut': {
    grid_plan: {
      vertices: [
        [0, 0],
        [400, 5],
        [400, -5],
      ],
      offset: 10,
      fov_width: 8,
      fov_height: 8,
    },
  },
  'planes of no step': { z_plan: { range: 4, step: 0 } },
  'planes against their step': { z_plan: { top: 1, bottom: 4, step: 1 } },
  'no planes in a list': { z_plan: { absolute: [] }, channels: ['A'] },
  'planes downwards': {
    z_plan: { range: 3, step: 2, go_up: false },
    channels: ['A', { config: 'B', do_stack: false }],
  },
  'listed planes downwards': { z_plan: { relative: [0, 5, 1], go_up: false } },
  'the middle of an even stack': {
    z_plan: { range: 3, step: 1 },
    channels: [
      { config: 'A', do_stack: false },
      { config: 'B', z_offset: 0.5 },
    ],
  },
  'the middle of a stack that ends in half a step': {
    z_plan: { range: 3.5, step: 1 },
    channels: [{ config: 'A', do_stack: false }],
  },
  'absolute planes with an offset': {
    z_plan: { absolute: [1, 2] },
    stage_positions: [{ z: 100 }],
    channels: [{ config: 'A', z_offset: 3 }],
  },
  'an offset without planes': { channels: [{ config: 'A', z_offset: 3 }], stage_positions: [{ z: 4 }] },
  'an axis that nobody asked for': { axis_order: 'tc', channels: ['A'], z_plan: { range: 2, step: 1 } },
  'an order of no axes': { axis_order: '', channels: ['A'] },
  'an order in capitals': { axis_order: 'CZ', channels: ['A', 'B'], z_plan: { range: 1, step: 1 } },
  'an axis that there is not': { axis_order: 'tq' },
  'an axis twice': { axis_order: 'tt' },
  'planes before positions that have their own': {
    axis_order: 'zp',
    z_plan: { range: 1, step: 1 },
    stage_positions: [{ sequence: { z_plan: { range: 2, step: 1 } } }],
  },
  'focusing with absolute planes': { z_plan: { absolute: [1] }, autofocus_plan: { axes: ['p'] } },
  'focusing in a sub-sequence with absolute planes': {
    z_plan: { absolute: [1] },
    stage_positions: [{ sequence: { autofocus_plan: { axes: ['p'] } } }],
  },
  'focusing at each plane goes back to the home plane': {
    z_plan: { range: 2, step: 1 },
    stage_positions: [{ z: 10 }],
    autofocus_plan: { axes: ['z'], autofocus_motor_offset: 25, autofocus_device_name: 'Z' },
  },
  'focusing in a stack of its own below a higher one': {
    z_plan: { range: 3, step: 1 },
    stage_positions: [{ z: 10, sequence: { z_plan: { range: 2, step: 1 } } }],
    autofocus_plan: { axes: ['p'] },
  },
  'the shutter open across planes, with focusing': {
    z_plan: { range: 2, step: 1 },
    channels: ['A', 'B'],
    autofocus_plan: { axes: ['c'] },
    keep_shutter_open_across: 'z',
  },
  'properties on arrival': {
    channels: ['A', 'B'],
    stage_positions: [
      { x: 1, properties: [['Light', 'power', 3]] },
      { x: 2, properties: [['Light', 'power', 4]], sequence: { z_plan: { range: 1, step: 1 } } },
    ],
  },
  'an exposure of nothing': { channels: [{ config: 'A', exposure: 0 }] },
  'acquiring every zeroth time': { channels: [{ config: 'A', acquire_every: 0 }] },
  'channels that are text': { channels: 'DAPI' },
  'a channel that is a number': { channels: ['A', 3] },
  'a plate that there is not': { stage_positions: { plate: '97-well', a1_center_xy: [0, 0] } },
  'a well that the plate has not': { stage_positions: { plate: 96, a1_center_xy: [0, 0], selected_wells: [[8], [0]] } },
  'three lists of wells': {
    stage_positions: { plate: 96, a1_center_xy: [0, 0], selected_wells: [[0, 1], [0, 1], [3]] },
  },
  'lists of wells that do not pair': {
    stage_positions: {
      plate: 96,
      a1_center_xy: [0, 0],
      selected_wells: [
        [0, 1, 2],
        [0, 1],
      ],
    },
  },
  'no well': { stage_positions: { plate: 96, a1_center_xy: [0, 0], selected_wells: null }, channels: ['A'] },
  'all wells': { stage_positions: { plate: 12, a1_center_xy: [1, 2], rotation: '90°' } },
  'a rotation that is none': { stage_positions: { plate: 12, a1_center_xy: [1, 2], rotation: 'left' } },
  'a seed that is below nothing': { grid_plan: { num_points: 3, random_seed: -1 } },
  'more points than there is room for': {
    grid_plan: {
      num_points: 30,
      random_seed: 5,
      max_width: 20,
      max_height: 20,
      allow_overlap: false,
      fov_width: 8,
      fov_height: 8,
    },
  },
  'a start beyond the last point': { grid_plan: { num_points: 3, random_seed: 3, start_at: 7 } },
  'a start that is a place': { grid_plan: { num_points: 3, random_seed: 3, start_at: { x: 1, y: 2 } } },
  'a start that is the only point': { grid_plan: { num_points: 1, random_seed: 3, start_at: { x: 1, y: 2 } } },
  'a setup that acquires': { setup: { action: { type: 'acquire_image' } }, channels: ['A'] },
};

/** An order of axes for each way in which five can follow each other. */
export function axisOrders(axes = 'tpgcz'): string[] {
  if (axes.length <= 1) return [axes];
  return [...axes].flatMap((axis) => axisOrders(axes.replace(axis, '')).map((rest) => axis + rest));
}

/** What became of a sequence: its number of events, or that there are none. */
export type Fate = number | 'refused' | 'breaks';

/** Where Redsun goes its own way on purpose; docs/useq-schema.md says why. */
export const DEVIATIONS: Readonly<
  Record<string, { readonly sequence: object; readonly ours: Fate; readonly theirs: Fate }>
> = {
  'positions may be lists': {
    sequence: {
      stage_positions: [
        [1, 2, 3],
        [4, 5],
      ],
    },
    ours: 2,
    theirs: 'refused',
  },
  'a grid that is wrong is no single position': {
    sequence: { grid_plan: { rows: 0, columns: 2 } },
    ours: 'refused',
    theirs: 1,
  },
  'a polygon that intersects itself is no single position': {
    sequence: {
      grid_plan: {
        vertices: [
          [0, 0],
          [9, 9],
          [9, 0],
          [0, 9],
        ],
      },
    },
    ours: 'refused',
    theirs: 1,
  },
  'a name that nobody knows is refused': {
    sequence: { channels: [{ config: 'A', exposre: 3 }] },
    ours: 'refused',
    theirs: 1,
  },
  'a plan without anything is refused': { sequence: { channels: ['A'], z_plan: {} }, ours: 'refused', theirs: 1 },
  'of interval, loops and duration, two are given': {
    sequence: { time_plan: { interval: 1, loops: 3, duration: 10 } },
    ours: 'refused',
    theirs: 11,
  },
  'numbers are not text': { sequence: { channels: [{ config: 'A', exposure: '3' }] }, ours: 'refused', theirs: 1 },
  'time does not run backwards': { sequence: { time_plan: { interval: -1, loops: 3 } }, ours: 'refused', theirs: 3 },
  'planes are not stepped backwards': { sequence: { z_plan: { range: 2, step: -1 } }, ours: 'refused', theirs: 0 },
  'tiles do not overlap by all': {
    sequence: { grid_plan: { rows: 2, columns: 2, overlap: 100 } },
    ours: 'refused',
    theirs: 4,
  },
  'a channel has no camera of its own': {
    sequence: { channels: [{ config: 'A', camera: 'B' }] },
    ours: 'refused',
    theirs: 1,
  },
  'a channel without a stack needs no z axis': {
    sequence: { axis_order: 'c', z_plan: { range: 2, step: 1 }, channels: [{ config: 'A', do_stack: false }] },
    ours: 1,
    theirs: 'breaks',
  },
  'the shutter may stay open where events have different axes': {
    sequence: {
      stage_positions: [{ sequence: { z_plan: { range: 1, step: 1 } } }, {}],
      keep_shutter_open_across: 'pz',
    },
    ours: 3,
    theirs: 'breaks',
  },
  'focusing in a stack of its own above the outer one': {
    sequence: {
      z_plan: { range: 1, step: 1 },
      stage_positions: [{ z: 1, sequence: { z_plan: { range: 3, step: 1 } } }],
      autofocus_plan: { axes: ['z'] },
    },
    ours: 8,
    theirs: 'breaks',
  },
  'of a polygon that is shrunk to nothing, nothing is left': {
    sequence: {
      grid_plan: {
        vertices: [
          [-331.5478498859196, -356.5],
          [-456.193, -273.6995351261005],
          [-566.109405589845, -356.5],
          [-456.193, -413.23972661752816],
        ],
        offset: -60,
        fov_width: 64.5,
        fov_height: 100,
      },
    },
    ours: 0,
    theirs: 1,
  },
};
