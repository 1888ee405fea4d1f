import { describe, expect, test } from 'vitest';
import type { Plan } from '../engine/msg.ts';
import { type CallLog, FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import { count, finalizeWrapper, gridScan, linspace, scan, sleep, stageWrapper } from './index.ts';

function bench() {
  const calls: CallLog = [];
  return { calls, det: new FakeDetector('det', calls), x: new FakeAxis('x', calls), y: new FakeAxis('y', calls) };
}

async function documentsOf(plan: Plan) {
  const recording = recordingEngine();
  await recording.clock.run(recording.engine.run(plan));
  return recording;
}

describe('count', () => {
  test('takes one reading of each detector, staged before and unstaged after', async () => {
    const { calls, det } = bench();
    const { of, messages } = await documentsOf(count([det]));
    expect(of('event').map(({ data }) => data)).toEqual([{ det: 1 }]);
    expect(calls).toEqual(['det.stage()', 'det.trigger()', 'det.unstage()']);
    // Two checkpoints, as of bluesky: of the repetition and of the shot.
    expect(messages).toEqual(
      'stage open_run checkpoint checkpoint trigger wait create read save close_run unstage'.split(' '),
    );
  });

  test('says in the start document what it will do', async () => {
    const { of } = await documentsOf(count([bench().det], { num: 3, delay: 0.5, md: { sample: 's' } }));
    expect(of('start')).toMatchObject([
      {
        plan_name: 'count',
        detectors: ['det'],
        num_points: 3,
        num_intervals: 2,
        plan_args: { detectors: ['det'], num: 3, delay: 0.5 },
        hints: { dimensions: [[['time'], 'primary']] },
        sample: 's',
      },
    ]);
  });

  test('waits after each reading, less what the reading took', async () => {
    const { clock, of } = await documentsOf(count([bench().det], { num: 3, delay: 0.5 }));
    // The plan's own work takes its time.
    expect(clock.monotonicMs()).toBeGreaterThan(1300);
    expect(clock.monotonicMs()).toBeLessThanOrEqual(1500);
    const [first = 0, second = 0, third = 0] = of('event').map(({ time }) => time);
    expect(second - first).toBeCloseTo(0.5, 1);
    expect(third - second).toBeCloseTo(0.5, 1);
  });

  test('of detectors that cannot be triggered reads them, without waiting', async () => {
    const { messages, of } = await documentsOf(count([new FakeAxis('x')], { num: 2 }));
    expect(messages).not.toContain('wait');
    expect(of('event')).toHaveLength(2);
  });

  test('of nothing makes a run without events', async () => {
    const { of } = await documentsOf(count([], { num: 2 }));
    expect(of('stop')).toMatchObject([{ exit_status: 'success', num_events: {} }]);
  });
});

describe('linspace', () => {
  test.each([
    [0, 1, 1, [0]],
    [0, 1, 2, [0, 1]],
    [-1, 1, 5, [-1, -0.5, 0, 0.5, 1]],
    [3, 1, 3, [3, 2, 1]],
    [2, 2, 2, [2, 2]],
    [0, 1, 0, []],
  ])('from %d to %d in %d', (start, stop, num, expected) => {
    expect(linspace(start, stop, num)).toEqual(expected);
  });

  test('ends exactly at the stop', () => {
    expect(linspace(0, 0.3, 7).at(-1)).toBe(0.3);
  });
});

describe('scan', () => {
  test('moves all axes together along a line', async () => {
    const { det, x, y } = bench();
    const axes = [
      { axis: x, start: 0, stop: 2 },
      { axis: y, start: 10, stop: 20 },
    ];
    const { of } = await documentsOf(scan([det], axes, 3));
    expect(of('event').map(({ data }) => [data.det, data.x, data.y])).toEqual([
      [1, 0, 10],
      [2, 1, 15],
      [3, 2, 20],
    ]);
    expect(of('start')).toMatchObject([
      {
        motors: ['x', 'y'],
        num_points: 3,
        plan_pattern: 'inner_product',
        hints: { dimensions: [[['x', 'y'], 'primary']] },
      },
    ]);
  });

  test('does not move an axis that is there already', async () => {
    const { calls, det, x } = bench();
    await documentsOf(scan([det], [{ axis: x, start: 4, stop: 4 }], 3));
    expect(calls.filter((call) => call.startsWith('x.set'))).toEqual(['x.set(4)']);
  });
});

describe('gridScan', () => {
  async function visit(snake: boolean, ...nums: number[]): Promise<string[]> {
    const axes = nums.map((num, k) => ({ axis: new FakeAxis(`a${k}`), start: 0, stop: num - 1, num }));
    const { of } = await documentsOf(gridScan([], axes, { snakeAxes: snake }));
    return of('event').map(({ data }) => axes.map(({ axis }) => data[axis.name]).join(''));
  }

  test('goes through every line in the same direction', async () => {
    expect(await visit(false, 2, 3)).toEqual(['00', '01', '02', '10', '11', '12']);
  });

  test('turns round at the end of a line as a snake', async () => {
    expect(await visit(true, 3, 3)).toEqual(['00', '01', '02', '12', '11', '10', '20', '21', '22']);
  });

  test('as a snake in three dimensions never jumps', async () => {
    const points = await visit(true, 2, 3, 2);
    expect(new Set(points).size).toBe(12);
    for (const [k, point] of points.slice(1).entries()) {
      const before = points[k] ?? '';
      const steps = [...point].map((digit, axis) => Math.abs(Number(digit) - Number(before[axis])));
      expect(steps.reduce((sum, step) => sum + step)).toBe(1);
    }
  });

  test('describes the grid', async () => {
    const { det, x, y } = bench();
    const axes = [
      { axis: x, start: 0, stop: 1, num: 2 },
      { axis: y, start: 5, stop: 7, num: 3 },
    ];
    const { of } = await documentsOf(gridScan([det], axes, { snakeAxes: true, md: { sample: 's' } }));
    expect(of('start')).toMatchObject([
      {
        plan_name: 'grid_scan',
        plan_pattern: 'outer_product',
        shape: [2, 3],
        extents: [
          [0, 1],
          [5, 7],
        ],
        snaking: [false, true],
        num_points: 6,
        sample: 's',
      },
    ]);
  });
});

describe('wrappers', () => {
  test('finalizeWrapper runs after an error, which goes on', async () => {
    const { clock, engine } = recordingEngine();
    const trace: string[] = [];
    function* fails(): Plan<void> {
      yield* sleep(0);
      throw new Error('oops');
    }
    const plan = finalizeWrapper(fails(), function* () {
      trace.push('last');
      yield* sleep(0);
    });
    await expect(clock.run(engine.run(plan))).rejects.toThrow('oops');
    expect(trace).toEqual(['last']);
  });

  test('stageWrapper unstages in reverse, when one of them fails to be staged', async () => {
    const { engine } = recordingEngine();
    const calls: CallLog = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => new FakeDetector(name, calls));
    Object.defineProperty(b, 'stage', {
      value: () => {
        calls.push('b.stage()');
        throw new Error('b: no answer');
      },
    });
    const run = engine.run(stageWrapper(count([]), [a, b, c] as object[]));
    await expect(run).rejects.toThrow('b: no answer');
    expect(calls).toEqual(['a.stage()', 'b.stage()', 'c.unstage()', 'b.unstage()', 'a.unstage()']);
  });
});
