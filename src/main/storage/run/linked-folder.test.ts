import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock, type TestFolder, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { FileByteSource } from './file-byte-source.ts';
import { LINKS_FILE, linkedFolders, linkFolder, MARK_FILE } from './linked-folder.ts';

let folder: TestFolder;
let run: string;
let store: string;
beforeEach(async () => {
  folder = await testFolder();
  run = join(folder.path, 'mda_0001');
  store = join(run, 'data.ome.zarr');
  await mkdir(join(store, '0'), { recursive: true });
});
afterEach(() => folder.remove());

const bytesOf = async (key: string) => {
  const bytes = await new FileByteSource(store).read(key);
  return bytes && Buffer.from(bytes).toString();
};

/** A file of the store that lies in another folder. */
async function put(path: string, key: string, at = key): Promise<void> {
  await mkdir(join(path, '0'), { recursive: true });
  await writeFile(join(path, at), 'pixels');
  await symlink(join(path, at), join(store, key), 'file');
}

test('a file is read through its link where the run and the folder name each other', async () => {
  const { path } = await linkFolder(join(folder.path, 'other'), run, systemClock);
  await put(path, '0/a');
  expect(await bytesOf('0/a')).toBe('pixels');
  expect(JSON.parse(await readFile(join(path, MARK_FILE), 'utf8'))).toMatchObject({ run });
});

test('a second folder is added to the first', async () => {
  const first = await linkFolder(join(folder.path, 'other'), run, systemClock);
  const second = await linkFolder(join(folder.path, 'other'), run, systemClock);
  expect(await linkedFolders(run)).toEqual([first, second]);
  await put(first.path, '0/a');
  await put(second.path, '0/b');
  expect([await bytesOf('0/a'), await bytesOf('0/b')]).toEqual(['pixels', 'pixels']);
});

test('a link to a folder that does not name the run leads nowhere, whatever the run says', async () => {
  const path = join(folder.path, 'private');
  await put(path, '0/a');
  await writeFile(join(run, LINKS_FILE), JSON.stringify({ schema_version: 1, folders: [{ path, token: 'guessed' }] }));
  await expect(bytesOf('0/a')).rejects.toMatchObject({ code: 'store/path-escape' });
  await writeFile(join(path, MARK_FILE), JSON.stringify({ schema_version: 1, run, token: 'another' }));
  await expect(bytesOf('0/a')).rejects.toMatchObject({ code: 'store/path-escape' });
});

test('only the file of the same name is read', async () => {
  const { path } = await linkFolder(join(folder.path, 'other'), run, systemClock);
  await put(path, '0/a', '0/b');
  await expect(bytesOf('0/a')).rejects.toMatchObject({ code: 'store/path-escape' });
});

test('a file that is not there behind its link is no file that never was', async () => {
  await symlink(join(folder.path, 'gone'), join(store, '0/a'), 'file');
  await expect(bytesOf('0/a')).rejects.toMatchObject({ code: 'store/link-broken' });
  expect(await bytesOf('0/b')).toBeNull();
});

test('links that make no sense are told', async () => {
  await writeFile(join(run, LINKS_FILE), '{"folders": 3}');
  await expect(linkedFolders(run)).rejects.toMatchObject({ code: 'store/bad-links' });
});
