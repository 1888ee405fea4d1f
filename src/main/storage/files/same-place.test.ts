import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { syncWhenTold } from '../../../../tests/stores/held-sync.ts';
import { startRamp, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { requireSameFile, SamePlace } from './same-place.ts';

async function temporary(): Promise<string> {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

test('a folder is the same until it is deleted, moved, or another one takes its name', async () => {
  const path = join(await temporary(), 'run');
  await mkdir(path);
  const place = await SamePlace.of(path);
  await place.require();
  await rename(path, `${path}-away`);
  await expect(place.require()).rejects.toMatchObject({ code: 'target/moved', message: expect.stringContaining(path) });
  await mkdir(path);
  await expect(place.require()).rejects.toThrow('was replaced by another');
  await rm(path, { recursive: true });
  await rename(`${path}-away`, path);
  await place.require();
});

test('a file that is open is compared with what its path leads to', async () => {
  const path = join(await temporary(), 'file');
  await using file = await open(path, 'w');
  await requireSameFile(file, path);
  await rm(path);
  await expect(requireSameFile(file, path)).rejects.toMatchObject({ code: 'target/moved' });
  await writeFile(path, 'another');
  await expect(requireSameFile(file, path)).rejects.toThrow('was replaced by another');
});

test('a run that ends after its folder was deleted, before any sync, has failed', async () => {
  const path = join(await temporary(), 'run');
  await mkdir(path);
  const run = await startRamp(path, [{ name: 'camera', dtype: 'uint16', shape: [40, 30] }], syncWhenTold());
  await run.writeRamp(0, 3);
  await rm(path, { recursive: true });
  await expect(run.close()).rejects.toMatchObject({ code: 'store/write-failed' });
});
