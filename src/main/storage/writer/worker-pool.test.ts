import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Compression } from '../../../shared/config/compression.ts';
import { frameGeometry } from '../layout/frame-geometry.ts';
import { WorkerPool } from './worker-pool.ts';
import type { WriteTask } from './write-task.ts';

/** A thread that writes nothing: `crc32c` of an answer is the number of frames in the batch. What it does not do well, the codec says. */
const THREAD = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ kind, id, frames }) => {
  if (kind === 'close') return;
  if (frames[0].compression === 'blosc-lz4') throw new Error('out of memory');
  if (frames[0].compression === 'blosc-zstd') process.exit(3);
  const outcomes = frames.map(({ compression }) =>
    compression === 'gzip'
      ? { kind: 'failed', code: 'ENOSPC', message: 'no space left' }
      : { kind: 'written', frame: { crc32c: frames.length, planeCrc32c: [], ranges: [], placed: [] } });
  parentPort.postMessage({ id, outcomes });
});`;

const MEGABYTE = 1024 * 1024;
let folder: string;
let pool: WorkerPool | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redsun-pool-'));
  await writeFile(join(folder, 'thread.cjs'), THREAD);
});
afterEach(async () => {
  await pool?.end();
  pool = null;
});
afterAll(() => rm(folder, { recursive: true }));

/** @param areas - of each thread: it is given two batches more than that. */
function threads(count: number, areas = 0): WorkerPool {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const workAreasOf = () => Array.from({ length: areas }, () => ({ offset: 0, byteLength: 0 }));
  pool = new WorkerPool(join(folder, 'thread.cjs'), count, { memory, workAreasOf });
  return pool;
}

function frame(megabytes: number, compression: Compression = 'none'): WriteTask {
  const geometry = frameGeometry('uint16', [megabytes * 1024, 512]);
  expect(geometry.tiledBytes).toBe(megabytes * MEGABYTE);
  const room = { kind: 'fixed', offset: 0 } as const;
  return { slotOffset: 0, geometry, dtype: 'uint16', compression, targets: [{ geometry, path: '/run/c/0', room }] };
}

/** Has frames written that come all at once. @returns by frame, how many its batch had. */
async function batchOfEach(to: WorkerPool, frames: number, megabytes: number): Promise<number[]> {
  const written = Array.from({ length: frames }, () => to.write(frame(megabytes)));
  return (await Promise.all(written)).map(({ crc32c }) => crc32c);
}

test('frames that wait go together, at most 4 MB of them', async () => {
  const found = await batchOfEach(threads(1), 10, 1);
  expect(found).toEqual([1, 1, 4, 4, 4, 4, 4, 4, 4, 4]);
});

test('a frame that is larger goes alone', async () => {
  expect(await batchOfEach(threads(1), 4, 5)).toEqual([1, 1, 1, 1]);
});

test('a thread takes its share of what waits, not all of it', async () => {
  // Four go at once. Of the four that wait, the thread that answers first takes half, the next half of the rest.
  expect(await batchOfEach(threads(2), 8, 1)).toEqual([1, 1, 1, 1, 2, 2, 1, 1]);
});

test('a thread with room to work ahead is given more at once', async () => {
  expect(await batchOfEach(threads(1, 3), 7, 1)).toEqual([1, 1, 1, 1, 1, 2, 2]);
});

test('a frame that cannot be written fails with its file and the code, the others of the batch do not', async () => {
  const to = threads(1);
  const written = [frame(1), frame(1), frame(1, 'gzip'), frame(1)].map((task) => to.write(task));
  const found = await Promise.allSettled(written);
  expect(found.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  await expect(written[2]).rejects.toMatchObject({ code: 'ENOSPC', message: '/run/c/0: no space left' });
});

test.each([
  ['blosc-lz4', 'a writer thread crashed'],
  ['blosc-zstd', 'a writer thread ended with code 3'],
] as const)(
  'a thread that ends by itself (%s) fails what it has, what waits and what comes',
  async (codec, message) => {
    const to = threads(2);
    const written = Array.from({ length: 8 }, () => to.write(frame(1, codec)));
    for (const one of await Promise.allSettled(written)) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'store/thread', message } });
    }
    await expect(to.write(frame(1))).rejects.toMatchObject({ code: 'store/thread', message });
  },
);

test('what is asked of threads that were ended fails', async () => {
  const to = threads(1);
  const written = to.write(frame(1));
  await Promise.all([expect(written).rejects.toMatchObject({ code: 'store/thread' }), to.end()]);
  await expect(to.write(frame(1))).rejects.toThrow('the writer threads were ended');
});
