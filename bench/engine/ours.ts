// Our side of `node bench/engine.ts`: prints one line of JSON. With --documents: the documents of a few plans, to be compared first.

import { setTimeout as later } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { type Msg, msg, type Plan, RunEngine } from 'redsun/sdk/engine';
import {
  collect,
  count,
  declareStream,
  gridScan,
  kickoff,
  monitor,
  runWrapper,
  scan,
  stageWrapper,
  unmonitor,
} from 'redsun/sdk/plans';
import { Det, Motor, Signal, StreamDet } from '../../plugins/bluesky-sim/index.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import type { Measured } from './measure.ts';

const engine = new RunEngine({ clock: systemClock, giveWay: () => setImmediate() });
const det = new Det('det');
const [m1, m2] = [new Motor('m1'), new Motor('m2')];
const sig = new Signal('sig');
const nobody = () => {};

const MESSAGES = 20_000;
const READINGS = 2000;
const CHANGES = 2000;
const FRAMES = 500;

function* same(command: string): Plan<void> {
  for (let sent = 0; sent < MESSAGES; sent++) yield msg(command);
}

const mesh = () => [
  { axis: m1, start: 0, stop: 1, num: 50 },
  { axis: m2, start: 0, stop: 1, num: 40 },
];

/** ms of a whole call. */
async function wall(plan: Plan | readonly Msg[], subscriber: (() => void) | null = null): Promise<number> {
  const beganMs = performance.now();
  await engine.run(plan, subscriber);
  return performance.now() - beganMs;
}

async function perSecond(number: number, plan: () => Plan, subscriber: (() => void) | null = null): Promise<number> {
  return (number / (await wall(plan(), subscriber))) * 1000;
}

async function firstDocumentMs(): Promise<number> {
  const beganMs = performance.now();
  let firstMs = Number.NaN;
  await engine.run(count([det]), (name) => {
    if (name === 'start') firstMs = performance.now() - beganMs;
  });
  return firstMs;
}

/** A request while the plan sleeps, until the call has come back; and from resume to the next message. */
async function pauseAndResumeMs(): Promise<[pauseMs: number, resumeMs: number]> {
  const going = engine.run([msg('checkpoint'), msg('sleep', null, [10]), msg('null')]);
  let askedMs = 0;
  later(() => {
    askedMs = performance.now();
    void engine.pause();
  }, 100);
  await going.catch(() => {});
  const pauseMs = performance.now() - askedMs;
  const resumedMs = performance.now();
  let firstMs = Number.NaN;
  engine.msgHook = () => {
    if (Number.isNaN(firstMs)) firstMs = performance.now() - resumedMs;
  };
  const resumed = engine.resume().catch(() => {});
  later(() => void engine.abort(), 50);
  await resumed;
  engine.msgHook = null;
  return [pauseMs, firstMs];
}

function* changes(): Plan<void> {
  yield* monitor(sig, 's');
  for (let value = 0; value < CHANGES; value++) sig.put(value);
  yield* unmonitor(sig);
}

async function framesPerSecond(): Promise<number> {
  const sd = new StreamDet('sd');
  let seconds = Number.NaN;
  function* frames(): Plan<void> {
    yield* declareStream([sd], 'm', true);
    yield* kickoff(sd, { wait: true });
    const beganMs = performance.now();
    for (let frame = 0; frame < FRAMES; frame++) {
      sd.frames++;
      yield* collect([sd], { name: 'm' });
    }
    seconds = (performance.now() - beganMs) / 1000;
  }
  await engine.run(stageWrapper(runWrapper(frames()), [sd]));
  return FRAMES / seconds;
}

/** Five times, after one that does not count. */
async function five(measure: () => Promise<number>): Promise<number[]> {
  await measure();
  const values: number[] = [];
  for (let round = 0; round < 5; round++) values.push(await measure());
  return values;
}

async function measured(): Promise<Measured> {
  const pauses: [number, number][] = [];
  for (let round = 0; round < 6; round++) pauses.push(await pauseAndResumeMs());
  const counted = () => count([det], { num: READINGS });
  return {
    null_msgs_per_s: await five(() => perSecond(MESSAGES, () => same('null'))),
    checkpoint_msgs_per_s: await five(() => perSecond(MESSAGES, () => same('checkpoint'))),
    count_events_per_s_0sub: await five(() => perSecond(READINGS, counted)),
    count_events_per_s_1sub: await five(() => perSecond(READINGS, counted, nobody)),
    scan_events_per_s_1sub: await five(() =>
      perSecond(READINGS, () => scan([det], [{ axis: m1, start: 0, stop: 1 }], READINGS), nobody),
    ),
    grid_events_per_s_0sub: await five(() => perSecond(READINGS, () => gridScan([det], mesh(), { snakeAxes: true }))),
    monitor_events_per_s: await five(() => perSecond(CHANGES, () => runWrapper(changes()))),
    stream_collect_per_s: await five(framesPerSecond),
    first_doc_ms: await five(firstDocumentMs),
    run_total_ms: await five(() => wall(count([det]))),
    pause_ms: pauses.slice(1).map(([pauseMs]) => pauseMs),
    resume_first_msg_ms: pauses.slice(1).map(([, resumeMs]) => resumeMs),
  };
}

async function documents(): Promise<unknown[]> {
  const emitted: unknown[] = [];
  const token = engine.subscribe((name, doc) => emitted.push([name, doc]));
  await engine.run(count([det], { num: 3 }));
  await engine.run(scan([det], [{ axis: m1, start: 0, stop: 1 }], 5));
  await engine.run(
    gridScan(
      [det],
      [
        { ...mesh()[0]!, num: 3 },
        { ...mesh()[1]!, num: 2 },
      ],
      { snakeAxes: true },
    ),
  );
  engine.unsubscribe(token);
  return emitted;
}

process.stdout.write(
  `${JSON.stringify(process.argv.includes('--documents') ? await documents() : await measured())}\n`,
);
