import type { Readable } from 'redsun/sdk/device';
import { msg, type Plan, type Status } from 'redsun/sdk/engine';
import {
  adaptiveScan,
  Cycler,
  count,
  fly,
  gridScan,
  innerProductScan,
  listGridScan,
  listScan,
  logScan,
  nothing,
  one1dStep,
  oneShot,
  pause,
  rampPlan,
  relAdaptiveScan,
  relGridScan,
  relListGridScan,
  relListScan,
  relLogScan,
  relScan,
  relSpiral,
  relSpiralFermat,
  relSpiralSquare,
  type ScanAxis,
  scan,
  scanNd,
  spiral,
  spiralFermat,
  spiralSquare,
  triggerAndRead,
  tuneCentroid,
  tweak,
  x2xScan,
} from 'redsun/sdk/plans';
import { named } from '../harness.ts';
import type { Case, Cases } from './cases.ts';

const from = (axis: ScanAxis, start: number, stop: number) => ({ axis, start, stop });
const mesh = (axis: ScanAxis, start: number, stop: number, num: number) => ({ axis, start, stop, num });
const at = (axis: ScanAxis, ...positions: number[]) => ({ axis, positions });
const steps = (minStep: number, maxStep: number, backstep: boolean) => ({
  targetField: 'peak',
  minStep,
  maxStep,
  targetDelta: 20,
  backstep,
});

const tuned =
  (snake: boolean): Case =>
  (h, { peak, m1 }) =>
    h.run(tuneCentroid([peak], from(m1, -2, 3), { signal: 'peak', minStep: 0.2, num: 5, snake }));

/** Plans of bluesky.plans. */
export const PLANS: Cases = {
  count_1: (h, { det }) => h.run(count([det])),
  count_3_two_dets: (h, { det, det2 }) =>
    h.run(count([det, det2], { num: 3, md: { a: 1, plan_name: 'mycount' } }), null, { a: 2, sample: 's' }),
  count_delay: (h, { det }) => h.run(count([det], { num: 3, delay: 0.2 })),
  count_delay_list: (h, { det }) => h.run(count([det], { num: 3, delay: [0.2, 0.3] })),
  count_delay_list_short: (h, { det }) => h.run(count([det], { num: 4, delay: [0.2] })),
  async count_none_stopped(h, { det }) {
    let shots = 0;
    function* perShot(detectors: readonly Readable[]): Plan<void> {
      shots++;
      yield* oneShot(detectors);
      if (shots === 3) yield* pause();
    }
    await h.run(count([det], { num: null, perShot }));
    await h.stop();
  },
  count_not_list: (h, { det }) => h.run(count(det as never)),
  count_mixed_devices: (h, { plain, am, sdet }) => h.run(count([plain, am, sdet], { num: 2 })),
  scan_1d: (h, { det, m1 }) => h.run(scan([det], [from(m1, -1, 1)], 5)),
  scan_2d_inner: (h, { det, m1, m2 }) => h.run(scan([det], [from(m1, 0, 3), from(m2, 10, 40)], 4)),
  scan_static_axis: (h, { det, m1, m2 }) => h.run(scan([det], [from(m1, 0, 2), from(m2, 5, 5)], 3)),
  scan_bad_num: (h, { det, m1 }) => h.run(scan([det], [from(m1, 0, 1)], 2.5)),
  scan_missing_num: (h, { det, m1 }) => h.run(scan([det], [from(m1, 0, 1)], undefined as never)),
  scan_per_step_1d(h, { det, m1 }) {
    function* step1(detectors: readonly Readable[], axis: ScanAxis, step: unknown): Plan {
      return yield* one1dStep(detectors, axis, step);
    }
    return h.run(scan([det], [from(m1, 0, 2)], 3, { perStep1d: step1 }));
  },
  scan_per_step_bad(h, { det, m1 }) {
    function* bad(a: unknown, b: unknown): Plan {
      yield* nothing();
      return [a, b];
    }
    return h.run(scan([det], [from(m1, 0, 2)], 3, { perStep: bad }));
  },
  scan_user_hints: (h, { det, m1 }) =>
    h.run(scan([det], [from(m1, 0, 1)], 2, { md: { hints: { dimensions: [[['m1_setpoint'], 'primary']], x: 1 } } })),
  rel_scan(h, { det, m1 }) {
    m1.position = 5;
    m1.setpoint = 5;
    return h.run(relScan([det], [from(m1, -1, 1)], 3));
  },
  rel_scan_locatable: (h, { det, lm }) => h.run(relScan([det], [from(lm, -1, 1)], 3)),
  rel_scan_async: (h, { det, am }) => h.run(relScan([det], [from(am, -1, 1)], 3)),
  list_scan: (h, { det, m1, m2 }) => h.run(listScan([det], [at(m1, 1, 4, 2), at(m2, 0.5, 0.25, 0.125)])),
  list_scan_mismatch: (h, { det, m1, m2 }) => h.run(listScan([det], [at(m1, 1, 2), at(m2, 1, 2, 3)])),
  rel_list_scan(h, { det, lm }) {
    lm.position = 2;
    lm.setpoint = 2;
    return h.run(relListScan([det], [at(lm, 1, 4, 2)]));
  },
  grid_scan_plain: (h, { det, m1, m2 }) => h.run(gridScan([det], [mesh(m1, 0, 1, 2), mesh(m2, 0, 2, 3)])),
  grid_scan_snake: (h, { det, m1, m2 }) =>
    h.run(gridScan([det], [mesh(m1, 0, 2, 3), mesh(m2, 0, 2, 3)], { snakeAxes: true })),
  grid_scan_snake_some: (h, { det, m1, m2, m3 }) =>
    h.run(gridScan([det], [mesh(m1, 0, 1, 2), mesh(m2, 0, 1, 2), mesh(m3, 0, 1, 2)], { snakeAxes: [m3] })),
  grid_scan_snake_old_api: (h, { det, m1, m2 }) =>
    h.run(gridScan([det], [mesh(m1, 0, 1, 2), { ...mesh(m2, 0, 1, 2), snake: true }])),
  grid_scan_snake_slowest: (h, { det, m1, m2 }) =>
    h.run(gridScan([det], [mesh(m1, 0, 1, 2), mesh(m2, 0, 1, 2)], { snakeAxes: [m1] })),
  grid_scan_repeat_motor: (h, { det, m1 }) => h.run(gridScan([det], [mesh(m1, 0, 1, 2), mesh(m1, 0, 1, 2)])),
  rel_grid_scan(h, { det, m1, m2 }) {
    m1.position = 3;
    m2.position = 4;
    return h.run(relGridScan([det], [mesh(m1, -1, 1, 2), mesh(m2, -1, 1, 2)], { snakeAxes: true }));
  },
  list_grid_scan: (h, { det, m1, m2 }) =>
    h.run(listGridScan([det], [at(m1, 1, 2), at(m2, 3, 5, 9)], { snakeAxes: true })),
  rel_list_grid_scan(h, { det, m1, m2 }) {
    m1.position = 1;
    return h.run(relListGridScan([det], [at(m1, 1, 2), at(m2, 3, 5)]));
  },
  log_scan: (h, { det, m1 }) => h.run(logScan([det], from(m1, 0, 2), 3)),
  rel_log_scan(h, { det, m1 }) {
    m1.position = 1;
    return h.run(relLogScan([det], from(m1, 0, 2), 3));
  },
  spiral: (h, { det, m1: x, m2: y }) =>
    h.run(spiral([det], { x, y }, { xStart: 0, yStart: 0, xRange: 1, yRange: 1, dr: 0.5, nth: 4 })),
  spiral_tilt: (h, { det, m1: x, m2: y }) =>
    h.run(
      spiral([det], { x, y }, { xStart: 1, yStart: 2, xRange: 1, yRange: 2, dr: 0.5, nth: 4, drY: 0.7, tilt: 0.3 }),
    ),
  rel_spiral(h, { det, m1: x, m2: y }) {
    x.position = 2;
    return h.run(relSpiral([det], { x, y }, { xRange: 1, yRange: 1, dr: 0.5, nth: 4 }));
  },
  spiral_fermat: (h, { det, m1: x, m2: y }) =>
    h.run(spiralFermat([det], { x, y }, { xStart: 0, yStart: 0, xRange: 2, yRange: 2, dr: 0.5, factor: 2 })),
  rel_spiral_fermat: (h, { det, m1: x, m2: y }) =>
    h.run(relSpiralFermat([det], { x, y }, { xRange: 2, yRange: 2, dr: 0.5, factor: 2, tilt: 0.2 })),
  spiral_square: (h, { det, m1: x, m2: y }) =>
    h.run(spiralSquare([det], { x, y }, { xCenter: 0, yCenter: 0, xRange: 2, yRange: 2, xNum: 3, yNum: 3 })),
  spiral_square_even: (h, { det, m1: x, m2: y }) =>
    h.run(spiralSquare([det], { x, y }, { xCenter: 1, yCenter: -1, xRange: 3, yRange: 1, xNum: 4, yNum: 2 })),
  rel_spiral_square(h, { det, m1: x, m2: y }) {
    x.position = 10;
    return h.run(relSpiralSquare([det], { x, y }, { xRange: 2, yRange: 2, xNum: 3, yNum: 3 }));
  },
  scan_nd_cycler: (h, { det, m1, m2 }) =>
    h.run(scanNd([det], Cycler.of<ScanAxis>(m1, [1, 2]).multiply(Cycler.of<ScanAxis>(m2, [5, 6])))),
  x2x_scan(h, { det, m1, m2 }) {
    m1.position = 1;
    m2.position = 2;
    return h.run(x2xScan([det], [m1, m2], { start: 0, stop: 4, num: 3 }));
  },
  inner_product_scan: (h, { det, m1, m2 }) => h.run(innerProductScan([det], 3, [from(m1, 0, 2), from(m2, 0, 4)])),
  adaptive_scan: (h, { peak, m1 }) => h.run(adaptiveScan([peak], from(m1, -2, 3), steps(0.1, 1, false))),
  adaptive_scan_backstep: (h, { peak, m1 }) => h.run(adaptiveScan([peak], from(m1, -2, 3), steps(0.1, 1, true))),
  rel_adaptive_scan(h, { peak, m1 }) {
    m1.position = 0.5;
    return h.run(relAdaptiveScan([peak], from(m1, -2, 1), steps(0.1, 1, true)));
  },
  adaptive_bad: (h, { peak, m1 }) => h.run(adaptiveScan([peak], from(m1, -2, 3), steps(2, 1, true))),
  tune_centroid: tuned(false),
  tune_centroid_snake: tuned(true),
  fly_old: (h, { flyer, flyer2 }) => h.run(fly([flyer, flyer2], { md: { note: 'x' } })),
  fly_pages: (h, { pflyer }) => h.run(fly([pflyer])),
  ramp_plan(h, { slow, sig, det }) {
    let rounds = 0;
    function* go(): Plan<Status> {
      return yield msg('set', slow, [3], { group: 'ramp' });
    }
    function* inner(): Plan<void> {
      rounds++;
      if (rounds === 3) {
        sig.put(5);
        slow.arrive();
      }
      yield* triggerAndRead([det]);
    }
    return h.run(rampPlan(go(), sig, inner));
  },
  tweak_input(h, { det, m1 }) {
    const answers = ['', '0.5', 'q'];
    h.engine.registerCommand('input', async () => answers.shift());
    return h.run(tweak(det, 'det', m1, 1));
  },
  plan_tuple_list_of_msgs: (h, { det }) =>
    h.run([
      msg('open_run'),
      msg('create', null, [], { name: 'primary' }),
      msg('read', det),
      msg('save'),
      msg('close_run'),
    ]),
  two_runs_one_call: (h, { det, m1 }) =>
    h.run(
      named('p', function* () {
        const first = yield* count([det]);
        const second = yield* scan([det], [from(m1, 0, 1)], 2);
        return [first, second];
      }),
    ),
};
