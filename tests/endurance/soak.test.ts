// A host that acquires for a long time with windows that watch: it must not grow, and leave nothing behind.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { QUICK_SESSION } from '../host/test-host.ts';
import { grows, type Slope, slopeOf } from './memory-slope.ts';
import { runProgram } from './program.ts';
import { roomyFolder, SOAK_GROWTH_MB, SOAK_S, tellFigures } from './sizes.ts';
import type { Soak, SoakSample } from './soak-host.ts';

/** Part at the beginning that is not judged: code is compiled and pools are filled. */
const WARM_UP = 1 / 3;
const RUN_BYTES = 100e6;

describe(`a soak of ${SOAK_S} s`, () => {
  let folder: Awaited<ReturnType<typeof roomyFolder>>;
  let soak: Soak;
  let warm: readonly SoakSample[];
  const slope = (of: 'rss' | 'heap'): Slope => slopeOf(warm.map((sample) => [sample.frames / 1000, sample[of] / 1e6]));

  beforeAll(
    async () => {
      folder = await roomyFolder(RUN_BYTES);
      const session = join(folder.path, 'session.yaml');
      await writeFile(session, QUICK_SESSION);
      soak = await runProgram<Soak>(
        'soak-host.ts',
        [session, join(folder.path, 'runs'), String(SOAK_S)],
        ['--expose-gc'],
      );
      warm = soak.samples.slice(Math.floor(soak.samples.length * WARM_UP));
      const words = (of: 'rss' | 'heap') => `${slope(of).perUnit.toFixed(2)} ± ${slope(of).error.toFixed(2)}`;
      const last = warm.at(-1);
      await tellFigures(
        `${soak.runs} runs, ${soak.frames} frames in ${soak.seconds.toFixed(0)} s, ${soak.shown.join(' and ')} live pictures; ` +
          `MB per 1000 frames: resident ${words('rss')}, JavaScript ${words('heap')}; ` +
          `in the end ${Math.round((last?.rss ?? 0) / 1e6)} MB resident, ${last?.descriptors} descriptors`,
      );
    },
    60_000 + SOAK_S * 2000,
  );
  afterAll(() => folder?.remove());

  test('every run is good, and windows see pictures of it', () => {
    expect(soak.faults).toEqual([]);
    expect(soak.frames).toBe(soak.runs * 60);
    expect(Math.min(...soak.shown)).toBeGreaterThan(soak.runs);
  });

  test(`what JavaScript holds, and what is resident, grow by less than ${SOAK_GROWTH_MB} MB per 1000 frames`, () => {
    expect(warm.length).toBeGreaterThanOrEqual(3);
    for (const of of ['heap', 'rss'] as const) {
      expect.soft(grows(slope(of), SOAK_GROWTH_MB), `${of}: ${JSON.stringify(slope(of))}`).toBe(false);
    }
  });

  test('no file stays open from run to run', () => {
    const counts = warm.map(({ descriptors }) => descriptors ?? 0);
    expect(Math.max(...counts.slice(-3))).toBeLessThanOrEqual(Math.max(...counts.slice(0, 3)));
  });

  test('no timer of the host goes on', () => {
    expect(soak.timers).toEqual([]);
  });

  // That the program ended by itself has been seen already: a timer that goes on would have kept it.
  test('closing the host leaves no timer, no handle and no file', () => {
    expect(soak.after).toEqual(soak.before);
  });
});
