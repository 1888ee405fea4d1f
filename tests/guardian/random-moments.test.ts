import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { acquisitionChannel } from '../../src/shared/channels/acquisition.ts';
import { cameraChannel } from '../../src/shared/channels/camera.ts';
import { tellFigures } from '../endurance/sizes.ts';
import { seededRandom } from '../recover/seeded-random.ts';
import { ASLEEP, blockedFor, MISHAPS, type Mishap } from './events.ts';
import { type Moment, reach } from './moments.ts';
import { isRunning } from './processes.ts';
import { type ServedMicroscope, serveMicroscope } from './served-microscope.ts';
import { type Timing, timingsTable } from './timings-table.ts';
import { lastActMs, type Witness, witness } from './witness.ts';

// REDSUN_GUARDIAN_TRIALS: how often; REDSUN_GUARDIAN_SEED: another series of events and moments.
const TRIALS = Number(process.env.REDSUN_GUARDIAN_TRIALS ?? 20);
const SEED = Number(process.env.REDSUN_GUARDIAN_SEED ?? 1);
const DARK_MS = 2_500;
/** So long after the first light at the latest something happens, ms: some exposures of the run further. */
const LATEST_MS = 400;
/** Short, so that what happens falls between two commands to the laser, too. */
const EXPOSURE_MS = 25;

/** One host serves several of the trials that it outlives. */
const IN_SERIES = new Set(['by-itself', undefined]);
const EVENTS: readonly Mishap[] = [
  ...MISHAPS.filter(({ event, launch }) => !/asleep|blocked/.test(event) && IN_SERIES.has(launch?.launch)),
  blockedFor(2_600),
  ASLEEP,
];
const MOMENTS: readonly Moment[] = ['lit by hand', 'Live', 'exposures'];

test(
  `${TRIALS} times something happens at a random moment, seed ${SEED}: the laser is dark soon after, and stays so`,
  async () => {
    const random = seededRandom(SEED);
    const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const bench = await witness();
    const timings: Timing[] = [];
    onTestFinished(async () => {
      const table = `seed ${SEED}\n${timingsTable(timings)}`;
      process.stdout.write(`${table}\n`);
      await tellFigures(table);
    });
    let microscope: ServedMicroscope | null = null;
    for (let trial = 0; trial < TRIALS; trial++) {
      const [mishap, moment, delayMs] = [oneOf(EVENTS), oneOf(MOMENTS), random() * LATEST_MS];
      const needsAnother = mishap.launch !== undefined;
      if (microscope && needsAnother) await end(microscope);
      if (!microscope || needsAnother) microscope = await serveMicroscope(bench, mishap.launch);
      await reach(moment, microscope, bench.laser, EXPOSURE_MS);
      // The moment is what is random; nothing is waited for.
      await sleep(delayMs);
      // Not the first one: another may have taken its place in an earlier trial.
      const guardianPid = microscope.guardianPid();
      const sinceMs = await mishap.act(microscope);
      await settled(mishap, { ...microscope, guardianPid }, bench, sinceMs);
      const about = `trial ${trial}: ${mishap.event}, ${moment}, after ${delayMs} ms`;
      const timing = { event: mishap.event, moment, ms: await litFor(bench, sinceMs, about) };
      timings.push(timing);
      expect.soft(timing.ms, about).toBeLessThan(DARK_MS);
      const isOver = mishap.host === 'ends' || needsAnother;
      if (isOver && mishap.host === 'stays') await end(microscope);
      else if (!isOver) await putInOrder(microscope);
      if (isOver) microscope = null;
    }
  },
  60_000 + TRIALS * 8_000,
);

/** From what happened until the last time that it went out, ms. @throws Error when it is lit. */
async function litFor({ laser }: Witness, sinceMs: number, about: string): Promise<number> {
  const changes = await laser.changes();
  expect(changes.at(-1)?.on, `${about}: lit`).toBe(false);
  const last = changes.at(-1)?.atMs ?? 0;
  return Math.max(0, last - sinceMs);
}

type Settling = Omit<ServedMicroscope, 'guardianPid'> & { readonly guardianPid: number };

/** Until nobody is there any more who could light it, or the guardian has written down what it did and the host knows. */
async function settled(mishap: Mishap, microscope: Settling, bench: Witness, sinceMs: number): Promise<void> {
  if (mishap.host === 'ends') {
    await expect.poll(() => isRunning(microscope.hostPid)).toBe(false);
    await expect.poll(() => isRunning(microscope.guardianPid)).toBe(false);
    return;
  }
  await expect.poll(() => lastActMs(bench)).toBeGreaterThanOrEqual(sinceMs);
  mishap.undo?.(microscope.hostPid);
  await expect.poll(() => 1000 * (microscope.guardian()?.lastAct?.time ?? 0)).toBeGreaterThanOrEqual(sinceMs);
  await expect.poll(() => microscope.acquisition()?.engine).toMatch(/^(paused|idle)$/);
}

/** Ready for the next trial: no run, no Live. */
async function putInOrder({ bridge, acquisition }: ServedMicroscope): Promise<void> {
  if (acquisition()?.engine === 'paused') {
    await bridge.channel(acquisitionChannel).call('abort', { reason: 'the next trial' });
    await expect.poll(acquisition).toMatchObject({ engine: 'idle', run: null });
  }
  await bridge.channel(cameraChannel).call('stopLive', undefined);
}

async function end({ hostPid }: ServedMicroscope): Promise<void> {
  process.kill(hostPid, 'SIGTERM');
  await expect.poll(() => isRunning(hostPid)).toBe(false);
}
