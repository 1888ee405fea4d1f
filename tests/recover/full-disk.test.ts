import { execFile } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { type Host, startHost } from '../../src/main/host/start-host.ts';
import { inspectStore } from '../../src/main/storage/inspect.ts';
import type { MdaSequence } from '../../src/sdk/plans/index.ts';
import { hasCode } from '../../src/sdk/util/index.ts';
import { QUICK_SESSION, temporaryFolder } from '../host/test-host.ts';
import { hostOptionsFor } from './host-options.ts';
import { onlyRunBelow } from './interrupted-run.ts';
import { documentsOf } from './read-documents.ts';

// These need Linux and root, to mount small file systems of their own.

const shell = promisify(execFile);
const WHOLE_CHIP = QUICK_SESSION.replace('binning: 4', 'binning: 1');
const LOOPS = 30;

/** A file system of this size, unmounted however the test ends. */
async function smallDisk(megabytes: number): Promise<string> {
  const folder = join(await temporaryFolder(), 'disk');
  await mkdir(folder);
  await shell('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  // As often as something is mounted there: a test may have put a mount of its own on top.
  onTestFinished(async () => {
    while ((await readFile('/proc/mounts', 'utf8')).includes(` ${folder} `)) await shell('umount', ['-l', folder]);
  });
  return folder;
}

async function hostOn(disk: string): Promise<Host> {
  const session = join(await temporaryFolder(), 'session.yaml');
  await writeFile(session, WHOLE_CHIP);
  const host = await startHost(hostOptionsFor(session, disk));
  onTestFinished(() => host.close());
  return host;
}

/** A run that is under way. */
async function startRun(host: Host, sequence: MdaSequence) {
  const kwargs = { sequence };
  const run = await host.acquisition.start({ item_type: 'plan', name: 'mda', args: [], kwargs, meta: {} });
  await expect.poll(() => host.services.storage.counts.acknowledged, { timeout: 10_000 }).toBeGreaterThan(2);
  return run;
}

/** Somebody else's data take all the room that is left. */
async function fill(disk: string, name: string): Promise<void> {
  const file = await open(join(disk, name), 'w');
  try {
    for (const block of [Buffer.alloc(1_000_000), Buffer.alloc(4096)]) {
      for (let full = false; !full; ) {
        full = await file.appendFile(block).then(
          () => false,
          (error: unknown) => {
            if (hasCode(error, 'ENOSPC')) return true;
            throw error;
          },
        );
      }
    }
  } finally {
    await file.close();
  }
}

test('a run pauses when the disk is full, and goes on in the same store when there is room', async () => {
  const disk = await smallDisk(60);
  const host = await hostOn(disk);
  const { outcome } = await startRun(host, { time_plan: { interval: 0, loops: LOOPS } });
  await fill(disk, 'ballast');
  await expect.poll(() => host.services.engine.state, { timeout: 20_000 }).toBe('paused');
  const { acknowledged } = host.services.storage.counts;
  expect(acknowledged).toBeLessThan(LOOPS);
  await fill(disk, 'more ballast');
  await expect(host.acquisition.resume()).rejects.toMatchObject({ code: 'target/no-space' });
  expect(host.services.engine.state).toBe('paused');
  const said = host.services.log.records.map(({ message }) => message);
  expect(said.filter((message) => message.includes('the disk is full'))).not.toEqual([]);

  for (const name of ['ballast', 'more ballast']) await rm(join(disk, name));
  await host.acquisition.resume();
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
  expect((await outcome).exitStatus).not.toBe('success');
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
  await expect(host.acquisition.resume()).rejects.toThrow('cannot be written to');
  await shell('umount', ['-l', disk]);
  await host.acquisition.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
  const report = await inspectStore(join(await onlyRunBelow(disk), 'data.ome.zarr'), { stats: true });
  expect(report.problems).toEqual([]);
  expect(report.arrays.map(({ written_frames }) => written_frames)).toEqual(Array.from({ length: 40 }, () => 1));
});
