import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { exportStore } from '../../src/main/storage/export/export-store.ts';
import { recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import { journalOfStore } from '../../src/main/storage/run/journal-of-store.ts';
import { json } from './memory-store.ts';
import { layoutOf, type RampRun, startRamp, systemClock, type TestFolder, testFolder } from './ramp-store.ts';

// Results are kept beside the data of a run, and within: the journal of the run says nothing of them.

const FRAMES = 6;
let folder: TestFolder;
let run: RampRun;

beforeEach(async () => {
  folder = await testFolder();
  await mkdir(join(folder.path, 'run'));
  run = await startRamp(join(folder.path, 'run'), [
    { name: 'camera', dtype: 'uint16', shape: [40, 30], layout: layoutOf('tz', { t: 2, z: 3 }) },
  ]);
  await run.writeRamp(0, FRAMES);
  await run.close();
});
afterEach(() => folder.remove());

const beside = (name: string) => join(folder.path, 'run', name);
const linesOf = async (path: string) => (await journalOfStore(new FileByteSource(path)))?.lines.length ?? null;

/** As an analysis script writes it: the same array path and shape as the raw data, other pixels. */
async function processed(path: string, shape: readonly number[] = [2, 1, 3, 40, 30], value = 9): Promise<void> {
  const axes = 'tczyx'.slice(5 - shape.length).split('');
  const multiscales = [{ axes: axes.map((name) => ({ name })), datasets: [{ path: '0' }] }];
  const chunk = [...shape.map(() => 1).slice(2), ...shape.slice(-2)];
  const array = {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: 'uint16',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: chunk } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: value,
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
  };
  await mkdir(join(path, '0'), { recursive: true });
  const attributes = { ome: { version: '0.5', multiscales } };
  await writeFile(join(path, 'zarr.json'), json({ zarr_format: 3, node_type: 'group', attributes }));
  await writeFile(join(path, '0', 'zarr.json'), json(array));
}

test('a processed store beside the data is read for what it is, and not compared with the journal', async () => {
  await processed(beside('background-subtracted.ome.zarr'));
  const report = await inspectStore(beside('background-subtracted.ome.zarr'), { stats: true });
  expect(report).toMatchObject({ problems: [], durable_frames: null, linked: [] });
  expect(report.arrays).toMatchObject([{ written_frames: null, stats: { min: 9, max: 9 } }]);
  expect(await linesOf(beside('background-subtracted.ome.zarr'))).toBeNull();
});

test('a projection with fewer axes was not "never acquired"', async () => {
  await processed(beside('mip.ome.zarr'), [1, 40, 30]);
  expect((await inspectStore(beside('mip.ome.zarr'))).arrays).toMatchObject([{ written_frames: null }]);
  expect(await linesOf(beside('mip.ome.zarr'))).toBeNull();
});

test('the data themselves are compared, also in a folder that was copied, renamed or is reached by a link', async () => {
  await cp(beside(''), join(folder.path, 'copy'), { recursive: true });
  await rename(beside(''), join(folder.path, 'renamed'));
  await symlink(join(folder.path, 'renamed', 'data.ome.zarr'), join(folder.path, 'newest'));
  for (const path of ['copy/data.ome.zarr', 'renamed/data.ome.zarr', 'newest']) {
    expect.soft(await linesOf(join(folder.path, path)), path).toBe(FRAMES);
    const { arrays, problems, durable_frames: durable } = await inspectStore(join(folder.path, path), { stats: true });
    expect.soft(problems, path).toEqual([]);
    expect.soft(durable, path).toBe(FRAMES);
    expect.soft(arrays, path).toMatchObject([{ written_frames: FRAMES }]);
  }
});

test('data that were moved out of their run, and into another one, are not compared with what they find there', async () => {
  await mkdir(join(folder.path, 'other'));
  const other = await startRamp(join(folder.path, 'other'), [{ name: 'camera', dtype: 'uint16', shape: [30, 40] }]);
  await other.writeRamp(0, 2);
  await other.close();
  await rename(run.storeDir, join(folder.path, 'moved.ome.zarr'));
  expect(await inspectStore(join(folder.path, 'moved.ome.zarr'), { stats: true })).toMatchObject({
    problems: [],
    durable_frames: null,
    arrays: [{ written_frames: FRAMES }],
  });
  await rename(join(folder.path, 'moved.ome.zarr'), join(folder.path, 'other', 'first.ome.zarr'));
  const { problems, arrays } = await inspectStore(join(folder.path, 'other', 'first.ome.zarr'), { stats: true });
  expect(problems).toEqual([]);
  expect(arrays).toMatchObject([{ written_frames: FRAMES }]);
});

test('a copy that was exported into the run folder is whole', async () => {
  const path = await exportStore(run.storeDir, {
    format: 'ngff-0.4',
    creator: 'test',
    signal: new AbortController().signal,
  });
  expect(basename(join(path, '..'))).toBe('run');
  expect((await inspectStore(path, { stats: true })).problems).toEqual([]);
  expect(await linesOf(path)).toBeNull();
});

test('a processed store that took the place of the raw one is not called damaged, nor repaired', async () => {
  await rename(run.storeDir, beside('raw.ome.zarr'));
  await processed(run.storeDir);
  expect(await linesOf(run.storeDir)).toBe(0);
  expect((await inspectStore(run.storeDir, { stats: true })).problems).toEqual([]);
  const before = await readFile(join(run.storeDir, '0', 'zarr.json'), 'utf8');
  const { problems } = await recoverRun(beside(''), { writes: true, clock: systemClock });
  expect(problems.map(({ code }) => code)).toContain('store/foreign-image');
  expect(await readFile(join(run.storeDir, '0', 'zarr.json'), 'utf8')).toBe(before);
});

test('labels that were put into the data have no frames, and recovering the run leaves them alone', async () => {
  const labels = join(run.storeDir, 'labels');
  await mkdir(labels);
  const group = { zarr_format: 3, node_type: 'group', attributes: { ome: { version: '0.5', labels: ['cells'] } } };
  await writeFile(join(labels, 'zarr.json'), json(group));
  await cp(join(run.storeDir, '0'), join(labels, 'cells', '0'), { recursive: true });
  const about = { zarr_format: 3, node_type: 'group' };
  const multiscales = [{ axes: 'tczyx'.split('').map((name) => ({ name })), datasets: [{ path: '0' }] }];
  const attributes = { ome: { version: '0.5', 'image-label': {}, multiscales } };
  await writeFile(join(labels, 'cells', 'zarr.json'), json({ ...about, attributes }));
  await rm(beside('counts.jsonl'));
  const { arrays } = await inspectStore(run.storeDir, { stats: true });
  expect(arrays).toMatchObject([{ written_frames: FRAMES }, { path: 'labels/cells/0', written_frames: null }]);
  const report = await recoverRun(beside(''), { writes: true, clock: systemClock });
  expect(report).toMatchObject({ torn: 0 });
  expect((await inspectStore(run.storeDir, { stats: true })).arrays).toEqual(arrays);
});
