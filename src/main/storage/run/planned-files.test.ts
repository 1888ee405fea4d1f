import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { layoutOf, plateLayout, type RampCamera, startRamp, testFolder } from '../../../../tests/stores/ramp-store.ts';
import type { StorageFormat } from '../layout/image-plan.ts';
import { plannedFiles } from './planned-files.ts';

const PLAIN: StorageFormat = { compression: 'none', levels: 1 };
const LEVELS: StorageFormat = { compression: 'blosc-zstd', levels: 3 };
const plain: RampCamera = { name: 'camera', dtype: 'uint16', shape: [96, 80] };
const TEMPORARY = /\.(tmp|link)$/;

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const found = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).isFile()));
  return names.filter((_, at) => found[at]);
}

const longest = (paths: readonly string[]) => Math.max(...paths.map((path) => path.length));

test.each<[string, readonly RampCamera[], number, StorageFormat]>([
  ['a single image', [plain], 3, PLAIN],
  ['more frames than a shard holds', [plain], 300, PLAIN],
  ['levels', [plain], 2, LEVELS],
  ['two cameras', [plain, { ...plain, name: 'the other one' }], 2, LEVELS],
  [
    'channels and planes in files of their own',
    [{ ...plain, layout: layoutOf('tcz', { t: 2, c: 3, z: 200 }) }],
    1200,
    PLAIN,
  ],
  ['positions', [{ ...plain, layout: layoutOf('ptz', { p: 12, t: 1, z: 2 }) }], 24, PLAIN],
  ['a plate', [{ ...plain, layout: plateLayout('ptz', { p: 6, t: 1, z: 1 }) }], 6, LEVELS],
])('the longest paths of a run are known before it: %s', async (_, cameras, frames, format) => {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  const run = await startRamp(folder.path, cameras, format);
  await run.writeRamp(0, frames);
  await run.close();
  const found = (await filesBelow(folder.path)).filter((path) => path.startsWith('data.ome.zarr/'));
  const [{ layout = null } = {}] = cameras;
  const planned = plannedFiles({ sources: cameras, frames, layout, format });
  const named = planned.map((path) => path.replace(TEMPORARY, ''));
  expect(longest(named)).toBe(longest(found));
  // Not just by its length.
  expect(found).toContain(named.find((path) => path.length === longest(named)));
});

test('where nobody knows how many frames come, room is left for the numbers of many', () => {
  const files = plannedFiles({ sources: [plain], frames: null, layout: null, format: PLAIN });
  expect(files).toContainEqual(expect.stringMatching(/^data\.ome\.zarr\/0\/c\/\d{4}\/0\/0\/0\/0\.link$/));
});
