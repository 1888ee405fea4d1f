import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { crashedRun, maskOf, overwrite, overwriteEnd, recover, sums } from '../../../../tests/recover/crashed-run.ts';
import { inspectStore } from '../catalogue/inspect.ts';

describe('coarser levels', () => {
  const options = { compression: 'blosc-zstd', levels: 3 } as const;

  /** Checksums of the levels of a run that nobody interrupted. */
  async function expected(frames: number) {
    const { run } = await crashedRun(frames, 520, options);
    await recover(run);
    return sums(run);
  }

  test.each([
    ['whose file is missing', (level: string) => rm(join(level, 'c'), { recursive: true })],
    ['whose index is broken', (level: string) => overwriteEnd(join(level, 'c', '0', '0', '0', '0', '0'), 0xaa)],
    [
      'whose pixels the disk lost',
      (level: string) => overwrite(join(level, 'c', '0', '0', '0', '0', '0'), 300, 400, 0),
    ],
    ['whose metadata are missing', (level: string) => rm(level, { recursive: true })],
  ])('%s are made from the finest', async (_, damage) => {
    const { run } = await crashedRun(7, 520, options);
    await damage(join(run, 'data.ome.zarr', '1'));
    await damage(join(run, 'data.ome.zarr', '2'));
    const report = await recover(run);
    expect(report).toMatchObject({ state: 'repaired', found: 7, lost: 0, problems: [] });
    expect(report.repairs).toContainEqual(expect.stringMatching(/^1: .*planes of this level are made/));
    expect(await sums(run)).toEqual(await expected(7));
    expect(await recover(run)).toMatchObject({ state: 'whole' });
  });

  test('that were postponed are made', async () => {
    const { run } = await crashedRun(16, 520, { ...options, ringBytes: 1 });
    const report = await recover(run);
    expect(report).toMatchObject({ state: 'repaired', found: 16, problems: [] });
    expect(report.repairs).toContainEqual(expect.stringMatching(/^2: \d+ planes of this level are made/));
    expect(await sums(run)).toEqual(await expected(16));
  });

  test('of a run that has ended are made where a file is missing', async () => {
    const { run } = await crashedRun(5, 520, options);
    await recover(run);
    const before = await sums(run);
    await rm(join(run, 'data.ome.zarr', '2', 'c'), { recursive: true });
    expect((await recover(run)).repairs).toEqual(['2: 5 planes of this level are made from the full resolution']);
    expect(await sums(run)).toEqual(before);
  });

  test('that nobody here can write keep nobody from the frames', async () => {
    const { run } = await crashedRun(5, 520, options);
    const path = join(run, 'data.ome.zarr', '1', 'zarr.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"clevel": 1', '"clevel": 9'));
    const report = await recover(run);
    expect(report).toMatchObject({ state: 'damaged', found: 5, lost: 0 });
    expect(report.problems).toMatchObject([{ code: 'store/not-repaired', message: expect.stringContaining('blosc') }]);
    expect(await maskOf(run)).toEqual([1, 1, 1, 1, 1, 0]);
  });

  test('of a frame that is cut off go with it', async () => {
    const { run } = await crashedRun(6, 520, options);
    const path = join(run, 'journal.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, `${lines.slice(0, 4).join('\n')}\n`);
    const report = await recover(run);
    expect(report.repairs).toContain('1: 2 planes of this level belong to no frame and are taken out');
    const { arrays } = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
    expect(arrays.map(({ shape, written_frames }) => [shape[0], written_frames])).toEqual([
      [2, 4],
      [2, 4],
      [2, 4],
    ]);
  });
});

describe('the mask', () => {
  test('says which planes are in the store', async () => {
    const { run, shard } = await crashedRun(6);
    await overwrite(shard, 2 * 9 * 256 * 256 * 2, 4096, 0);
    await recover(run);
    expect(await maskOf(run)).toEqual([1, 1, 0, 1, 1, 1]);
  });

  test('of a run that was aborted is left as it is, and made again where it is gone or wrong', async () => {
    const { run } = await crashedRun(5);
    await recover(run);
    const mask = join(run, 'data.ome.zarr', 'written');
    await writeFile(join(mask, 'c', '0', '0', '0'), new Uint8Array(6));
    expect((await recover(run)).repairs).toEqual(['written: says now that 5 of 6 planes were acquired']);
    expect(await maskOf(run)).toEqual([1, 1, 1, 1, 1, 0]);
    await rm(mask, { recursive: true });
    expect(await recover(run)).toMatchObject({ state: 'repaired' });
    expect(await maskOf(run)).toEqual([1, 1, 1, 1, 1, 0]);
    expect(await recover(run)).toMatchObject({ state: 'whole', repairs: [] });
  });
});
