import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  layoutOf,
  type RampCamera,
  startRamp,
  type TestFolder,
  testFolder,
} from '../../../../tests/stores/ramp-store.ts';
import type { StorageFormat } from './image-plan.ts';
import { neededRoom } from './needed-room.ts';

const PAGE_BYTES = 4096;

let folder: TestFolder;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

/** Files of pixels below a store: their number and their length. */
async function filesOfPixels(storeDir: string): Promise<{ readonly count: number; readonly bytes: number }> {
  const names = await readdir(storeDir, { recursive: true });
  let [count, bytes] = [0, 0];
  for (const name of names.filter((one) => /(^|\/)\d\/c\//.test(one))) {
    const found = await stat(join(storeDir, name));
    if (!found.isFile()) continue;
    count++;
    bytes += found.size;
  }
  return { count, bytes };
}

async function neededAndFound(cameras: readonly RampCamera[], frames: number, format: StorageFormat) {
  const run = await startRamp(folder.path, cameras, format);
  await run.writeRamp(0, frames);
  await run.close();
  const [{ layout = null } = {}] = cameras;
  return { needed: neededRoom({ sources: cameras, frames, layout, format }), found: await filesOfPixels(run.storeDir) };
}

const plain: RampCamera = { name: 'camera', dtype: 'uint16', shape: [96, 80] };

test.each<[string, readonly RampCamera[], number, number]>([
  ['frames of unknown number', [plain], 7, 1],
  ['chunks at the edge, which are padded', [{ ...plain, shape: [300, 280] }], 5, 1],
  ['three levels', [{ ...plain, shape: [300, 280] }], 5, 3],
  ['two cameras', [plain, { name: 'other', dtype: 'uint8', shape: [64, 64] }], 4, 2],
  ['frames in colour', [{ ...plain, shape: [96, 80, 3] }], 4, 2],
  ['volumes', [{ ...plain, shape: [5, 96, 80] }], 4, 2],
  ['channels, planes and positions', [{ ...plain, layout: layoutOf('tpcz', { t: 2, p: 3, c: 2, z: 4 }) }], 48, 2],
  ['more frames than a file holds', [{ ...plain, shape: [1024, 1024], dtype: 'uint8' }], 20, 1],
])('%s: the room is known to a page per file', async (_, cameras, frames, levels) => {
  const { needed, found } = await neededAndFound(cameras, frames, { compression: 'none', levels });
  expect(needed.kind).toBe('exact');
  expect(found.count).toBeGreaterThan(0);
  expect(found.bytes - needed.bytes).toBeGreaterThanOrEqual(0);
  expect(found.bytes - needed.bytes).toBeLessThan(found.count * PAGE_BYTES);
});

test('of compressed images the most that they can take is known, and said as such', async () => {
  const { needed, found } = await neededAndFound([plain], 7, { compression: 'blosc-zstd', levels: 2 });
  expect(needed.kind).toBe('atMost');
  expect(found.bytes).toBeGreaterThan(0);
  expect(found.bytes).toBeLessThan(needed.bytes);
});

test('axes that a camera names count as the writer counts them', () => {
  const format = { compression: 'none', levels: 1 } as const;
  const shape = [2, 96, 80];
  const named = neededRoom({
    sources: [{ ...plain, shape, extra: { axes: ['c', 'y', 'x'] } }],
    frames: 3,
    layout: null,
    format,
  });
  const planes = neededRoom({ sources: [plain], frames: 6, layout: null, format });
  // The same pixels; both have one index of 255 chunks at most.
  expect(Math.abs(named.bytes - planes.bytes)).toBeLessThan(PAGE_BYTES);
});

test('a sequence that leaves frames out needs room for those that are taken', () => {
  const format = { compression: 'none', levels: 1 } as const;
  const layout = layoutOf('tc', { t: 10, c: 2 });
  const all = neededRoom({ sources: [plain], frames: 20, layout, format });
  const some = neededRoom({ sources: [plain], frames: 12, layout, format });
  expect(all.bytes - some.bytes).toBe(8 * 96 * 80 * 2);
});

test('nothing is said of frames that nobody can count', () => {
  const room = neededRoom({ sources: [plain], frames: null, layout: null, format: { compression: 'none', levels: 1 } });
  expect(room.bytes).toBe(0);
});
