import { rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  crashedRun,
  expectFrames,
  firstChunks,
  maskOf,
  overwrite,
  overwriteEnd,
  recover,
  upTo,
  writeDocuments,
} from '../../../../tests/recover/crashed-run.ts';
import { inspectStore } from '../catalogue/inspect.ts';
import { readShard, writeIndex } from '../layout/shard-on-disk.ts';

describe.each(['blosc-zstd', 'blosc-lz4', 'gzip'] as const)('of a store compressed with %s', (compression) => {
  test.each([
    ['overwritten', (shard: string) => overwriteEnd(shard, 0xaa)],
    ['zeroed', (shard: string) => overwriteEnd(shard, 0)],
    ['cut off', async (shard: string) => truncate(shard, (await stat(shard)).size - 100)],
  ])('an index that is %s is made anew from the chunks and the journal', async (_, damage) => {
    const { run, shard } = await crashedRun(6, 520, { compression });
    await damage(shard);
    expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 6, found: 6, lost: 0 });
    await expectFrames(run, upTo(6));
    expect(await recover(run)).toMatchObject({ state: 'whole', found: 6 });
  });

  test('frames around a hole in the data are found without an index, the one in it is named', async () => {
    const { run, shard } = await crashedRun(6, 520, { compression });
    const [, , third] = await firstChunks(shard, 20, 9);
    await overwriteEnd(shard, 0xaa);
    await overwrite(shard, third.offset + 40, 200, 0);
    const report = await recover(run);
    expect(report).toMatchObject({ state: 'damaged', acknowledged: 6, found: 5, lost: 1 });
    expect(report.problems).toMatchObject([{ code: 'store/lost-frame', message: expect.stringContaining('frame 2 ') }]);
    await expectFrames(run, [0, 1, 3, 4, 5]);
  });
});

test.each(['none', 'blosc-zstd'] as const)(
  'frames that reached the disk are found where their index did not (%s)',
  async (compression) => {
    const { run, shard } = await crashedRun(6, 520, { compression });
    const onDisk = await readShard(shard, 20, 9);
    const stale = onDisk.places!.map((entries, place) => (place < 4 ? entries : entries.map(() => null)));
    await writeIndex(onDisk, stale);
    expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 6, found: 6, lost: 0 });
    await expectFrames(run, upTo(6));
  },
);

test('without a journal, what a broken index named is not found, and that is said', async () => {
  const { run, shard } = await crashedRun(4, 520, { compression: 'gzip' });
  await rm(join(run, 'journal.jsonl'));
  await overwriteEnd(shard, 0xaa);
  const report = await recover(run);
  expect(report).toMatchObject({ state: 'damaged', found: 0 });
  expect(report.problems).toMatchObject([{ code: 'store/not-repaired', message: expect.stringContaining('journal') }]);
});

test.each([
  ['in colour', [40, 60, 3]],
  ['of three planes', [3, 40, 60]],
])('frames %s stay whole, and are told apart from those that are not', async (_, shape) => {
  const { run, shard } = await crashedRun(6, 0, { compression: 'blosc-zstd', levels: 2 }, shape);
  expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 6, found: 6, torn: 0, lost: 0 });
  const { problems, arrays } = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
  expect(problems).toEqual([]);
  expect(arrays.map(({ written_frames }) => written_frames)).toEqual([6, 6]);
  await overwriteEnd(shard, 0xaa);
  await writeDocuments(run, 6);
  expect(await recover(run)).toMatchObject({ state: 'repaired', found: 6, lost: 0 });
  const [, second] = await firstChunks(shard, 60, 1);
  await overwrite(shard, second.offset + 20, 8, 0x55);
  await writeDocuments(run, 6);
  expect(await recover(run)).toMatchObject({ state: 'damaged', found: 5, lost: 1 });
  expect((await maskOf(run)).reduce((sum, one) => sum + one, 0)).toBe(5 * 3);
});
