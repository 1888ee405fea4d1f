import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCamera } from '../device/roles.ts';
import { msg, type Plan } from '../engine/msg.ts';
import { FakeAxis, FakeCamera, FakeDetector } from '../testing/fake-devices.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import { adaptiveScan } from './adaptive.ts';
import { count } from './count.ts';
import { type DurationOf, type EstimateOptions, estimate, type PlanEstimate } from './estimate.ts';
import { gridScan, relGridScan } from './grid-scan.ts';
import { relScan, scan } from './scan.ts';
import { mv, sleep } from './stubs.ts';
import { runWrapper } from './wrappers.ts';

/** A message takes 1 s to 2 s where it moves or exposes, and nothing otherwise. */
const durationOf: DurationOf = ({ command, distance, exposureS }) => {
  if (command === 'set') return { low: 1 + (distance ?? 0), high: 2 + (distance ?? 0), learnt: true };
  if (command === 'trigger') return { low: exposureS ?? 1, high: exposureS ?? 2, learnt: true };
  return { low: 0, high: 0, learnt: true };
};

function estimated(
  makePlan: (nowS: () => number) => Plan,
  options: Partial<EstimateOptions> = {},
): Promise<PlanEstimate> {
  return estimate(makePlan, { clock: new ManualClock(), durationOf, ...options });
}

/** What the engine did when it really ran a plan. */
async function executed(plan: Plan) {
  const { engine, clock, messages, of } = recordingEngine();
  await clock.run(engine.run(plan));
  const times = (command: string) => messages.filter((one) => one === command).length;
  return { messages: messages.length, moves: times('set'), exposures: times('trigger'), events: of('event').length };
}

const step = fc.record({
  kind: fc.constantFrom('scan', 'rel_scan', 'grid', 'rel_grid', 'count' as const),
  num: fc.integer({ min: 1, max: 6 }),
  lines: fc.integer({ min: 1, max: 4 }),
  detectors: fc.integer({ min: 1, max: 2 }),
  start: fc.integer({ min: -20, max: 20 }),
  span: fc.integer({ min: -20, max: 20 }),
  snake: fc.boolean(),
});

function planOf({
  kind,
  num,
  lines,
  detectors,
  start,
  span,
  snake,
}: typeof step extends fc.Arbitrary<infer T> ? T : never): Plan {
  const dets = Array.from({ length: detectors }, (_, index) => new FakeDetector(`det${index}`));
  const fast = { axis: new FakeAxis('fast'), start, stop: start + span };
  const slow = { axis: new FakeAxis('slow'), start: 0, stop: 5, num: lines };
  const mesh = [slow, { ...fast, num }];
  if (kind === 'scan') return scan(dets, [fast], num);
  if (kind === 'rel_scan') return relScan(dets, [fast], num);
  if (kind === 'grid') return gridScan(dets, mesh, { snakeAxes: snake });
  if (kind === 'rel_grid') return relGridScan(dets, mesh, { snakeAxes: snake });
  return count(dets, { num });
}

test('counts are those of the run, for scans of all kinds', async () => {
  await fc.assert(
    fc.asyncProperty(step, async (wanted) => {
      const { kind, messages, moves, exposures, events } = await estimated(() => planOf(wanted));
      expect({ kind, messages, moves, exposures, events }).toEqual({
        kind: 'whole',
        ...(await executed(planOf(wanted))),
      });
    }),
    { numRuns: 150, seed: 7 },
  );
});

test('nothing moves, and devices are not triggered', async () => {
  const axis = new FakeAxis('m1');
  const det = new FakeDetector('det', axis.calls);
  await estimated(() => scan([det], [{ axis, start: 0, stop: 9 }], 4));
  expect(axis.calls).toEqual([]);
});

describe('time', () => {
  test('counts distances from where the axis stands, and what goes on at the same time once', async () => {
    const [a, b] = [new FakeAxis('a'), new FakeAxis('b')];
    function* plan(): Plan<void> {
      yield* mv(
        new Map([
          [a, 3],
          [b, 1],
        ]) as Map<FakeAxis, unknown>,
      );
      yield* mv(new Map([[a, 1]]) as Map<FakeAxis, unknown>);
      yield* sleep(10);
    }
    expect((await estimated(plan)).seconds).toEqual({ low: 4 + 3 + 10, high: 5 + 4 + 10 });
  });

  test('a pace takes its interval where the work takes less, and the work where it takes more', async () => {
    const readings = (delay: number) => estimated(() => count([new FakeDetector('det')], { num: 4, delay }));
    expect((await readings(5)).seconds).toEqual({ low: expect.closeTo(20, 6), high: expect.closeTo(20, 6) });
    expect((await readings(0.5)).seconds).toEqual({ low: 4, high: 8 });
  });

  test('a plan that looks at the clock sees the time that it would be', async () => {
    function* plan(nowS: () => number): Plan<void> {
      for (let time = 0; time < 5; time++) {
        yield* mv(new Map([[axis, time]]) as Map<FakeAxis, unknown>);
        const left = (time + 1) * 10 - nowS();
        if (left > 0) yield* sleep(left);
      }
    }
    const axis = new FakeAxis('m1');
    expect((await estimated(plan)).seconds).toEqual({ low: 50, high: 50 });
  });

  test('cameras take their exposure, changes in the plan included, and their frames are bytes', async () => {
    const camera = new FakeCamera('camera');
    expect(isCamera(camera)).toBe(true);
    function* plan(): Plan<void> {
      yield msg('trigger', camera, [], { group: 'a' });
      yield msg('wait', null, [], { group: 'a' });
      yield msg('configure', camera, [{ exposure_ms: 250 }]);
      yield msg('trigger', camera, [], { group: 'a' });
      yield msg('wait', null, [], { group: 'a' });
    }
    const [height, width] = camera.frameShape;
    const first = camera.settings.exposureMs / 1000;
    const { seconds, bytes, exposures } = await estimated(plan);
    expect(seconds?.low).toBeCloseTo(first + 0.25, 9);
    expect([exposures, bytes]).toEqual([2, 2 * height * width * 2]);
  });

  test('how much of it was measured before is said', async () => {
    const half: DurationOf = (asked) => ({ ...durationOf(asked), learnt: asked.command === 'null' });
    function* plan(): Plan<void> {
      yield msg('null');
      yield msg('checkpoint');
    }
    expect((await estimated(plan, { durationOf: half })).learnt).toBe(0.5);
    expect((await estimate(plan, { clock: new ManualClock() })).learnt).toBe(0);
  });
});

describe('what nobody can know is said', () => {
  test('an adaptive plan', async () => {
    const plan = () =>
      adaptiveScan(
        [new FakeDetector('det')],
        { axis: new FakeAxis('m1'), start: 0, stop: 10 },
        { targetField: 'det', minStep: 0.1, maxStep: 1, targetDelta: 0.5, backstep: false },
      );
    const { kind, seconds, notes } = await estimated(plan);
    expect([kind, seconds, notes]).toEqual(['unknown', null, ['What it does depends on what det reads']]);
  });

  test('a plan without end', async () => {
    const endless = await estimated(() => count([new FakeDetector('det')], { num: null }), { maxMessages: 500 });
    expect(endless).toMatchObject({ kind: 'unknown', seconds: null, messages: 500 });
    expect(endless.notes).toEqual(['No end within 500 messages']);
  });

  test('a very long plan is counted from its first part, where its exposures are known', async () => {
    const plan = () => count([new FakeDetector('det')], { num: 1000 });
    const whole = await estimated(plan);
    const part = await estimated(plan, { maxMessages: 900, exposures: 1000 });
    expect(part).toMatchObject({
      kind: 'extrapolated',
      exposures: 1000,
      notes: ['Counted from the first 900 messages'],
    });
    expect(Math.abs(part.messages - whole.messages) / whole.messages).toBeLessThan(0.02);
    expect(part.seconds!.low).toBeLessThanOrEqual(whole.seconds!.low);
    expect(part.seconds!.high).toBeGreaterThanOrEqual(whole.seconds!.high);
  });

  test.each([
    ['wait_for', /waits for a condition/],
    ['input', /asks the operator/],
    ['pause', /pauses/],
  ])('%s takes nobody knows how long', async (command, words) => {
    const { kind, seconds, notes, messages } = await estimated(function* () {
      yield msg(command);
      yield msg('null');
    });
    expect([kind, seconds, messages, notes]).toEqual(['unknown', null, 2, [expect.stringMatching(words)]]);
  });

  test('a plan that fails', async () => {
    function* plan(): Plan<void> {
      yield msg('null');
      throw new Error('no such position');
    }
    const { kind, notes } = await estimated(() => runWrapper(plan(), {}));
    expect([kind, notes]).toEqual(['unknown', ['It cannot be gone through: no such position']]);
  });
});

test('other work is let in every few ms, and an abort ends it', async () => {
  const clock = new ManualClock();
  let gaveWay = 0;
  const controller = new AbortController();
  const ticking = { monotonicMs: () => clock.monotonicMs() + ++ticks };
  let ticks = 0;
  const endless = () => count([new FakeDetector('det')], { num: null });
  const work = estimated(endless, {
    clock: ticking,
    signal: controller.signal,
    giveWay: async () => {
      if (++gaveWay === 3) controller.abort(new Error('closed'));
    },
  });
  await expect(work).rejects.toThrow('closed');
  expect(gaveWay).toBe(3);
});
