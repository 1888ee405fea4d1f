// A run much larger than the buffer, and at night much larger than memory: nothing is lost, nothing piles up.
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runPython } from '../python/venv.ts';
import { runProgram } from './program.ts';
import { RUN_GB, roomyFolder, tellFigures } from './sizes.ts';
import type { LargeRun } from './write-large-run.ts';

/** Planes that zarr-python reads. */
const SAMPLED = 40;
/** What may come on top of what was resident in the first half, which is more than the buffer: arenas of malloc, and no frames. */
const MOST_GROWTH_BYTES = 128e6;

describe(`a run of ${RUN_GB} GB`, () => {
  let folder: Awaited<ReturnType<typeof roomyFolder>>;
  let run: LargeRun;

  beforeAll(
    async () => {
      folder = await roomyFolder(RUN_GB * 1e9);
      run = await runProgram<LargeRun>('write-large-run.ts', [folder.path, String(RUN_GB * 1e9)]);
      const [first, last] = [run.firstRate, run.lastRate].map((rate) => Math.round(rate));
      const window = (run.windowBytes / 1e9).toFixed(1);
      await tellFigures(
        `${(run.bytes / 1e9).toFixed(1)} GB in ${run.seconds.toFixed(0)} s; first ${window} GB at ${first} MB/s, last at ${last} MB/s; ` +
          `peak memory ${Math.round(run.peakRss / 1e6)} MB, ${Math.round(run.halfRss / 1e6)} MB in the first half`,
      );
    },
    120_000 + RUN_GB * 60_000,
  );
  afterAll(() => folder?.remove());

  test('the journal has each frame once, with its own checksum', () => {
    expect(run.wrong).toEqual([]);
    expect(run.bytes).toBeGreaterThanOrEqual(RUN_GB * 1e9);
  });

  test('memory does not grow with the run', () => {
    expect(run.peakRss - run.halfRss).toBeLessThan(MOST_GROWTH_BYTES);
  });

  test('zarr-python reads planes from all over the store, as the journal has them', async () => {
    const every = Math.max(1, Math.floor(run.frames / SAMPLED));
    const [verdict] = JSON.parse(
      await runPython('read_journaled_frames.py', ['--every', String(every)], JSON.stringify([folder.path])),
    );
    expect(verdict).toMatchObject({ read: Math.ceil(run.frames / every), wrong: [] });
  }, 120_000);
});

test('a disk without the room is told at once, with the numbers', async () => {
  await expect(roomyFolder(1e18, tmpdir())).rejects.toThrow(
    new RegExp(
      `^${tmpdir()}: 1000000000\\.5 GB are needed, [\\d.]+ GB are free; REDSUN_ENDURANCE_DIR names another folder$`,
    ),
  );
});
