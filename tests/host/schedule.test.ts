import { expect, test } from 'vitest';
import { ScheduleRecord, scheduleWords } from '../../src/main/host/plans/schedule-record.ts';
import { WorkClock } from '../../src/main/host/work-clock.ts';
import { Status } from '../../src/sdk/device/index.ts';
import { type MdaContext, type MdaSequence, mda } from '../../src/sdk/plans/index.ts';
import { FakeAxis, FakeCamera, FakeXYStage, recordingEngine } from '../../src/sdk/testing/index.ts';

/** Exposures that take so long, and a stage that goes 1 mm/s, on a clock that is turned by hand. */
function bench(exposureS = 0) {
  const recording = recordingEngine();
  const { clock, engine } = recording;
  engine.registerCommand('frame_place', () => undefined);
  const later = (label: string, afterS: number, end = () => {}) => {
    const status = new Status({ label });
    clock.setTimeout(() => {
      end();
      status.setFinished();
    }, afterS * 1000);
    return status;
  };
  const exposedS: number[] = [];
  const places: (number | null)[] = [];
  const camera = new FakeCamera('cam');
  const shown = camera.trigger.bind(camera);
  const xy = new FakeXYStage('xy');
  camera.trigger = () => {
    shown();
    exposedS.push(clock.monotonicMs() / 1000);
    places.push(xy.x.position);
    return later('cam.trigger', exposureS);
  };
  xy.x.set = (target: number) =>
    later('xy-x.set', Math.abs(target - xy.x.position) / 1000, () => {
      xy.x.target = target;
      xy.x.position = target;
    });
  const schedule = new ScheduleRecord();
  const context: MdaContext = {
    ...{ cameras: [camera], xy, z: new FakeAxis('z'), channels: new Map(), onTimePoint: schedule.note },
    nowS: new WorkClock(engine, clock).nowS,
  };
  const begin = (sequence: MdaSequence) => engine.run(mda(sequence, context));
  const acquire = (sequence: MdaSequence) => clock.run(begin(sequence));
  /** Intervals between exposures at one place, s. */
  const intervalsAt = (x: number) => {
    const own = exposedS.filter((_, at) => places[at] === x);
    return own.slice(1).map((time, at) => Number((time - (own[at] ?? 0)).toFixed(3)));
  };
  return { ...recording, begin, acquire, exposedS, intervalsAt, schedule };
}

const FAR_APART = [
  { x: 0, y: 0 },
  { x: 400, y: 0 },
];

test.each(['ptcz', 'tpcz'])(
  'the way to a place is no part of its interval, from the first on: %s',
  async (axis_order) => {
    const { acquire, intervalsAt } = bench(0.1);
    await acquire({ axis_order, stage_positions: FAR_APART, time_plan: { interval: 1.5, loops: 4 } });
    expect([intervalsAt(0), intervalsAt(400)]).toEqual([
      [1.5, 1.5, 1.5],
      [1.5, 1.5, 1.5],
    ]);
  },
);

test('nor is the way to the first tile of a grid', async () => {
  const { acquire, intervalsAt } = bench();
  const grid_plan = { rows: 1, columns: 2, fov_width: 300, fov_height: 300 };
  await acquire({ stage_positions: [{ x: 650, y: 0 }], grid_plan, time_plan: { interval: 2, loops: 3 } });
  expect([intervalsAt(500), intervalsAt(800)]).toEqual([
    [2, 2],
    [2, 2],
  ]);
});

test.each([
  ['while it waits', 2500],
  ['while it exposes', 2050],
])('a pause moves the times after it by its length: %s', async (_when, atMs) => {
  const { begin, engine, clock, exposedS } = bench(0.1);
  const run = begin({ time_plan: { interval: 1, loops: 6 } }).catch(() => {});
  await clock.advance(atMs);
  await clock.run(engine.pause());
  await run;
  await clock.advance(6000);
  await clock.run(engine.resume());
  const after = exposedS.map((time) => Number(time.toFixed(2))).filter((time) => time > 8.06);
  expect(after).toEqual([9, 10, 11]);
});

test('time points that are left out for their duration are counted without the pause', async () => {
  const { begin, engine, clock, exposedS } = bench(0.1);
  const run = begin({ time_plan: { interval: 1, duration: 4 } }).catch(() => {});
  await clock.advance(1500);
  await clock.run(engine.pause());
  await run;
  await clock.advance(60_000);
  await clock.run(engine.resume());
  expect(exposedS.map(Math.round)).toEqual([0, 1, 62, 63, 64]);
});

test('a schedule that cannot be kept is told with its figures', async () => {
  const { acquire, schedule } = bench(0.5);
  await acquire({ time_plan: { interval: 0.2, loops: 5 } });
  expect(schedule.kept).toEqual({
    ...{ timePoints: 5, late: 4, leftOut: 0, latestS: expect.closeTo(1.2, 6) },
    ...{ askedIntervalS: 0.2, intervalS: expect.closeTo(0.5, 6) },
  });
  expect(scheduleWords(schedule.kept)).toBe(
    '4 of 5 time points were late, by up to 1.2 s (every 0.5 s instead of 0.2 s)',
  );
});

test('time points that were left out are told, those that were kept are not, and no interval is none to keep', async () => {
  const leftOut = bench(1.5);
  await leftOut.acquire({ time_plan: { interval: 1, duration: 4 } });
  expect(scheduleWords(leftOut.schedule.kept)).toMatch(/^1 of 5 time points were left out, as they came too late; /);
  const kept = bench(0.1);
  await kept.acquire({ stage_positions: FAR_APART, axis_order: 'ptcz', time_plan: { interval: 1, loops: 3 } });
  expect([kept.schedule.kept?.late, scheduleWords(kept.schedule.kept)]).toEqual([0, null]);
  const asFastAsPossible = bench(0.1);
  await asFastAsPossible.acquire({ time_plan: { interval: 0, loops: 3 } });
  expect(asFastAsPossible.schedule.kept).toBeNull();
});
