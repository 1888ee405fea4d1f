import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRamp, type TestFolder, testFolder, WORKER_PATH } from '../../../../tests/stores/ramp-store.ts';
import { COMPRESSIONS } from '../../../shared/config/compression.ts';
import { inspectStore } from '../catalogue/inspect.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

test('the worker runs bundled as CommonJS, as in the packed app', async () => {
  const workerPath = join(folder.path, 'writer-worker.cjs');
  // The bundle lies outside of node_modules here: its native dependencies are named by path.
  const { resolve } = createRequire(import.meta.url);
  const native = { '@node-rs/crc32': resolve('@node-rs/crc32'), 'lz4-napi': resolve('lz4-napi') };
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node16' } as const;
  await build({
    ...options,
    entryPoints: [WORKER_PATH],
    outfile: workerPath,
    external: Object.values(native),
    alias: native,
    logLevel: 'error',
  });
  for (const compression of COMPRESSIONS) {
    const dir = join(folder.path, compression);
    await mkdir(dir);
    const cameras = [{ name: 'camera', dtype: 'uint16', shape: [300, 280], capacity: 4 }] as const;
    const run = await startRamp(dir, cameras, { workerPath, compression });
    await run.writeRamp(0, 4);
    await run.close();
    const report = await inspectStore(run.storeDir, { stats: true });
    expect(report.problems).toEqual([]);
    expect(report.arrays[0]).toMatchObject({ written_frames: 4, shape: [4, 1, 1, 300, 280] });
  }
});
