import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crashedRun, overwriteEnd, recover, writeDocuments } from '../../../../tests/recover/crashed-run.ts';
import { rampFrame, rampOf, systemClock } from '../../../../tests/stores/ramp-store.ts';
import { recoverRun } from './recover-run.ts';

const metadataOf = async (run: string) => JSON.parse(await readFile(join(run, 'data.ome.zarr', 'zarr.json'), 'utf8'));

async function windowsOf(run: string): Promise<{ min: number; max: number; start: number; end: number }[]> {
  const { attributes } = await metadataOf(run);
  return attributes.ome.omero.channels.map(({ window }: { window: object }) => window);
}

const WIDE = { min: 0, max: 65535, start: 0, end: 65535 };

/** Least and greatest pixel of these frames. */
function rangeOf(frames: readonly ArrayLike<number>[]): { start: number; end: number } {
  const pixels = frames.flatMap((frame) => Array.from(frame));
  return { start: pixels.reduce((a, b) => Math.min(a, b)), end: pixels.reduce((a, b) => Math.max(a, b)) };
}

test('a run that was cut short gets the contrast of its frames, and nothing else of its metadata is changed', async () => {
  const { run } = await crashedRun(5, 200);
  expect(await windowsOf(run)).toEqual([WIDE]);
  const before = await metadataOf(run);
  const report = await recover(run);
  expect(report.repairs).toContain('/: the contrast of 1 channel is made from a sample of the frames');
  const frames = [0, 1, 2, 3, 4].map((frame) => rampFrame('uint16', frame, 200, 200));
  expect(await windowsOf(run)).toEqual([{ ...WIDE, ...rangeOf(frames) }]);
  before.attributes.ome.omero.channels[0].window = (await windowsOf(run))[0];
  expect(await metadataOf(run)).toEqual(before);
});

test('each colour gets its own, from a sample also where frames are many', async () => {
  const shape = [40, 60, 3];
  const { run } = await crashedRun(20, 0, { compression: 'blosc-zstd' }, shape);
  await recover(run);
  const windows = await windowsOf(run);
  expect(windows).toHaveLength(3);
  for (const [colour, window] of windows.entries()) {
    // First and last are in any sample, and a ramp is lowest and highest there.
    const ends = [0, 19].map((frame) => rampOf('uint16', frame, shape).filter((_, at) => at % 3 === colour));
    expect(window).toEqual({ ...WIDE, ...rangeOf(ends) });
  }
});

test('frames that are found again count, and those that a dry run cannot read yet are no fault', async () => {
  const { run, shard } = await crashedRun(5, 200, { compression: 'gzip' });
  await overwriteEnd(shard, 0xaa);
  const before = await metadataOf(run);
  expect(await recoverRun(run, { writes: false, clock: systemClock })).toMatchObject({ problems: [] });
  expect(await metadataOf(run)).toEqual(before);
  expect(await recover(run)).toMatchObject({ found: 5, problems: [] });
  expect((await windowsOf(run))[0]?.end).toBeLessThan(WIDE.max);
});

test('a contrast that is there stays', async () => {
  const { run } = await crashedRun(3, 200);
  const longer = await crashedRun(6, 200);
  await recover(longer.run);
  const group = join('data.ome.zarr', 'zarr.json');
  await cp(join(longer.run, group), join(run, group));
  await writeDocuments(run, 3);
  const report = await recover(run);
  expect(report.repairs).not.toContainEqual(expect.stringContaining('contrast'));
  expect(await windowsOf(run)).toEqual(await windowsOf(longer.run));
});
