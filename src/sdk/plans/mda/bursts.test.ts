import { describe, expect, test } from 'vitest';
import type { Sequenceable, TakesBursts } from '../../device/sequencing.ts';
import { finishedStatus, Status } from '../../device/status.ts';
import { msg, type Plan } from '../../engine/msg.ts';
import { type CallLog, FakeAxis, FakeCamera } from '../../testing/fake-devices.ts';
import { recordingEngine } from '../../testing/recording-engine.ts';
import type { ChannelPlans, MdaContext } from './context.ts';
import { mda } from './mda.ts';
import type { MdaSequence } from './sequence.ts';

/** An axis that goes on when the camera tells it to. */
class FakeSequenceAxis extends FakeAxis implements Sequenceable<number> {
  sequenceLimit = 100;
  loaded: number[] = [];

  armSequence(values: readonly number[]): Status {
    this.calls.push(`${this.name}.arm(${values.join(' ')})`);
    this.loaded = [...values];
    this.next();
    return finishedStatus(`${this.name}.arm`);
  }
  next(): void {
    const value = this.loaded.shift();
    if (value !== undefined) this.position = value;
  }
  disarmSequence(): void {
    this.calls.push(`${this.name}.disarm()`);
  }
}

/** A camera that tells an axis after each exposure of a burst. */
class FakeBurstCamera extends FakeCamera implements TakesBursts {
  burstLimit = 100;
  onBurst: (exposuresMs: readonly number[]) => Status | null = () => null;
  readonly #axis: FakeSequenceAxis;

  constructor(name: string, calls: CallLog, axis: FakeSequenceAxis) {
    super(name, calls);
    this.#axis = axis;
  }

  triggerBurst(exposuresMs: readonly number[]): Status {
    this.calls.push(`${this.name}.burst(${exposuresMs.join(' ')}) at ${this.#axis.position}`);
    const other = this.onBurst(exposuresMs);
    if (other) return other;
    for (const _ of exposuresMs) {
      super.trigger();
      this.calls.pop();
      this.#axis.next();
    }
    return finishedStatus(`${this.name}.burst`);
  }
  override stop(): void {
    this.calls.push(`${this.name}.stop()`);
  }
}

function bench(axis: 'goes on by itself' | 'has to be moved' = 'goes on by itself') {
  const calls: CallLog = [];
  const recording = recordingEngine();
  const places: Record<string, unknown>[] = [];
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
  const z = new FakeSequenceAxis('z', calls);
  const camera = new FakeBurstCamera('cam', calls, z);
  const context: MdaContext = {
    cameras: [camera],
    xy: null,
    z: axis === 'goes on by itself' ? z : new FakeAxis('z', calls),
    channels: new Map([channel('DAPI'), channel('FITC')]),
    nowS: () => recording.clock.monotonicMs() / 1000,
  };
  const acquire = (sequence: MdaSequence) => recording.clock.run(recording.engine.run(mda(sequence, context)));
  return { ...recording, acquire, calls, camera, context, places, z };
}

const STACKS: MdaSequence = {
  channels: ['DAPI', { config: 'FITC', exposure: 50 }],
  z_plan: { relative: [-1, 0, 1] },
  keep_shutter_open_across: 'z',
};

describe('where camera and focus axis can do it', () => {
  test('a stack is one burst: armed, lit once, exposed, darkened, disarmed', async () => {
    const { acquire, calls } = bench();
    await acquire(STACKS);
    expect(calls.slice(2, -3)).toEqual([
      ...['z.set(-1)', 'DAPI selected', 'cam.configure(20 ms)', 'z.arm(-1 0 1)', 'DAPI on'],
      ...['cam.burst(20 20 20) at -1', 'z.disarm()', 'DAPI off'],
      ...['z.set(-1)', 'FITC selected', 'cam.configure(50 ms)', 'z.arm(-1 0 1)', 'FITC on'],
      ...['cam.burst(50 50 50) at -1', 'z.disarm()', 'FITC off', 'z.set(0)'],
    ]);
  });

  test('documents have one event for each exposure, with its own height and its own frame', async () => {
    const { acquire, of } = bench();
    await acquire(STACKS);
    expect(of('event').map(({ seq_num, data }) => [seq_num, data.z])).toEqual(
      [-1, 0, 1, -1, 0, 1].map((um, at) => [at + 1, um]),
    );
    expect(of('stream_datum').map(({ indices, seq_nums }) => [indices.start, indices.stop, seq_nums.start])).toEqual(
      [0, 1, 2, 3, 4, 5].map((at) => [at, at + 1, at + 1]),
    );
    expect(of('descriptor').map(({ configuration }) => configuration?.cam?.data['cam-exposure_ms'])).toEqual([20, 50]);
    expect(of('stop')).toMatchObject([{ exit_status: 'success', num_events: { primary: 6 } }]);
  });

  test('the places of all frames are told before the burst', async () => {
    const { acquire, places } = bench();
    await acquire({ z_plan: { relative: [0, 2] } });
    const burst = [0, 1].map((z) => ({ index: { t: 0, p: 0, c: 0, z }, asked: { z: 2 * z } }));
    expect(places).toEqual([{ burst }]);
  });

  test('time points without an interval are in one burst with their stacks', async () => {
    const { acquire, calls } = bench();
    await acquire({ time_plan: { interval: 0, loops: 2 }, z_plan: { relative: [0, 1] } });
    expect(calls.filter((call) => call.startsWith('cam.burst'))).toEqual(['cam.burst(10 10 10 10) at 0']);
  });

  test('a burst is no longer than each of the devices can hold', async () => {
    const { acquire, calls, z } = bench();
    z.sequenceLimit = 3;
    await acquire({ time_plan: { interval: 0, loops: 5 } });
    expect(calls.filter((call) => /cam\.(burst|trigger)/.test(call))).toEqual([
      ...['cam.burst(10 10 10) at 0', 'cam.burst(10 10) at 0'],
    ]);
  });

  test.each<[string, MdaSequence]>([
    ['light that goes out between the planes', { ...STACKS, keep_shutter_open_across: [] }],
    ['other channels', { channels: ['DAPI', 'FITC'], keep_shutter_open_across: 'tpgcz' }],
    ['an interval', { time_plan: { interval: 1, loops: 3 } }],
    ['a time plan that leaves out what is late', { time_plan: { interval: 0, loops: 3, prioritize_duration: true } }],
  ])('%s: no burst', async (_what, sequence) => {
    const { acquire, calls } = bench();
    await acquire(sequence);
    expect(calls.filter((call) => call.includes('burst'))).toEqual([]);
    expect(calls).toContain('cam.trigger()');
  });

  test('a burst that fails leaves the light off and the axis disarmed and at home', async () => {
    const { acquire, calls, camera, of } = bench();
    camera.onBurst = () => {
      const status = new Status({ label: 'cam.burst' });
      status.setException(new Error('cam: 1 of 3 frames came'));
      return status;
    };
    await expect(acquire(STACKS)).rejects.toThrow('1 of 3 frames came');
    expect(calls.slice(-6, -2)).toEqual(['z.disarm()', 'DAPI off', 'z.set(0)', 'cam.unstage()']);
    expect(of('stop')).toMatchObject([{ exit_status: 'fail', num_events: {} }]);
  });

  test('a pause in a burst stops the camera, and the whole burst is taken again', async () => {
    const { calls, camera, clock, context, engine, of } = bench();
    let paused = false;
    camera.onBurst = () => {
      if (paused) return null;
      paused = true;
      camera.trigger();
      void engine.pause();
      return new Status({ label: 'cam.burst' });
    };
    await clock.run(engine.run(mda(STACKS, context))).catch(() => {});
    expect([engine.state, calls.includes('cam.stop()')]).toEqual(['paused', true]);
    await clock.run(engine.resume());
    expect(of('event').map(({ seq_num, data }) => [seq_num, data.z])).toEqual(
      [-1, 0, 1, -1, 0, 1].map((um, at) => [at + 1, um]),
    );
    expect(of('stream_datum').map(({ indices }) => indices.start)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(of('stop')).toMatchObject([{ exit_status: 'success', num_events: { primary: 6 } }]);
  });
});

test('where the focus axis has to be moved, planes are taken one by one, and times without an interval in bursts', async () => {
  const { acquire, calls } = bench('has to be moved');
  await acquire({ axis_order: 'zt', time_plan: { interval: 0, loops: 2 }, z_plan: { relative: [0, 1] } });
  expect(calls.filter((call) => /^(z\.set|cam\.burst|cam\.trigger)/.test(call))).toEqual([
    ...['z.set(0)', 'cam.burst(10 10) at 0', 'z.set(1)', 'cam.burst(10 10) at 0', 'z.set(0)'],
  ]);
});
