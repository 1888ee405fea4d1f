import { createHash } from 'node:crypto';
import { appendFile, mkdir, open, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  layoutOf,
  type RampRun,
  rampFrame,
  startRamp,
  type TestFolder,
  testFolder,
} from '../../../../tests/stores/ramp-store.ts';
import { FileByteSource } from '../run/file-byte-source.ts';
import { inspectStore } from './inspect.ts';

let folder: TestFolder;
let run: RampRun;

beforeEach(async () => {
  folder = await testFolder();
  run = await startRamp(folder.path, [
    { name: 'camera', dtype: 'uint16', shape: [40, 30], layout: layoutOf('tz', { t: 2, z: 3 }) },
  ]);
  await run.writeRamp(0, 6);
  await run.close();
});
afterEach(() => folder.remove());

test('says what is in a store', async () => {
  const hash = createHash('sha256');
  for (let i = 0; i < 6; i++) hash.update(new Uint8Array(rampFrame('uint16', i, 40, 30).buffer));
  const report = await inspectStore(run.storeDir, { stats: true });
  expect(report).toMatchObject({
    path: run.storeDir,
    zarr_format: 3,
    ome_version: '0.5',
    multiscales: [{ path: '', name: 'camera', datasets: [{ path: '0' }] }],
    omero: { channels: [{ label: 'channel-0', color: '0000FF' }] },
    plate: null,
    labels: [],
    problems: [],
  });
  const mean = 31 * 2.5 + 7 * 19.5 + 3 * 14.5;
  expect(report.arrays).toEqual([
    {
      path: '0',
      shape: [2, 1, 3, 40, 30],
      dtype: 'uint16',
      chunks: [1, 1, 1, 40, 30],
      shards: [2, 1, 3, 40, 30],
      codecs: ['sharding_indexed'],
      dimension_names: ['t', 'c', 'z', 'y', 'x'],
      written_frames: 6,
      stats: { min: 0, max: 31 * 5 + 7 * 39 + 3 * 29, mean, sha256: hash.digest('hex') },
    },
  ]);
});

test('leaves statistics out unless asked, and counts written frames by their chunks where there is no journal', async () => {
  await rm(run.journalPath);
  expect((await inspectStore(run.storeDir)).arrays[0]).toMatchObject({ stats: null, written_frames: 6 });
});

test('counts frames of several planes, and of coarser levels', async () => {
  const dir = join(folder.path, 'colours');
  await mkdir(dir);
  const camera = {
    name: 'camera',
    dtype: 'uint8',
    shape: [40, 30, 3],
    layout: layoutOf('tz', { t: 4, z: 3 }),
  } as const;
  const colours = await startRamp(dir, [camera], { levels: 2 });
  await colours.writeRamp(0, 7);
  await colours.close();
  const counts = async () => (await inspectStore(colours.storeDir)).arrays.map((array) => array.written_frames);
  expect(await counts()).toEqual([7, 7]);
  await rm(colours.journalPath);
  expect(await counts()).toEqual([7, 7]);
});

test('a frame that was taken again after a pause is one, also among those on the disk', async () => {
  const other = await testFolder();
  try {
    const places = [0, 1, 1, 2];
    const camera = { name: 'camera', dtype: 'uint16', shape: [40, 30], layout: layoutOf('t', { t: 3 }) } as const;
    const again = await startRamp(other.path, [camera], {
      frameContext: (_, number) => ({ index: { t: places[number]! }, asked: {}, read: {}, changed: {} }),
    });
    await again.writeRamp(0, places.length);
    await again.close();
    const report = await inspectStore(again.storeDir);
    expect(report).toMatchObject({ durable_frames: 3, arrays: [{ written_frames: 3 }], problems: [] });
  } finally {
    await other.remove();
  }
});

test('finds pixels that are not what the journal says', async () => {
  const file = await open(join(run.storeDir, '0/c/0/0/0/0/0'), 'r+');
  await file.write(new Uint8Array([255]), 0, 1, 100);
  await file.close();
  const report = await inspectStore(run.storeDir, { stats: true });
  expect(report.problems).toMatchObject([{ path: '0', code: 'store/wrong-pixels' }]);
  expect(report.arrays[0]?.stats).toBeNull();
});

test('finds a shard that was cut off', async () => {
  const file = await open(join(run.storeDir, '0/c/0/0/0/0/0'), 'r+');
  await file.truncate(5000);
  await file.close();
  const codes = (await inspectStore(run.storeDir, { stats: true })).problems.map(({ code }) => code);
  expect(new Set(codes)).toEqual(new Set(['store/bad-index']));
  expect((await inspectStore(run.storeDir)).problems).toMatchObject([{ path: '0', code: 'store/bad-index' }]);
});

test('finds malformed lines in the journal', async () => {
  await appendFile(run.journalPath, 'nonsense\n');
  expect((await inspectStore(run.storeDir)).problems).toMatchObject([{ code: 'store/bad-journal' }]);
});

test('reports what is no store, and rejects for what is not there', async () => {
  const dir = join(folder.path, 'empty');
  await mkdir(dir);
  expect(await inspectStore(dir)).toMatchObject({ zarr_format: null, problems: [{ code: 'store/not-a-store' }] });
  await writeFile(join(dir, 'zarr.json'), '{');
  expect(await inspectStore(dir)).toMatchObject({ zarr_format: null, problems: [{ code: 'store/bad-metadata' }] });
  await expect(inspectStore(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'store/not-found' });
});

test('a link out of the store is not followed', async () => {
  await writeFile(join(folder.path, 'secret'), 'secret');
  await symlink(join(folder.path, 'secret'), join(run.storeDir, 'link'));
  const source = new FileByteSource(run.storeDir);
  await expect(source.read('link')).rejects.toMatchObject({ code: 'store/path-escape' });
  await expect(source.read('../secret')).rejects.toMatchObject({ code: 'store/path-escape' });
});

test('parts of a file are read by offset and from the end', async () => {
  await writeFile(join(run.storeDir, 'part'), '0123456789');
  const source = new FileByteSource(run.storeDir);
  const read = async (range: Parameters<FileByteSource['read']>[1]) =>
    Buffer.from((await source.read('part', range)) ?? []).toString();
  expect(await read({ offset: 2, length: 3 })).toBe('234');
  expect(await read({ offset: 8, length: 30 })).toBe('89');
  expect(await read({ offset: 90, length: 3 })).toBe('');
  expect(await read({ suffix: 4 })).toBe('6789');
  expect(await read({ suffix: 40 })).toBe('0123456789');
  expect(await source.read('nowhere')).toBeNull();
});
