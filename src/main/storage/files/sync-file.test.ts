import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startRamp, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { syncFile } from './sync-file.ts';

const failing = (code: string) => ({ datasync: () => Promise.reject(Object.assign(new Error(code), { code })) });

test.each(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])('%s says that a file system knows no sync', async (code) => {
  expect(await syncFile(failing(code))).toBe(false);
});

test('a disk that fails is no file system without sync', async () => {
  await expect(syncFile(failing('EIO'))).rejects.toMatchObject({ code: 'EIO' });
});

test('where nothing can be synced a run is written all the same, and none of its frames counts as durable', async () => {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  const file = await open(join(folder.path, 'any'), 'w');
  const handles = Object.getPrototypeOf(file) as { datasync(): Promise<void> };
  await file.close();
  const run = await startRamp(folder.path, [{ name: 'camera', dtype: 'uint16', shape: [96, 80] }]);
  const spy = vi.spyOn(handles, 'datasync').mockImplementation(failing('EINVAL').datasync);
  onTestFinished(() => spy.mockRestore());
  await run.writeRamp(0, 5);
  await run.close();
  expect(run.writer.counts).toMatchObject({ acknowledged: 5, durable: 0 });
});
