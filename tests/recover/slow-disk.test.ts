import { access, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { estimateSchema } from '../../src/shared/channels/acquisition.ts';

import { item, temporaryFolder } from '../host/test-host.ts';
import { onlyRunBelow } from './interrupted-run.ts';
import { documentsOf } from './read-documents.ts';
import { hostOn, shell, startRun } from './small-disk.ts';

// A real file system on a loop device, to which this process may write only so fast. These need Linux and root.

const DISK_MB = 200;
const LIMIT_BYTES_PER_S = 2_000_000;
const LOOPS = 24;
const FRAME_BYTES = 2 * 512 * 512;
const BLKIO = '/sys/fs/cgroup/blkio';

/** Mounted, and slow for this process until the test ends. */
async function slowDisk(): Promise<string> {
  const folder = await temporaryFolder();
  const [image, disk] = [join(folder, 'disk.img'), join(folder, 'disk')];
  await mkdir(disk);
  await shell('truncate', ['-s', `${DISK_MB}M`, image]);
  await shell('mkfs.ext4', ['-q', image]);
  const { stdout } = await shell('losetup', ['-f', '--show', image]);
  const device = stdout.trim();
  onTestFinished(async () => void (await shell('losetup', ['-d', device])));
  await shell('mount', [device, disk]);
  onTestFinished(async () => void (await shell('umount', ['-l', disk])));
  await slowDown(device);
  return disk;
}

async function slowDown(device: string): Promise<void> {
  const groups = await readFile('/proc/self/cgroup', 'utf8');
  const before = /^\d+:blkio:(.*)$/m.exec(groups)?.[1] ?? '/';
  const group = join(BLKIO, `redsun-test-${process.pid}`);
  await mkdir(group);
  onTestFinished(async () => {
    // With what this process has started meanwhile.
    const members = (await readFile(join(group, 'cgroup.procs'), 'utf8')).trim().split('\n');
    for (const member of members) await writeFile(join(BLKIO, before, 'cgroup.procs'), member);
    await rmdir(group);
  });
  const numbers = (await readFile(`/sys/class/block/${device.replace('/dev/', '')}/dev`, 'utf8')).trim();
  await writeFile(join(group, 'blkio.throttle.write_bps_device'), `${numbers} ${LIMIT_BYTES_PER_S}\n`);
  await writeFile(join(group, 'cgroup.procs'), String(process.pid));
}

const slow = await access(join(BLKIO, 'cgroup.procs')).then(
  () => true,
  () => false,
);

test.runIf(slow)(
  'a run waits for a slow disk, as was said before, and all of its frames arrive',
  { timeout: 120_000 },
  async () => {
    const disk = await slowDisk();
    const host = await hostOn(disk);
    const sequence = { time_plan: { interval: 0, loops: LOOPS } };
    const { signal } = new AbortController();
    const wanted = { item: item('mda', { sequence }) };
    const estimate = estimateSchema.parse(await callChannel(host.server, 'acquisition', 'estimate', wanted, signal));
    // Measured, not told: the limit, and what the first blocks of a device make of it.
    expect(estimate.diskBytesPerS).toBeLessThan(4 * LIMIT_BYTES_PER_S);
    expect(estimate.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Needs [\d.]+ MB\/s, the disk takes [\d.]+ MB\/s: frames wait for it/),
    ]);

    const { outcome } = await startRun(host, sequence);
    const ended = await outcome;
    expect(ended).toMatchObject({ exitStatus: 'success', frames: LOOPS });
    // It was the disk that the run waited for.
    expect(ended.elapsedS).toBeGreaterThan((0.5 * LOOPS * FRAME_BYTES) / LIMIT_BYTES_PER_S);
    expect(host.services.storage.counts).toMatchObject({ acknowledged: LOOPS, durable: LOOPS });
    const run = await onlyRunBelow(disk);
    const report = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
    expect(report).toMatchObject({ problems: [], arrays: [{ written_frames: LOOPS }] });
    expect((await documentsOf(run)).at(-1)).toMatchObject({ name: 'stop', doc: { exit_status: 'success' } });
  },
);

test.runIf(slow)(
  'a run that is aborted on a slow disk keeps every frame that was acknowledged',
  { timeout: 120_000 },
  async () => {
    const disk = await slowDisk();
    const host = await hostOn(disk);
    const { outcome } = await startRun(host, { time_plan: { interval: 0, loops: 10 * LOOPS } });
    const { acknowledged } = host.services.storage.counts;
    await host.services.engine.abort('too slow');
    expect(await outcome).toMatchObject({ exitStatus: 'abort', reason: 'too slow' });
    const report = await inspectStore(join(await onlyRunBelow(disk), 'data.ome.zarr'), { stats: true });
    expect(report.problems).toEqual([]);
    expect(report.arrays[0]?.written_frames).toBeGreaterThanOrEqual(acknowledged);
  },
);
