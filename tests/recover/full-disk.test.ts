import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { temporaryFolder } from '../host/test-host.ts';
import { onlyRunBelow } from './interrupted-run.ts';
import { documentsOf } from './read-documents.ts';
import { fill, hostOn, shell, smallDisk, startRun } from './small-disk.ts';

// These need Linux and root, to mount small file systems of their own.

const LOOPS = 30;

test('a run pauses when the disk is full, and goes on in the same store when there is room', async () => {
  const disk = await smallDisk(60);
  const host = await hostOn(disk);
  const { outcome } = await startRun(host, { time_plan: { interval: 0, loops: LOOPS } });
  await fill(disk, 'ballast');
  await expect.poll(() => host.services.engine.state, { timeout: 20_000 }).toBe('paused');
  const { acknowledged } = host.services.storage.counts;
  expect(acknowledged).toBeLessThan(LOOPS);
  await fill(disk, 'more ballast');
  await expect(host.runs.resume()).rejects.toMatchObject({ code: 'target/no-space' });
  expect(host.services.engine.state).toBe('paused');
  const said = host.services.log.records.map(({ message }) => message);
  expect(said.filter((message) => message.includes('the disk is full'))).not.toEqual([]);

  for (const name of ['ballast', 'more ballast']) await rm(join(disk, name));
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success', reason: '' });
  const run = await onlyRunBelow(disk);
  const report = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
  expect(report).toMatchObject({ problems: [], arrays: [{ shape: [LOOPS, 1, 1, 512, 512], written_frames: LOOPS }] });
  const documents = await documentsOf(run);
  expect(documents.at(-1)).toMatchObject({ name: 'stop', doc: { num_events: { primary: LOOPS } } });
});

test('a run that is aborted on a full disk keeps every frame that was acknowledged', async () => {
  const disk = await smallDisk(60);
  const host = await hostOn(disk);
  const { outcome } = await startRun(host, { time_plan: { interval: 0, loops: LOOPS } });
  await fill(disk, 'ballast');
  await expect.poll(() => host.services.engine.state, { timeout: 20_000 }).toBe('paused');
  const { acknowledged } = host.services.storage.counts;
  await host.services.engine.abort('no room');
  // There is room left for what says how it ended.
  expect(await outcome).toMatchObject({ exitStatus: 'abort', reason: 'no room', error: null });
  expect((await documentsOf(await onlyRunBelow(disk))).at(-1)).toMatchObject({ name: 'stop' });
  await rm(join(disk, 'ballast'));
  await host.close();
  const report = await inspectStore(join(await onlyRunBelow(disk), 'data.ome.zarr'), { stats: true });
  expect(report.problems).toEqual([]);
  expect(report.arrays[0]?.written_frames).toBeGreaterThanOrEqual(acknowledged);
});

test('a disk that becomes read-only pauses the run, and a disk that may be written again lets it go on', async () => {
  const disk = await smallDisk(60);
  const host = await hostOn(disk);
  const { outcome } = await startRun(host, { stage_positions: Array.from({ length: 40 }, (_, x) => ({ x, y: 0 })) });
  // With files open for writing a remount is refused. A view that nobody uses yet can be made read-only, and put in its place.
  const view = await temporaryFolder();
  await shell('mount', ['--bind', disk, view]);
  onTestFinished(async () => {
    await shell('umount', ['-l', view]);
  });
  await shell('mount', ['-o', 'remount,ro,bind', view]);
  await shell('mount', ['--bind', view, disk]);
  await expect.poll(() => host.services.engine.state, { timeout: 20_000 }).toBe('paused');
  await expect(host.runs.resume()).rejects.toThrow('cannot be written to');
  await shell('umount', ['-l', disk]);
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
  const report = await inspectStore(join(await onlyRunBelow(disk), 'data.ome.zarr'), { stats: true });
  expect(report.problems).toEqual([]);
  expect(report.arrays.map(({ written_frames }) => written_frames)).toEqual(Array.from({ length: 40 }, () => 1));
});
