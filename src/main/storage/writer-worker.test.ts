import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRamp, type TestFolder, testFolder, WORKER_PATH } from '../../../tests/stores/ramp-store.ts';
import { inspectStore } from './inspect.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

test('the worker runs bundled as CommonJS, as in the packed app', async () => {
  const workerPath = join(folder.path, 'writer-worker.cjs');
  // The bundle lies outside of node_modules here: its native dependency is named by path.
  const crc32 = createRequire(import.meta.url).resolve('@node-rs/crc32');
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node16' } as const;
  await build({
    ...options,
    entryPoints: [WORKER_PATH],
    outfile: workerPath,
    external: [crc32],
    alias: { '@node-rs/crc32': crc32 },
    logLevel: 'error',
  });
  const run = await startRamp(folder.path, [{ name: 'camera', dtype: 'uint16', shape: [300, 280], capacity: 4 }], {
    workerPath,
  });
  await run.writeRamp(0, 4);
  await run.close();
  const report = await inspectStore(run.storeDir, { stats: true });
  expect(report.problems).toEqual([]);
  expect(report.arrays[0]).toMatchObject({ written_frames: 4, shape: [4, 1, 1, 300, 280] });
});
