import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestFolder, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { checkTarget, freeBytes, freeBytesByDf, readableBytes } from './preflight.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => {
  vi.restoreAllMocks();
  return folder.remove();
});

test('finds nothing wrong with a folder that will do, and leaves nothing in it', async () => {
  expect(await checkTarget(join(folder.path, 'a/b/c'), 1000)).toEqual([]);
  expect(await readdir(folder.path)).toEqual([]);
});

test.runIf(fs.promises.statfs)('names a folder that goes while it is looked at', async () => {
  const gone = Object.assign(new Error('ENOENT: no such file or directory, statfs'), { code: 'ENOENT' });
  vi.spyOn(fs.promises, 'statfs').mockRejectedValue(gone);
  expect(await checkTarget(folder.path, 1)).toEqual([
    { code: 'target/unusable', message: `${folder.path} cannot be used: ${gone.message}` },
  ]);
});

test('names both numbers when there is too little room', async () => {
  const [problem] = await checkTarget(folder.path, 1e18);
  expect(problem?.code).toBe('target/no-space');
  expect(problem?.message).toMatch(/needs 1000000\.0 TB, only [\d.]+ [GMT]B are free/);
});

test('refuses a file, and a folder below a file', async () => {
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  expect((await checkTarget(file, 1))[0]?.code).toBe('target/not-a-folder');
  expect((await checkTarget(join(file, 'below'), 1))[0]?.code).toBe('target/not-a-folder');
});

test('refuses a folder that cannot be written to', async () => {
  // Permission bits do not bind root; /sys takes files from nobody.
  const isRoot = process.getuid?.() === 0;
  const dir = isRoot ? '/sys' : join(folder.path, 'locked');
  if (!isRoot) {
    await mkdir(dir);
    await chmod(dir, 0o500);
  }
  const [problem] = await checkTarget(join(dir, 'below'), 1);
  expect(problem?.code).toBe('target/no-permission');
  expect(problem?.message).toContain(dir);
});

test('counts free bytes as df does', async () => {
  const [byStatfs, byDf] = [await freeBytes(folder.path), await freeBytesByDf(folder.path)];
  expect(byDf).toBeGreaterThan(0);
  // Others write to the disk meanwhile.
  expect(Math.abs((byStatfs ?? 0) - (byDf ?? 0))).toBeLessThan(1e9);
  expect(execFileSync('df', ['-k', '-P', folder.path]).toString()).toContain('%');
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [12_300, '12.3 kB'],
  [4.2e9, '4.2 GB'],
])('%d bytes are %s', (bytes, words) => {
  expect(readableBytes(bytes)).toBe(words);
});
