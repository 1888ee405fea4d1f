import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock, type TestFolder, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { safeName } from '../target/safe-name.ts';
import { createRunFolder } from './run-folder.ts';

const startTime = new Date(2027, 0, 2, 23, 59, 58).getTime() / 1000;
let folder: TestFolder;
let options: Parameters<typeof createRunFolder>[0];

beforeEach(async () => {
  folder = await testFolder();
  options = { baseDir: folder.path, session: 'my session', plan: 'scan', startTime, clock: systemClock };
});
afterEach(() => folder.remove());

test('names the folder by session, local date, plan and counter', async () => {
  const run = await createRunFolder(options);
  expect(run.path).toBe(join(folder.path, 'my session', '2027-01-02', 'scan_0001'));
  expect(run.id).toBe('2027-01-02/scan_0001');
  expect(run.storeDir).toBe(join(run.path, 'data.ome.zarr'));
  expect([run.documentsPath, run.journalPath, run.sessionPath]).toEqual(
    ['documents.jsonl', 'journal.jsonl', 'session.yaml'].map((name) => join(run.path, name)),
  );
});

test('counts on after the highest number on the disk, gaps left alone', async () => {
  await mkdir(join(folder.path, 'my session/2027-01-02/SCAN_0041'), { recursive: true });
  await mkdir(join(folder.path, 'my session/2027-01-02/grid_scan_0099'));
  expect((await createRunFolder(options)).counter).toBe(42);
  expect((await createRunFolder({ ...options, plan: 'grid_scan' })).counter).toBe(100);
});

test('gives a folder of its own to each of many that ask at once', async () => {
  const runs = await Promise.all(Array.from({ length: 20 }, () => createRunFolder(options)));
  expect(new Set(runs.map(({ path }) => path)).size).toBe(20);
});

test('says why when the base folder is a file', async () => {
  const baseDir = join(folder.path, 'file');
  await writeFile(baseDir, '');
  await expect(createRunFolder({ ...options, baseDir })).rejects.toMatchObject({ code: 'target/no-run-folder' });
});

test.each([
  ['scan', 'scan'],
  ['a/b\\c:d', 'a_b_c_d'],
  ['../..', '__..'.replace('..', '')],
  ['CON', '_CON'],
  ['com1.txt', '_com1.txt'],
  ['com10', 'com10'],
  ['ends with dots. . .', 'ends with dots'],
  ['', '_'],
  ['   ', '_'],
  ['.hidden', '_hidden'],
  ['x'.repeat(300), 'x'.repeat(64)],
  ['tab\there', 'tab_here'],
])('makes %j safe for Windows: %j', (name, expected) => {
  expect(safeName(name)).toBe(expected);
});
