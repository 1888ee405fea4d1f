import { appendFile, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { syncWhenTold } from '../../../../tests/stores/held-sync.ts';
import { startRamp, type TestFolder, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { frameGeometry } from '../layout/frame-geometry.ts';
import { DiskGate } from '../target/disk-gate.ts';
import { ShardFile } from '../writer/shard-file.ts';
import { CountsFile, type CountsLine, readCounts } from './counts-file.ts';

let folder: TestFolder;
let path: string;
beforeEach(async () => {
  folder = await testFolder();
  path = join(folder.path, 'counts.jsonl');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await folder.remove();
});

const camera = { name: 'camera', dtype: 'uint16', shape: [96, 80] } as const;

const line = (acknowledged: number, durable: number, firstFrame = 0): CountsLine => ({
  time: 1_000_000,
  first_frame: firstFrame,
  cameras: { camera: { acknowledged, durable } },
});

const write = (...lines: readonly unknown[]) =>
  writeFile(path, lines.map((one) => `${JSON.stringify(one)}\n`).join(''));

/** How the disk answers when it is asked to sync. */
async function syncsAs(datasync: () => Promise<void>): Promise<void> {
  const file = await open(join(folder.path, 'any'), 'w');
  const handles = Object.getPrototypeOf(file) as { datasync(): Promise<void> };
  await file.close();
  vi.spyOn(handles, 'datasync').mockImplementation(datasync);
}

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

describe('what the file says', () => {
  test('is what its newest line says', async () => {
    await write(line(8, 5), line(30, 20));
    expect(await readCounts(path)).toEqual({ acknowledged: 30, durable: 20 });
  });

  test('is of all cameras together', async () => {
    const cameras = { left: { acknowledged: 8, durable: 5 }, right: { acknowledged: 7, durable: 6 } };
    await write({ time: 1, first_frame: 0, cameras });
    expect(await readCounts(path)).toEqual({ acknowledged: 15, durable: 11 });
  });

  test('does not suffer from a line that a power cut tore, or left as zeros', async () => {
    await write(line(8, 5));
    await appendFile(path, '{"time":1,"first_fr');
    expect(await readCounts(path)).toEqual({ acknowledged: 8, durable: 5 });
    await appendFile(path, Buffer.alloc(300));
    expect(await readCounts(path)).toEqual({ acknowledged: 8, durable: 5 });
  });

  test('passes over lines that make no sense', async () => {
    await write(line(8, 5), { cameras: 3 }, line(9, -1));
    expect(await readCounts(path)).toEqual({ acknowledged: 8, durable: 5 });
  });

  test('adds up runs that went on with each other, and takes each frame once', async () => {
    await write(line(8, 5), line(3, 3, 10), line(9, 6, 10));
    expect(await readCounts(path)).toEqual({ acknowledged: 17, durable: 11 });
    // Recovered to 4 frames: what came after them was taken again.
    await write(line(8, 5), line(1, 1, 4));
    expect(await readCounts(path)).toEqual({ acknowledged: 5, durable: 5 });
  });

  test('is nothing without a file, or without a line', async () => {
    expect(await readCounts(path)).toBeNull();
    await writeFile(path, '');
    expect(await readCounts(path)).toBeNull();
  });
});

test('what was said already is not said again', async () => {
  const file = new CountsFile(path, () => {});
  for (const time of [1, 2]) await file.record({ ...line(5, 5), time });
  await file.record(line(6, 5));
  await file.close();
  expect((await readFile(path, 'utf8')).trimEnd().split('\n')).toHaveLength(2);
});

test.skipIf(process.platform === 'win32')('a full disk is told of once, and a run goes on without', async () => {
  const faults: string[] = [];
  const file = new CountsFile('/dev/full', (fault) => faults.push(fault));
  await file.record(line(5, 5));
  await file.record(line(6, 6));
  await file.close();
  expect(faults).toEqual([expect.stringMatching(/^\/dev\/full: .*not recorded: ENOSPC/)]);
});

test('frames are recorded as on the disk when a sync is over, and not before', async () => {
  const { clock, sync } = syncWhenTold();
  const run = await startRamp(folder.path, [camera], { clock });
  await run.writeRamp(0, 5);
  expect(await readCounts(path)).toBeNull();
  sync();
  await expect.poll(() => readCounts(path)).toEqual({ acknowledged: 5, durable: 5 });
  await run.writeRamp(5, 9);
  expect(run.writer.counts).toMatchObject({ acknowledged: 9, durable: 5 });
  expect(await readCounts(path)).toEqual({ acknowledged: 5, durable: 5 });
  await run.close();
  expect(await readCounts(path)).toEqual({ acknowledged: 9, durable: 9 });
});

test('frames that come while a sync goes on are none of those it has brought to the disk', async () => {
  const { clock, sync } = syncWhenTold();
  const run = await startRamp(folder.path, [camera], { clock });
  await run.writeRamp(0, 5);
  let isSyncing = false;
  let release = () => {};
  const held = new Promise<void>((goOn) => {
    release = goOn;
  });
  await syncsAs(async () => {
    isSyncing = true;
    await held;
  });
  sync();
  await expect.poll(() => isSyncing).toBe(true);
  await run.writeRamp(5, 9);
  expect(await readCounts(path)).toBeNull();
  release();
  await expect.poll(() => readCounts(path)).toEqual({ acknowledged: 9, durable: 5 });
  await run.close();
});

test('where nothing can be synced, that is recorded', async () => {
  const run = await startRamp(folder.path, [camera]);
  await syncsAs(failing('EINVAL'));
  await run.writeRamp(0, 5);
  await run.close();
  expect(await readCounts(path)).toEqual({ acknowledged: 5, durable: 0 });
});

test('once a sync has failed nothing more counts as durable, as the next one may hide what was dropped', async () => {
  const { clock, sync } = syncWhenTold();
  const notices: string[] = [];
  // As an operator would who has made the disk work again.
  const gate: DiskGate = new DiskGate({ onFault: () => setImmediate(() => gate.retry()) });
  const run = await startRamp(folder.path, [camera], { clock, onNotice: (notice) => notices.push(notice) }, gate);
  await run.writeRamp(0, 5);
  sync();
  await expect.poll(() => readCounts(path)).toEqual({ acknowledged: 5, durable: 5 });
  await run.writeRamp(5, 9);
  let failed = 0;
  await syncsAs(async () => {
    if (failed++ === 0) await failing('EIO')();
  });
  sync();
  await expect.poll(() => readCounts(path)).toEqual({ acknowledged: 9, durable: 5 });
  await run.close();
  expect(await readCounts(path)).toEqual({ acknowledged: 9, durable: 5 });
  expect(notices).toEqual([expect.stringContaining('a sync failed')]);
});

describe('a file of the store has data that are not synced', () => {
  const geometry = frameGeometry('uint16', [96, 80]);
  const shard = () =>
    new ShardFile({ storeDir: folder.path, path: join(folder.path, '0'), geometry, frames: 2, mostFrameBytes: null });
  const written = { placed: { offset: 0, byteLengths: [geometry.tiledBytes] }, result: null };

  test('when a sync came while a frame was being written', async () => {
    const file = shard();
    await file.put({ frame: 0, planes: [0] }, async () => {
      await file.sync();
      return written;
    });
    expect(file.hasUnsyncedData).toBe(true);
    await file.sync();
    expect(file.hasUnsyncedData).toBe(false);
    await file.release();
  });

  test('while it is sealed', async () => {
    const file = shard();
    await file.put({ frame: 0, planes: [0] }, async () => written);
    const seen: boolean[] = [];
    await syncsAs(async () => void seen.push(file.hasUnsyncedData));
    await file.seal();
    expect(seen).toEqual([true]);
    expect(file.hasUnsyncedData).toBe(false);
  });
});
