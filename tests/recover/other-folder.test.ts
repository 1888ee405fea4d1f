import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { RESERVE_FILE } from '../../src/main/storage/run/run-reserve.ts';
import { runPython } from '../python/venv.ts';
import { systemClock } from '../stores/ramp-store.ts';
import { onlyRunBelow } from './interrupted-run.ts';
import { documentsOf } from './read-documents.ts';
import { fill, hostOn, smallDisk, startRun } from './small-disk.ts';

// These need Linux and root, to mount small file systems of their own. The Python readers take their time on a busy machine.
const TIMEOUT_MS = 120_000;

const POSITIONS = 40;
const sequences = {
  // Each position has a file of its own.
  'a file per frame': { stage_positions: Array.from({ length: POSITIONS }, (_, x) => ({ x, y: 0 })) },
  // One file that is half full when the disk is.
  'one file': { time_plan: { interval: 0, loops: POSITIONS } },
} as const;

async function pausedByFullDisk(host: Host, disk: string, sequence: Parameters<typeof startRun>[1]) {
  const { outcome } = await startRun(host, sequence);
  // Held while the disk is filled, so that the run is not over before.
  await host.services.engine.pause();
  await fill(disk, 'ballast');
  await host.runs.resume();
  await expect.poll(() => host.services.engine.state).toBe('paused');
  // Not the promise itself: it would be waited for.
  return { outcome };
}

async function linksIn(storeDir: string): Promise<string[]> {
  const names = await readdir(storeDir, { recursive: true });
  const links: string[] = [];
  for (const name of names) if ((await lstat(join(storeDir, name))).isSymbolicLink()) links.push(name);
  return links;
}

test.each(Object.entries(sequences))(
  '%s: the run goes on in another folder, in the same dataset',
  async (_, sequence) => {
    const [disk, other] = [await smallDisk(60), await smallDisk(60)];
    const host = await hostOn(disk);
    const { outcome } = await pausedByFullDisk(host, disk, sequence);
    const { acknowledged } = host.services.storage.counts;
    expect(acknowledged).toBeLessThan(POSITIONS);
    expect(host.runs.progress).toMatchObject({ diskFault: expect.stringContaining('full'), linkedFolder: null });

    await host.runs.goOnIn(join(other, 'more'));
    expect(await outcome).toMatchObject({ exitStatus: 'success' });
    const run = await onlyRunBelow(disk);
    const store = join(run, 'data.ome.zarr');
    expect((await linksIn(store)).length).toBeGreaterThan(0);
    const report = await inspectStore(store, { stats: true });
    expect(report.problems).toEqual([]);
    expect(report.arrays.reduce((sum, { written_frames: frames }) => sum + (frames ?? 0), 0)).toBe(POSITIONS);
    const [part = ''] = await readdir(join(other, 'more'));
    const linked = report.linked[0];
    expect(report.linked).toMatchObject([{ path: join(other, 'more', part), found: true }]);
    expect(linked?.files).toBeGreaterThan(0);
    expect(linked?.bytes).toBeGreaterThan((linked?.files ?? 0) * 512 * 512);
    expect((await documentsOf(run)).at(-1)).toMatchObject({ name: 'stop', doc: { exit_status: 'success' } });
    expect(await readdir(run)).not.toContain(RESERVE_FILE);
    await host.close();
    // Recovery finds nothing to do, and the files as they are.
    expect(await recoverRun(run, { writes: false, clock: systemClock })).toMatchObject({ found: POSITIONS, lost: 0 });

    const jobs = [{ store, pixels: 'none' }];
    const verdicts = JSON.parse(await runPython('verify_store.py', ['-'], JSON.stringify(jobs)));
    expect(verdicts).toMatchObject([{ failures: [] }]);
    const read = JSON.parse(await runPython('read_journaled_frames.py', [], JSON.stringify([run])));
    expect(read).toMatchObject([{ read: POSITIONS, wrong: [] }]);
  },
  TIMEOUT_MS,
);

test('a folder that will not do is refused, and the run is paused as before', async () => {
  const [disk, tiny] = [await smallDisk(60), await smallDisk(1)];
  const host = await hostOn(disk);
  const { outcome } = await pausedByFullDisk(host, disk, sequences['one file']);
  await expect(host.runs.goOnIn(disk)).rejects.toMatchObject({ code: 'target/no-space' });
  await fill(tiny, 'ballast');
  await expect(host.runs.goOnIn(tiny)).rejects.toMatchObject({ code: 'target/no-space' });
  await expect(host.runs.goOnIn('/sys')).rejects.toMatchObject({ code: 'target/no-permission' });
  expect(host.services.engine.state).toBe('paused');
  expect(host.runs.progress).toMatchObject({ linkedFolder: null });
  await rm(join(disk, 'ballast'));
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
  await expect(host.runs.goOnIn(tiny)).rejects.toMatchObject({ code: 'engine/transition' });
});

test('a part that is away is told, and its frames are not taken for ones that never were', async () => {
  const [disk, other] = [await smallDisk(60), await smallDisk(60)];
  const host = await hostOn(disk);
  const { outcome } = await pausedByFullDisk(host, disk, sequences['one file']);
  await host.runs.goOnIn(other);
  await outcome;
  await rename(join(other, (await readdir(other))[0] ?? ''), join(other, 'elsewhere'));
  const report = await inspectStore(join(await onlyRunBelow(disk), 'data.ome.zarr'));
  expect(report.linked).toMatchObject([{ found: false, files: 0 }]);
  expect(report.problems).toMatchObject([{ path: '0', code: 'store/link-broken' }]);
});
