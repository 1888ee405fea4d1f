import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunEngine } from 'redsun/sdk/engine';
import { estimate, type PlanStep, scan, sleep } from 'redsun/sdk/plans';
import { ManualClock } from 'redsun/sdk/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildMicroscope } from '../../../../plugins/sim-microscope/testing/microscope.ts';
import { DeviceTimings } from './device-timings.ts';
import { fitDurations, rangeFor, type Sample } from './duration-model.ts';
import { TimingRecorder } from './timing-recorder.ts';
import { readTimings, timingsPath, writeTimings } from './timings-file.ts';

const move = (distance: number): PlanStep => ({ command: 'set', device: 'z', distance, exposureS: null });

describe('the model of durations', () => {
  /** 0.2 s and 0.01 s for each um, with a little noise and a move in ten that met with something. */
  const samples = Array.from({ length: 40 }, (_, at): Sample => {
    const um = (at * 37) % 100;
    return [um, 0.2 + 0.01 * um + (at % 5) * 0.002 + (at % 10 === 0 ? 3 : 0)];
  });

  test('finds the line, and lets a few that took long not move it', () => {
    const model = fitDurations(samples)!;
    expect(model.b).toBeCloseTo(0.01, 3);
    expect(model.a).toBeCloseTo(0.204, 2);
    const { low, high } = rangeFor(model, 50);
    expect(low).toBeGreaterThan(0.65);
    expect(high).toBeLessThan(0.75);
  });

  test('is in doubt with few samples, and certain of nothing without any', () => {
    const three: Sample[] = [
      [0, 1],
      [0, 1.1],
      [0, 1.2],
    ];
    const few = rangeFor(fitDurations(three)!, 0);
    const many = rangeFor(fitDurations(Array.from({ length: 4 }, () => three).flat())!, 0);
    expect([few.low < many.low, few.high > many.high, many.high < 1.25]).toEqual([true, true, true]);
    expect(fitDurations([])).toBeNull();
  });

  test('never foretells less than nothing', () => {
    const falling: Sample[] = [
      [1, 2],
      [2, 1],
      [3, 0],
    ];
    expect(rangeFor(fitDurations(falling)!, 1000).low).toBeGreaterThanOrEqual(0);
  });
});

describe('timings', () => {
  test('guess what was never measured, and say so', () => {
    const timings = new DeviceTimings();
    expect(timings.durationOf(move(10)).learnt).toBe(false);
    timings.add(move(10), 1.5);
    const { low, high, learnt } = timings.durationOf(move(10));
    expect([learnt, low < 1.5, low > 1, high > 1.5, high < 2]).toEqual([true, true, true, true, true]);
    expect(timings.durationOf({ ...move(10), device: 'x' }).learnt).toBe(false);
    timings.add(move(10), Number.NaN);
    expect(timings.changes).toBe(1);
  });

  test('keep the newest samples only', () => {
    const timings = new DeviceTimings();
    for (let at = 0; at < 200; at++) timings.add(move(1), at < 150 ? 9 : 1);
    expect(timings.samples['z.set']).toHaveLength(64);
    for (let at = 0; at < 64; at++) timings.add(move(1), 1);
    expect(timings.durationOf(move(1))).toMatchObject({ low: 1, high: 1 });
  });

  test('an exposure takes what it takes, and what was learnt on top', () => {
    const timings = new DeviceTimings();
    const exposure = (exposureS: number): PlanStep => ({ command: 'trigger', device: 'c', distance: null, exposureS });
    for (let at = 0; at < 10; at++) timings.add(exposure(0.1), 0.13);
    expect(timings.durationOf(exposure(2)).high).toBeCloseTo(2.03, 9);
  });
});

/** An engine on a simulated microscope whose clock stands still, and what it has learnt. */
function learning() {
  const microscope = buildMicroscope({ mode: 'ramp', size_px: 512, exposure_ms: 40 });
  const engine = new RunEngine({ clock: microscope.clock });
  const timings = new DeviceTimings();
  new TimingRecorder(engine, timings);
  const { camera, z, clock } = microscope;
  const plan = (start: number, stop: number, points: number) => scan([camera], [{ axis: z, start, stop }], points);
  return { ...microscope, engine, timings, plan, run: (made: ReturnType<typeof plan>) => clock.run(engine.run(made)) };
}

test.each([
  [-10, 10, 21],
  [0, 200, 11],
  [50, -50, 5],
])(
  'after a few runs a scan from %d to %d um in %d points takes as long as was foretold',
  async (start, stop, points) => {
    const { clock, timings, plan, run } = learning();
    await run(plan(0, 30, 7));
    await run(plan(0, 500, 6));
    const before = await estimate(() => plan(start, stop, points), { durationOf: timings.durationOf, clock });
    expect(before.learnt).toBeGreaterThan(0.95);
    const begunMs = clock.monotonicMs();
    await run(plan(start, stop, points));
    const tookS = (clock.monotonicMs() - begunMs) / 1000;
    const { low, high } = before.seconds!;
    expect(tookS).toBeGreaterThanOrEqual(low * 0.999);
    expect(tookS).toBeLessThanOrEqual(high * 1.001);
    expect(high / low).toBeLessThan(1.5);
  },
);

test('a move that was broken off, and the time of a sleep, are no measure of anything', async () => {
  const { clock, engine, timings, z } = learning();
  const run = engine.run([
    { command: 'set', obj: z, args: [500], kwargs: { group: 'a' }, run: null },
    ...sleepMessages(),
  ]);
  const ended = run.catch((error: unknown) => error);
  await clock.advance(100);
  await clock.run(engine.abort('test'));
  await ended;
  expect(Object.keys(timings.samples).filter((key) => key.startsWith('z.') || key === '.sleep')).toEqual([]);
});

function sleepMessages() {
  return [...sleep(60)];
}

describe('the file of timings', () => {
  async function temporary(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'redsun-timings-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  test('keeps what was learnt below the session, in one step', async () => {
    const path = timingsPath(await temporary(), 'bench');
    expect(path.endsWith(join('bench', '.redsun', 'timings.json'))).toBe(true);
    const samples = { 'z.set': [[10, 0.123456789]] as Sample[] };
    await writeTimings(path, samples, new ManualClock());
    const complaints: string[] = [];
    expect(await readTimings(path, (reason) => complaints.push(reason))).toEqual({ 'z.set': [[10, 0.123457]] });
    expect([complaints, await readdir(join(path, '..'))]).toEqual([[], ['timings.json']]);
  });

  test('that is not there is nothing to speak of', async () => {
    const complaints: string[] = [];
    expect(await readTimings(timingsPath(await temporary(), 's'), (reason) => complaints.push(reason))).toEqual({});
    expect(complaints).toEqual([]);
  });

  test.each([
    ['cut short', '{"schema_version": 1, "samp'],
    ['of another version', '{"schema_version": 2, "samples": {}}'],
    ['with what is no time', '{"schema_version": 1, "samples": {"z.set": [[1, -5]]}}'],
    ['with what is no number', '{"schema_version": 1, "samples": {"z.set": [["1", 5]]}}'],
  ])('%s is not used, and it is said why', async (_, text) => {
    const path = timingsPath(await temporary(), 's');
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    const complaints: string[] = [];
    expect(await readTimings(path, (reason) => complaints.push(reason))).toEqual({});
    expect(complaints).toEqual([expect.stringContaining('timings.json')]);
    await writeTimings(path, {}, new ManualClock());
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ schema_version: 1, samples: {} });
  });
});
