import { describe, expect, test } from 'vitest';
import { msg, type Plan } from '../../engine/msg.ts';
import { type CallLog, FakeAxis, FakeCamera, FakeXYStage } from '../../testing/fake-devices.ts';
import { recordingEngine } from '../../testing/recording-engine.ts';
import type { ChannelPlans } from './context.ts';
import { mda } from './mda.ts';
import { mdaLayout } from './mda-layout.ts';
import type { MdaSequence } from './sequence.ts';

function bench() {
  const calls: CallLog = [];
  const recording = recordingEngine();
  const places: unknown[] = [];
  recording.engine.registerCommand('frame_place', (_engine, { kwargs }) => places.push(kwargs));
  recording.engine.registerCommand('note', (_engine, { args }) => calls.push(String(args[0])));
  function* note(text: string): Plan<void> {
    yield msg('note', null, [text]);
  }
  const channel = (name: string, colour: string): [string, ChannelPlans] => [
    name,
    {
      colour,
      exposureMs: 20,
      select: () => note(`${name} selected`),
      illuminate: () => note(`${name} on`),
      darken: () => note(`${name} off`),
    },
  ];
  const context = {
    cameras: [new FakeCamera('cam', calls)],
    xy: new FakeXYStage('xy', calls),
    z: new FakeAxis('z', calls),
    channels: new Map([channel('DAPI', '#0000ff'), channel('FITC', '#00ff00')]),
    nowS: () => recording.clock.monotonicMs() / 1000,
  };
  const acquire = (sequence: MdaSequence) => recording.clock.run(recording.engine.run(mda(sequence, context)));
  return { ...recording, calls, places, context, acquire };
}

describe('a small sequence', () => {
  const sequence: MdaSequence = {
    axis_order: 'tpzc',
    channels: [{ config: 'DAPI' }, { config: 'FITC', exposure: 50 }],
    z_plan: { relative: [0, 2] },
  };

  test('moves, chooses the channel, lights, exposes, darkens, in this order, and goes home', async () => {
    const { acquire, calls, context } = bench();
    context.z.position = 10;
    await acquire(sequence);
    expect(calls).toEqual([
      'cam.stage()',
      'cam.prepare()',
      ...['z.set(10)'],
      ...['DAPI selected', 'cam.configure(20 ms)', 'DAPI on', 'cam.trigger()', 'DAPI off'],
      ...['FITC selected', 'cam.configure(50 ms)', 'FITC on', 'cam.trigger()', 'FITC off'],
      ...['z.set(12)'],
      ...['DAPI selected', 'cam.configure(20 ms)', 'DAPI on', 'cam.trigger()', 'DAPI off'],
      ...['FITC selected', 'cam.configure(50 ms)', 'FITC on', 'cam.trigger()', 'FITC off'],
      'z.set(10)',
      'cam.unstage()',
      'cam.configure(10 ms)',
      'z.stop()',
    ]);
  });

  test('makes one event per exposure, with the read-back of z and the frame of the camera', async () => {
    const { acquire, of } = bench();
    await acquire(sequence);
    expect(of('event').map(({ seq_num, data }) => [seq_num, data.z])).toEqual([
      [1, 0],
      [2, 0],
      [3, 2],
      [4, 2],
    ]);
    expect(of('stream_resource')).toMatchObject([{ data_key: 'cam', run_start: 'uid:0' }]);
    expect(of('stream_datum').map(({ indices, seq_nums }) => [indices, seq_nums])).toEqual(
      [0, 1, 2, 3].map((k) => [
        { start: k, stop: k + 1 },
        { start: k + 1, stop: k + 2 },
      ]),
    );
    expect(of('stop')).toMatchObject([{ exit_status: 'success', num_events: { primary: 4 } }]);
  });

  test('announces where each frame goes, and where its axes were asked to be', async () => {
    const { acquire, places } = bench();
    await acquire(sequence);
    expect(places).toEqual([
      { index: { t: 0, p: 0, z: 0, c: 0 }, asked: { z: 0 } },
      { index: { t: 0, p: 0, z: 0, c: 1 }, asked: { z: 0 } },
      { index: { t: 0, p: 0, z: 1, c: 0 }, asked: { z: 2 } },
      { index: { t: 0, p: 0, z: 1, c: 1 }, asked: { z: 2 } },
    ]);
  });

  test('says in the start document what it is', async () => {
    const { acquire, of } = bench();
    await acquire(sequence);
    expect(of('start')).toMatchObject([
      {
        plan_name: 'mda',
        detectors: ['cam'],
        num_points: 4,
        axis_order: ['t', 'p', 'z', 'c'],
        shape: [1, 1, 2, 2],
        mda_sequence: sequence,
      },
    ]);
  });
});

test('positions move both axes together, and relative planes count from the focus of each position', async () => {
  const { acquire, calls, of } = bench();
  await acquire({
    stage_positions: [
      { x: 1, y: 2, z: 100 },
      { x: 3, y: 4, z: 200 },
    ],
    z_plan: { relative: [-1, 1] },
  });
  expect(calls.filter((call) => call.includes('.set('))).toEqual([
    ...['xy-x.set(1)', 'xy-y.set(2)', 'z.set(99)', 'z.set(101)'],
    ...['xy-x.set(3)', 'xy-y.set(4)', 'z.set(199)', 'z.set(201)'],
    ...['xy-x.set(0)', 'xy-y.set(0)', 'z.set(0)'],
  ]);
  expect(of('event').map(({ data }) => [data['xy-x'], data['xy-y'], data.z])).toEqual([
    [1, 2, 99],
    [1, 2, 101],
    [3, 4, 199],
    [3, 4, 201],
  ]);
});

test('time points wait for their time, counted from the first exposure', async () => {
  const { acquire, clock, of } = bench();
  const before = clock.now();
  await acquire({ time_plan: { interval: 5, loops: 3 } });
  expect(of('event').map(({ time }) => Math.round(time - before))).toEqual([0, 5, 10]);
});

test('a camera that fails leaves the light off and the focus at home', async () => {
  const { acquire, calls, context, of } = bench();
  Object.defineProperty(context.cameras[0], 'trigger', {
    value: () => {
      throw new Error('cam: no frame');
    },
  });
  await expect(acquire({ channels: [{ config: 'DAPI' }], z_plan: { relative: [3] } })).rejects.toThrow('cam: no frame');
  expect(calls.slice(-6, -2)).toEqual(['DAPI on', 'DAPI off', 'z.set(0)', 'cam.unstage()']);
  expect(of('stop')).toMatchObject([{ exit_status: 'fail', reason: 'cam: no frame', num_events: {} }]);
});

test('a pause in an exposure darkens nothing twice, takes the frame again and keeps the numbers', async () => {
  const { calls, clock, context, engine, of } = bench();
  const camera = context.cameras[0];
  const works = camera?.trigger.bind(camera);
  let paused = false;
  Object.defineProperty(camera, 'trigger', {
    value: () => {
      if (!paused) void engine.pause();
      paused = true;
      return works?.();
    },
  });
  const sequence = { channels: [{ config: 'DAPI' }], time_plan: { interval: 0, loops: 2 } };
  await clock.run(engine.run(mda(sequence, context))).catch(() => {});
  expect(engine.state).toBe('paused');
  await clock.run(engine.resume());
  expect(calls.filter((call) => call === 'cam.trigger()')).toHaveLength(3);
  expect(of('event').map(({ seq_num }) => seq_num)).toEqual([1, 2]);
  expect(of('stream_datum').map(({ indices }) => indices.start)).toEqual([1, 2]);
  expect(of('stop')).toMatchObject([{ exit_status: 'success', num_events: { primary: 2 } }]);
});

test('the layout for the store names channels with their colours, positions and the distance of planes', () => {
  const sequence: MdaSequence = {
    channels: [{ config: 'DAPI' }, { config: 'Unknown' }],
    stage_positions: [{ x: 1, y: 2, name: 'A1' }, { z: 5 }],
    z_plan: { range: 4, step: 2 },
    time_plan: { interval: 0, loops: 3 },
  };
  expect(mdaLayout(sequence, bench().context.channels)).toEqual({
    order: ['t', 'p', 'c', 'z'],
    sizes: { t: 3, p: 2, c: 2, z: 3 },
    channels: [
      { name: 'DAPI', colour: '#0000ff' },
      { name: 'Unknown', colour: '#c9ced4' },
    ],
    positions: [
      { name: 'A1', xUm: 1, yUm: 2, zUm: null, firstPlaneUm: -2 },
      { name: 'Pos1', xUm: null, yUm: null, zUm: 5, firstPlaneUm: 3 },
    ],
    zStepUm: 2,
    intervalS: null,
  });
});
