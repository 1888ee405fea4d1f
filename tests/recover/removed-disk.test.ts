import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { temporaryFolder } from '../host/test-host.ts';
import { onlyRunBelow } from './interrupted-run.ts';
import { documentsOf } from './read-documents.ts';
import { hostOn, shell, smallDisk, startRun } from './small-disk.ts';

// These need Linux and root, to mount small file systems of their own.

vi.setConfig({ testTimeout: 120_000 });

const POSITIONS = 90;
/** Each position has a file of its own, which is looked for by its path. */
const sequence = { stage_positions: Array.from({ length: POSITIONS }, (_, x) => ({ x, y: 0 })) };

/** A disk that can be unplugged and plugged in again as it was: a second view of a file system. */
async function removableDisk() {
  const [disk, view] = [await smallDisk(80), join(await temporaryFolder(), 'view')];
  await mkdir(view);
  const plugIn = async () => void (await shell('mount', ['--bind', disk, view]));
  // Also while files on it are open: who has them can go on writing, new ones are not found.
  const unplug = async () => void (await shell('umount', ['-l', view]));
  await plugIn();
  onTestFinished(() => unplug().catch(() => {}));
  return { view, plugIn, unplug };
}

/** Of the last run below `base`. */
async function expectWhole(base: string): Promise<void> {
  const run = await onlyRunBelow(base);
  const report = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
  expect(report.problems).toEqual([]);
  expect(report.arrays.map(({ written_frames: frames }) => frames)).toEqual(Array.from({ length: POSITIONS }, () => 1));
  expect((await documentsOf(run)).at(-1)).toMatchObject({ name: 'stop', doc: { exit_status: 'success' } });
}

const paused = (host: Host) => expect.poll(() => host.services.engine.state).toBe('paused');

test('a disk that is unplugged pauses the run, and plugged in again it goes on with nothing lost', async () => {
  const { view, plugIn, unplug } = await removableDisk();
  const host = await hostOn(view);
  const { outcome } = await startRun(host, sequence);
  // Held meanwhile, so that the run is not over before.
  await host.services.engine.pause();
  await unplug();
  await host.runs.resume().catch(() => {});
  await paused(host);
  const { acknowledged } = host.services.storage.counts;
  expect(acknowledged).toBeLessThan(POSITIONS);
  // Nothing may be written where the disk was.
  expect(await readdir(view)).toEqual([]);
  await expect(host.runs.resume()).rejects.toMatchObject({ code: 'target/gone' });
  await expect(host.runs.goOnIn(await temporaryFolder())).rejects.toMatchObject({ code: 'target/gone' });
  expect(await readdir(view)).toEqual([]);
  expect(host.services.engine.state).toBe('paused');

  await plugIn();
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
  await expectWhole(view);
});

test('a run folder that is renamed away pauses the run, and renamed back it goes on with nothing lost', async () => {
  const base = await temporaryFolder();
  const host = await hostOn(base);
  const { outcome } = await startRun(host, sequence);
  const run = await onlyRunBelow(base);
  await host.services.engine.pause();
  await rename(run, `${run}-away`);
  await host.runs.resume().catch(() => {});
  await paused(host);
  await expect(host.runs.resume()).rejects.toMatchObject({ code: 'target/gone' });
  await rename(`${run}-away`, run);
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
  await expectWhole(base);
});

test('the other folder is unplugged, too: the run pauses again and goes on when it is back', async () => {
  const disk = await smallDisk(80);
  const { view, plugIn, unplug } = await removableDisk();
  const host = await hostOn(disk);
  const { outcome } = await startRun(host, sequence);
  await host.services.engine.pause();
  await shell('sh', ['-c', `cat /dev/zero > '${join(disk, 'ballast')}'`]).catch(() => {});
  await host.runs.resume();
  await paused(host);
  const goingOn = host.services.storage.counts.acknowledged;
  await host.runs.goOnIn(view);
  await expect.poll(() => host.services.storage.counts.acknowledged).toBeGreaterThan(goingOn);
  await host.services.engine.pause();
  await unplug();
  // A frame that was on its way may have found it gone already: then resuming is refused.
  await host.runs.resume().catch(() => {});
  await paused(host);
  expect(await readdir(view)).toEqual([]);
  await expect(host.runs.resume()).rejects.toMatchObject({ code: 'target/gone' });
  await plugIn();
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
  await rm(join(disk, 'ballast'));
  await expectWhole(disk);
});

/** All frames go to a file that is open: no path is looked up for them. */
const oneFile = { time_plan: { interval: 0.05, loops: 200 } };

test('a run folder that is moved while frames go to a file that is open pauses the run at the next sync, and moved back it goes on', async () => {
  const base = await temporaryFolder();
  const host = await hostOn(base);
  const { outcome } = await startRun(host, oneFile);
  const run = await onlyRunBelow(base);
  await rename(run, `${run}-away`);
  await paused(host);
  expect(host.runs.progress?.diskFault).toContain('is not there any more: it was deleted or moved');
  await expect(host.runs.resume()).rejects.toMatchObject({ code: 'target/gone' });
  await rename(`${run}-away`, run);
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
  const report = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
  expect(report).toMatchObject({ problems: [], durable_frames: 200, arrays: [{ written_frames: 200 }] });
});

test('a run whose folder is deleted pauses, and can only be ended', async () => {
  const base = await temporaryFolder();
  const host = await hostOn(base);
  const { outcome } = await startRun(host, oneFile);
  await rm(await onlyRunBelow(base), { recursive: true });
  await paused(host);
  await expect(host.runs.resume()).rejects.toMatchObject({ code: 'target/gone' });
  await host.services.engine.abort('the folder is gone');
  expect(await outcome).toMatchObject({ exitStatus: 'abort', reason: 'the folder is gone' });
});

test('a folder of the same name in the place of the run is no place for it', async () => {
  const base = await temporaryFolder();
  const host = await hostOn(base);
  const { outcome } = await startRun(host, oneFile);
  const run = await onlyRunBelow(base);
  await rename(run, `${run}-away`);
  await cp(`${run}-away`, run, { recursive: true });
  await paused(host);
  expect(host.runs.progress?.diskFault).toContain('was replaced by another');
  await rm(run, { recursive: true });
  await rename(`${run}-away`, run);
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
});
