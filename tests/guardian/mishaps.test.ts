import { describe, expect, test } from 'vitest';
import { HOST_KILLED, MISHAPS, type Mishap } from './events.ts';
import { MOMENTS, type Moment, reach } from './moments.ts';
import { isRunning } from './processes.ts';
import { serveMicroscope } from './served-microscope.ts';
import { lastActMs, witness } from './witness.ts';

// REDSUN_GUARDIAN_TABLE=whole: each event in each moment.
const IS_WHOLE = process.env.REDSUN_GUARDIAN_TABLE === 'whole';
/** No light may burn longer than this without somebody who looks after it, ms. */
const DARK_MS = 2_500;

const everyEvent = MISHAPS.map((mishap) => ({ mishap, moment: 'exposure' as Moment }));
const everyMoment = MOMENTS.map((moment) => ({ mishap: HOST_KILLED, moment }));
const whole = MISHAPS.flatMap((mishap) => MOMENTS.map((moment) => ({ mishap, moment })));
const table = (IS_WHOLE ? whole : [...everyEvent, ...everyMoment.filter(({ moment }) => moment !== 'exposure')]).map(
  ({ mishap, moment }) => ({ event: mishap.event, moment, mishap }),
);

describe('the laser is dark soon after', () => {
  test.each(table)('$event ($moment)', async ({ mishap, moment }) => {
    await happens(mishap, moment);
  });
});

async function happens(mishap: Mishap, moment: Moment): Promise<void> {
  const bench = await witness();
  const { laser } = bench;
  const microscope = await serveMicroscope(bench, mishap.launch);
  await reach(moment, microscope, laser);
  const sinceMs = await mishap.act(microscope);
  const { atMs } = await laser.becomes(false);
  expect(atMs - sinceMs).toBeLessThan(DARK_MS);
  if (mishap.host === 'ends') await expect.poll(() => isRunning(microscope.hostPid)).toBe(false);
  else {
    // In a pause it is dark already: the host is kept away until the guardian has noticed.
    await expect.poll(() => lastActMs(bench)).toBeGreaterThanOrEqual(sinceMs);
    mishap.undo?.(microscope.hostPid);
    await expect.poll(() => microscope.guardian()?.lastAct ?? null).not.toBeNull();
    const isRun = moment === 'exposure' || moment === 'pause';
    await expect.poll(() => microscope.acquisition()?.engine).toBe(isRun ? 'paused' : 'idle');
    if (moment === 'exposure') expect(microscope.acquisition()?.run?.now).toContain('Paused: ');
  }
  // Nothing lights it again by itself.
  expect((await laser.changes()).at(-1)).toEqual({ atMs, on: false });
}
