import { describe, expect, test } from 'vitest';
import { Device } from '../../device/device.ts';
import type { Autofocus, AutofocusState } from '../../device/roles.ts';
import { finishedStatus, Status } from '../../device/status.ts';
import { msg, type Plan } from '../../engine/msg.ts';
import { type CallLog, FakeAxis, FakeCamera, FakeXYStage } from '../../testing/fake-devices.ts';
import { recordingEngine } from '../../testing/recording-engine.ts';
import { RedsunError } from '../../util/errors.ts';
import { Signal } from '../../virtual/signal.ts';
import type { ChannelPlans, MdaContext } from './context.ts';
import { mda } from './mda.ts';
import type { MdaSequence } from './sequence.ts';

/** A focus lock that finds the surface so far above where the axis stands, after so many failures. */
class FakeAutofocus extends Device implements Autofocus {
  readonly role = 'autofocus';
  readonly changed = new Signal<[]>();
  readonly #calls: CallLog;
  readonly #z: FakeAxis;
  state: AutofocusState = 'off';
  offsetUm: number | null = null;
  surfaceUm: number[] = [];
  failures = 0;

  constructor(name: string, calls: CallLog, z: FakeAxis) {
    super(name);
    this.#calls = calls;
    this.#z = z;
  }

  set(value: 'on' | 'off'): Status {
    this.#calls.push(`${this.name}.set(${value}) at ${this.#z.position}`);
    if (value === 'off') this.state = 'off';
    else if (this.failures > 0) {
      this.failures--;
      const status = new Status({ label: this.name });
      status.setException(new Error(`${this.name}: no reflection`));
      return status;
    } else {
      this.state = 'locked';
      this.#z.position += this.surfaceUm.shift() ?? 0;
    }
    return finishedStatus(this.name);
  }
  async setOffset(offsetUm: number): Promise<void> {
    this.#calls.push(`${this.name}.setOffset(${offsetUm})`);
    this.offsetUm = offsetUm;
  }
  stop(): void {}
  read() {
    return { [`${this.name}-state`]: { value: this.state, timestamp: 1 } };
  }
  describe() {
    return { [`${this.name}-state`]: { source: 'SIM', dtype: 'string' as const, shape: [] } };
  }
  override readConfiguration() {
    return {};
  }
  override describeConfiguration() {
    return {};
  }
}

function bench(changes: (context: MdaContext) => Partial<MdaContext> = () => ({})) {
  const calls: CallLog = [];
  const recording = recordingEngine();
  const places: { readonly index: Record<string, number>; readonly asked: Record<string, number> }[] = [];
  recording.engine.registerCommand('frame_place', (_engine, { kwargs }) => places.push(kwargs as never));
  recording.engine.registerCommand('note', (_engine, { args }) => calls.push(String(args[0])));
  function* note(text: string): Plan<void> {
    yield msg('note', null, [text]);
  }
  const channel = (name: string): [string, ChannelPlans] => [
    name,
    {
      ...{ colour: '#ffffff', exposureMs: 20, select: () => note(`${name} selected`) },
      ...{ illuminate: () => note(`${name} on`), darken: () => note(`${name} off`) },
    },
  ];
  const z = new FakeAxis('z', calls);
  const camera = new FakeCamera('cam', calls);
  const plain = {
    cameras: [camera],
    xy: new FakeXYStage('xy', calls),
    z,
    channels: new Map([channel('DAPI'), channel('FITC')]),
    nowS: () => recording.clock.monotonicMs() / 1000,
  };
  const context: MdaContext = { ...plain, ...changes(plain) };
  const acquire = (sequence: MdaSequence) => recording.clock.run(recording.engine.run(mda(sequence, context)));
  return { ...recording, acquire, calls, camera, context, places, z };
}

function withAutofocus(setUp: (autofocus: FakeAutofocus) => void) {
  const setting = bench(({ z }) => {
    const axis = z as FakeAxis;
    const autofocus = new FakeAutofocus('pfs', axis.calls, axis);
    setUp(autofocus);
    return { autofocuses: [autofocus] };
  });
  return setting;
}

describe('autofocus', () => {
  const sequence: MdaSequence = {
    stage_positions: [
      { x: 1, z: 100 },
      { x: 2, z: 200 },
    ],
    z_plan: { relative: [-1, 1] },
    autofocus_plan: { axes: ['p'], autofocus_motor_offset: 25 },
  };

  test('finds the surface from the home plane of each position, lets go of it, and takes the planes from there', async () => {
    const { acquire, calls } = withAutofocus((autofocus) => {
      autofocus.surfaceUm = [0.5, -3];
    });
    await acquire(sequence);
    expect(calls.filter((call) => /^(z|pfs)\./.test(call))).toEqual([
      ...['z.set(100)', 'pfs.set(on) at 100', 'pfs.setOffset(25)', 'pfs.set(off) at 100.5'],
      ...['z.set(99.5)', 'z.set(101.5)'],
      ...['z.set(200)', 'pfs.set(on) at 200', 'pfs.setOffset(25)', 'pfs.set(off) at 197'],
      ...['z.set(196)', 'z.set(198)'],
      ...['z.set(0)', 'z.stop()'],
    ]);
  });

  test('at the next time point a position is first looked for where it was found', async () => {
    const { acquire, calls } = withAutofocus((autofocus) => {
      autofocus.surfaceUm = [0.5, 0.25];
    });
    const [first] = sequence.stage_positions as object[];
    await acquire({
      ...sequence,
      stage_positions: [first as object],
      time_plan: { interval: 0, loops: 2 },
      autofocus_plan: { axes: ['t'] },
    });
    expect(calls.filter((call) => call.startsWith('pfs.set(on)'))).toEqual([
      'pfs.set(on) at 100',
      'pfs.set(on) at 100.5',
    ]);
    expect(calls.filter((call) => call.startsWith('z.set'))).toEqual([
      ...['z.set(100)', 'z.set(99.5)', 'z.set(101.5)', 'z.set(100.5)', 'z.set(99.75)', 'z.set(101.75)', 'z.set(0)'],
    ]);
  });

  test('what the focus lock says is in every event', async () => {
    const { acquire, of } = withAutofocus(() => {});
    await acquire(sequence);
    expect(of('event').map(({ data }) => data['pfs-state'])).toEqual(['off', 'off', 'off', 'off']);
  });

  test('is tried again three times, and then ends the run with the place and the reason', async () => {
    const three = withAutofocus((autofocus) => {
      autofocus.failures = 3;
    });
    await three.acquire(sequence);
    expect(three.of('stop')).toMatchObject([{ exit_status: 'success' }]);
    const four = withAutofocus((autofocus) => {
      autofocus.failures = 4;
    });
    await expect(four.acquire(sequence)).rejects.toMatchObject({
      code: 'plan/autofocus',
      message: 'pfs: not locked at position 0, time point 0 after 4 tries',
    });
    expect(four.of('stop')).toMatchObject([{ exit_status: 'fail' }]);
    expect(four.calls.filter((call) => call.startsWith('pfs.set(off)'))).toHaveLength(1);
    expect(four.calls).toContain('z.set(0)');
  });

  test('of a device that there is not ends the run with the ones that there are', async () => {
    const { acquire } = withAutofocus(() => {});
    const other = { ...sequence, autofocus_plan: { axes: ['p'], autofocus_device_name: 'ZDrive' } };
    await expect(acquire(other)).rejects.toMatchObject({
      code: 'plan/no-autofocus',
      message: expect.stringContaining('"ZDrive"; there are: pfs'),
    });
  });
});

test('a focus lock that held before the run holds again after it, at its distance, from where the focus was', async () => {
  const { acquire, calls } = withAutofocus((autofocus) => {
    autofocus.state = 'locked';
    autofocus.offsetUm = 7;
    autofocus.surfaceUm = [0.5];
  });
  const focused = { z: 100, x: 1 };
  await acquire({ stage_positions: [focused], autofocus_plan: { axes: ['p'], autofocus_motor_offset: 25 } });
  expect(calls.filter((call) => /^(z|pfs)\.set/.test(call))).toEqual([
    ...['z.set(100)', 'pfs.set(on) at 100', 'pfs.setOffset(25)', 'pfs.set(off) at 100.5'],
    ...['z.set(0)', 'pfs.set(on) at 0', 'pfs.setOffset(7)'],
  ]);
});

describe('the shutter', () => {
  const lights = (calls: CallLog) => calls.filter((call) => / (on|off)$/.test(call) || call === 'cam.trigger()');
  const stacks: MdaSequence = { channels: ['DAPI', 'FITC'], z_plan: { relative: [0, 1] } };

  test('stays open across the axes that the sequence says, and is closed between others', async () => {
    const { acquire, calls } = bench();
    await acquire({ ...stacks, keep_shutter_open_across: ['z'] });
    expect(lights(calls)).toEqual([
      ...['DAPI on', 'cam.trigger()', 'cam.trigger()', 'DAPI off'],
      ...['FITC on', 'cam.trigger()', 'cam.trigger()', 'FITC off'],
    ]);
  });

  test('another channel is lit for its own exposures alone, even across channels', async () => {
    const { acquire, calls } = bench();
    await acquire({ ...stacks, axis_order: 'zc', keep_shutter_open_across: ['z', 'c'] });
    expect(lights(calls)).toEqual([
      ...['DAPI on', 'cam.trigger()', 'DAPI off', 'FITC on', 'cam.trigger()', 'FITC off'],
      ...['DAPI on', 'cam.trigger()', 'DAPI off', 'FITC on', 'cam.trigger()', 'FITC off'],
    ]);
  });

  test('is closed when a move between two planes fails', async () => {
    const { acquire, calls, z } = bench();
    const works = z.set.bind(z);
    z.set = (target: number) => {
      if (target === 1) throw new Error('z: stuck');
      return works(target);
    };
    await expect(acquire({ ...stacks, keep_shutter_open_across: 'z' })).rejects.toThrow('z: stuck');
    expect(lights(calls)).toEqual(['DAPI on', 'cam.trigger()', 'DAPI off']);
    expect(calls.at(-3)).toBe('cam.unstage()');
  });
});

describe('time points', () => {
  /** Each exposure takes so long, s. */
  function slow(exposureS: number) {
    const setting = bench();
    const { camera, clock } = setting;
    camera.trigger = () => {
      camera.calls.push('cam.trigger()');
      const status = new Status({ label: 'cam.trigger' });
      clock.setTimeout(() => status.setFinished(), exposureS * 1000);
      return status;
    };
    return setting;
  }

  test('that are late by an interval are left out where the duration comes first', async () => {
    const { acquire, places, of } = slow(2.5);
    await acquire({ time_plan: { interval: 1, duration: 6 }, channels: ['DAPI'] });
    expect(places.map(({ index }) => index.t)).toEqual([0, 2, 5, 6]);
    expect(of('stop')).toMatchObject([{ exit_status: 'success', num_events: { primary: 4 } }]);
  });

  test('are left out as a whole, never after they have begun', async () => {
    const { acquire, places } = slow(2.5);
    await acquire({ time_plan: { interval: 1, loops: 4, prioritize_duration: true }, channels: ['DAPI', 'FITC'] });
    expect(places.map(({ index }) => [index.t, index.c])).toEqual([
      [0, 0],
      [0, 1],
      [3, 0],
      [3, 1],
    ]);
  });

  test('are left out at all positions and tiles, or at none', async () => {
    const { acquire, places } = slow(0.6);
    const time_plan = { interval: 1, loops: 4, prioritize_duration: true };
    await acquire({
      time_plan,
      stage_positions: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
      grid_plan: { rows: 1, columns: 2 },
    });
    expect(places.map(({ index }) => index.t)).toEqual([0, 0, 0, 0, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  test('are all taken where their number comes first', async () => {
    const { acquire, places } = slow(2.5);
    await acquire({ time_plan: { interval: 1, loops: 4 } });
    expect(places.map(({ index }) => index.t)).toEqual([0, 1, 2, 3]);
  });

  test('of a sub-sequence are counted from its first exposure', async () => {
    const { acquire, clock, of } = bench();
    const before = clock.now();
    const own = { time_plan: { interval: 2, loops: 2 } };
    await acquire({
      stage_positions: [
        { x: 1, sequence: own },
        { x: 2, sequence: own },
      ],
    });
    expect(of('event').map(({ time }) => Math.round(time - before))).toEqual([0, 2, 2, 4]);
  });
});

test('the properties of a position are set on arrival, once, and put back at the end', async () => {
  const { acquire, calls } = bench(({ cameras }) => ({ devices: new Map([['cam', cameras[0]!]]) }));
  await acquire({
    stage_positions: [{ x: 1, properties: [['cam', 'exposure_ms', 7]] }, { x: 2 }],
    z_plan: { relative: [0, 1] },
  });
  expect(calls.filter((call) => call.startsWith('cam.configure'))).toEqual([
    'cam.configure(7 ms)',
    'cam.configure(10 ms)',
  ]);
});

test('a channel with an offset and no planes lifts the focus for itself alone', async () => {
  const { acquire, calls } = bench();
  await acquire({
    axis_order: 'tc',
    channels: ['DAPI', { config: 'FITC', z_offset: 0.5 }],
    time_plan: { interval: 0, loops: 2 },
  });
  expect(calls.filter((call) => call.startsWith('z.set'))).toEqual([
    'z.set(0.5)',
    'z.set(0)',
    'z.set(0.5)',
    'z.set(0)',
  ]);
});

describe('what a sequence changes is as it was before', () => {
  const away = [
    { x: 7, y: 8, z: 30 },
    { x: 9, y: 5, z: 40 },
  ];
  function remembering(changes: (context: MdaContext) => Partial<MdaContext> = () => ({})) {
    const told: string[] = [];
    const setting = bench((context) => ({
      rememberLightPath: () => {
        told.push('remembered');
        return () => msgs(told, 'put back');
      },
      ...changes(context),
    }));
    const { x, y } = setting.context.xy as FakeXYStage;
    const state = () => [x.position, y.position, setting.z.position, setting.camera.settings.exposureMs, ...told];
    return { ...setting, x, y, state };
  }
  function* msgs(told: string[], what: string): Plan<void> {
    told.push(what);
    yield msg('null');
  }

  test('when it ends well: the stage, the focus, the exposure and the light path', async () => {
    const { acquire, state, x } = remembering();
    x.position = 3;
    await acquire({ stage_positions: away, channels: ['DAPI'] });
    expect(state()).toEqual([3, 0, 0, 10, 'remembered', 'put back']);
  });

  test('when a camera fails in the middle of it, and when it is aborted', async () => {
    const failed = remembering();
    failed.camera.trigger = () => {
      throw new Error('no frame');
    };
    await expect(failed.acquire({ stage_positions: away, channels: ['DAPI'] })).rejects.toThrow('no frame');
    expect(failed.state()).toEqual([0, 0, 0, 10, 'remembered', 'put back']);

    const aborted = remembering();
    aborted.camera.trigger = () => {
      void aborted.engine.abort('enough');
      return new Status({ label: 'cam.trigger' });
    };
    await aborted.acquire({ stage_positions: away, channels: ['DAPI'] }).catch(() => {});
    expect(aborted.state()).toEqual([0, 0, 0, 10, 'remembered', 'put back']);
  });

  test('unless STOP refuses the move: the run is aborted then and has not failed', async () => {
    const { acquire, state, camera, engine, of, x } = remembering();
    let stopped = false;
    const refused = new RedsunError('safety/stopped', 'set: refused, STOP was pressed');
    const works = x.set.bind(x);
    x.set = (target: number) => {
      if (stopped) throw refused;
      return works(target);
    };
    camera.trigger = () => {
      stopped = true;
      void engine.abort('STOP by Esc');
      return new Status({ label: 'cam.trigger' });
    };
    await acquire({ stage_positions: away, channels: ['DAPI'] }).catch(() => {});
    expect(of('stop')).toMatchObject([{ exit_status: 'abort', reason: 'STOP by Esc' }]);
    expect(state()).toEqual([7, 8, 30, 10, 'remembered', 'put back']);
  });

  test('and the same relative grid once more is at the same places', async () => {
    const { acquire, places } = remembering();
    const grid: MdaSequence = { grid_plan: { rows: 2, columns: 2, fov_width: 10, fov_height: 6 } };
    await acquire(grid);
    await acquire(grid);
    const asked = places.map(({ asked }) => JSON.stringify(asked));
    expect(asked.slice(4)).toEqual(asked.slice(0, 4));
  });

  test('to where an axis was sent, and not to a read-back that is never quite there', async () => {
    const { acquire, calls, x } = remembering();
    x.target = 100;
    x.position = 100.03;
    await acquire({ stage_positions: away });
    expect(calls.filter((call) => call.startsWith('xy-x.set')).at(-1)).toBe('xy-x.set(100)');
  });
});

test('a sequence with nothing to acquire is refused before a device is touched', async () => {
  const { acquire, calls, of } = bench();
  await expect(acquire({ axis_order: 't', channels: ['DAPI'] })).rejects.toMatchObject({ code: 'mda/bad-sequence' });
  expect([calls, of('start')]).toEqual([[], []]);
});

test('the start document holds what was left to chance and to the microscope', async () => {
  const { acquire, of, places } = bench(() => ({ random: () => 0.25, fieldOfViewUm: [30, 20] }));
  await acquire({
    grid_plan: { num_points: 3, max_width: 300, max_height: 200, allow_overlap: false },
    stage_positions: [
      { x: 0, y: 0, sequence: { grid_plan: { rows: 1, columns: 2 } } },
      { x: 10, y: 0 },
    ],
  });
  const [start] = of('start') as unknown as { mda_sequence: MdaSequence }[];
  const { grid_plan: grid, stage_positions: positions } = start?.mda_sequence ?? {};
  expect(grid).toMatchObject({ random_seed: 2 ** 30, fov_width: 30, fov_height: 20 });
  expect(positions).toMatchObject([{ sequence: { grid_plan: { fov_width: 30, fov_height: 20 } } }, { x: 10 }]);
  const drawn = (grid as { points: [number, number][] }).points;
  expect(places.slice(2).map(({ asked }) => [asked['xy-x'], asked['xy-y']])).toEqual(
    drawn.map(([x, y]) => [10 + x, y]),
  );
});
