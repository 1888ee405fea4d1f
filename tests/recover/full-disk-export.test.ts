import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { exportStore } from '../../src/main/storage/export/export-store.ts';
import { startRamp, testFolder } from '../stores/ramp-store.ts';
import { fill, smallDisk } from './small-disk.ts';

// These need Linux and root, to mount small file systems of their own.

async function store(): Promise<string> {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  await mkdir(join(folder.path, 'run'));
  const run = await startRamp(join(folder.path, 'run'), [{ name: 'camera', dtype: 'uint16', shape: [512, 512] }]);
  await run.writeRamp(0, 8);
  await run.close();
  return run.storeDir;
}

test('a copy that has no room is refused before it is begun, with what it needs and what there is', async () => {
  const disk = await smallDisk(2);
  const out = join(disk, 'copy.ome.tif');
  await expect(exportStore(await store(), { format: 'ome-tiff', out, creator: 'test' })).rejects.toMatchObject({
    code: 'target/no-space',
    message: `${out}: the copy needs 4.2 MB, only 2.1 MB are free`,
  });
  expect(await readdir(disk)).toEqual([]);
});

test('a disk that becomes full says so in a sentence, with the path and the sizes, and nothing is left behind', async () => {
  const disk = await smallDisk(2);
  await fill(disk, 'ballast');
  const out = join(disk, 'copy.ome.zarr');
  await expect(exportStore(await store(), { format: 'ngff-0.4', out, creator: 'test' })).rejects.toMatchObject({
    code: 'export/write-failed',
    message: expect.stringMatching(
      /copy\.ome\.zarr: the disk is full after [\d.]+ \w+\. The copy needs at most 4\.2 MB; nothing of it was left$/,
    ),
  });
  expect(await readdir(disk)).toEqual(['ballast']);
});
