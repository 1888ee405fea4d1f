import { expect, test } from 'vitest';
import { ManualClock } from '../../../sdk/testing/index.ts';
import { onceFree } from './once-free.ts';

const refused = (code: string) => Object.assign(new Error(`${code}: not permitted`), { code });

/** Refused until then. @returns how often it was tried, and when it was over. */
async function held(code: string, untilMs: number, platform: NodeJS.Platform) {
  const clock = new ManualClock();
  const startMs = clock.monotonicMs();
  let tries = 0;
  const work = async () => {
    tries++;
    if (clock.monotonicMs() - startMs < untilMs) throw refused(code);
    return 'renamed';
  };
  let outcome: string | null = null;
  void onceFree(work, clock, platform).then(
    (done) => {
      outcome = done;
    },
    (error: Error) => {
      outcome = error.message;
    },
  );
  while (outcome === null) await clock.advance(25);
  return { outcome, tries, ms: clock.monotonicMs() - startMs };
}

test.each(['EPERM', 'EACCES', 'EBUSY'])('on Windows a file that is held for 4 s (%s) is waited for', async (code) => {
  const { outcome, ms } = await held(code, 4_000, 'win32');
  expect(outcome).toBe('renamed');
  expect(ms).toBeLessThan(4_200);
});

test('what is never let go is told after 10 s on Windows and half a second elsewhere', async () => {
  const windows = await held('EPERM', Number.POSITIVE_INFINITY, 'win32');
  expect(windows.outcome).toBe('EPERM: not permitted');
  expect(windows.ms).toBeGreaterThanOrEqual(10_000);
  expect(windows.ms).toBeLessThan(11_000);
  expect((await held('EPERM', Number.POSITIVE_INFINITY, 'linux')).ms).toBeLessThan(1_100);
});

test('what is no such fault is told at once', async () => {
  expect(await held('ENOSPC', Number.POSITIVE_INFINITY, 'win32')).toEqual({
    outcome: 'ENOSPC: not permitted',
    tries: 1,
    ms: 25,
  });
});
