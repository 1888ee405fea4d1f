import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestFolder, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { DocumentsFile } from './documents-file.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

test('holds a line per document, in order; NaN is null', async () => {
  const path = join(folder.path, 'documents.jsonl');
  const file = await DocumentsFile.open(path);
  for (let time = 0; time < 100; time++) file.write('start', { uid: 'a', time, value: Number.NaN });
  await file.close();
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines[0]).toBe('{"name":"start","doc":{"uid":"a","time":0,"value":null}}');
  expect(lines.map((line) => JSON.parse(line).doc.time)).toEqual(Array.from({ length: 100 }, (_, time) => time));
});

test('appends to what is there', async () => {
  const path = join(folder.path, 'documents.jsonl');
  await writeFile(path, 'before\n');
  const file = await DocumentsFile.open(path);
  file.write('start', { uid: 'a', time: 0 });
  await file.close();
  expect((await readFile(path, 'utf8')).startsWith('before\n{')).toBe(true);
});

// The device takes every open and no byte: a full disk that needs no mount.
test.runIf(process.platform === 'linux')('says that a write failed, at flush and from then on', async () => {
  const file = await DocumentsFile.open('/dev/full');
  file.write('start', { uid: 'a', time: 0 });
  await expect(file.flush()).rejects.toMatchObject({
    code: 'store/write-failed',
    message: expect.stringContaining('ENOSPC'),
  });
  expect(() => file.write('start', { uid: 'a', time: 0 })).toThrow(
    expect.objectContaining({ code: 'store/write-failed' }),
  );
  await expect(file.close()).rejects.toMatchObject({ code: 'store/write-failed' });
});
