import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../host/system-clock.ts';
import { readCounts } from '../run/counts-file.ts';
import { recordDurable } from './record-durable.ts';

const options = { clock: systemClock };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redsun-test-'));
  await mkdir(join(folder, 'data.ome.zarr', '0', 'c'), { recursive: true });
  await writeFile(join(folder, 'data.ome.zarr', '0', 'c', '0'), 'pixels');
  await writeFile(join(folder, 'journal.jsonl'), '');
});
afterEach(() => rm(folder, { recursive: true }));

const line = (firstFrame: number, cameras: readonly number[]) => ({
  time: 0,
  first_frame: firstFrame,
  cameras: Object.fromEntries(cameras.map((frames, at) => [`c${at}`, { acknowledged: frames, durable: frames }])),
});
const add = (...args: Parameters<typeof line>) =>
  appendFile(join(folder, 'counts.jsonl'), `${JSON.stringify(line(...args))}\n`);
const counts = () => readCounts(join(folder, 'counts.jsonl'));

test('frames that were not synced before count as durable, and those of a run that goes on are added', async () => {
  await add(0, [34]);
  await recordDurable(
    folder,
    Array.from({ length: 35 }, (_, frame) => ({ frame })),
    options,
  );
  expect(await counts()).toEqual({ acknowledged: 35, durable: 35 });
  await add(35, [265]);
  expect(await counts()).toEqual({ acknowledged: 300, durable: 300 });
});

test('several cameras are told apart by the numbers of their frames, of which one has fewer', async () => {
  const lines = [0, 0, 1, 1, 2].map((frame) => ({ frame }));
  await recordDurable(folder, lines, options);
  expect(await counts()).toEqual({ acknowledged: 5, durable: 5 });
  // The missing frame of the second camera is taken again, with that of the first.
  await add(2, [8, 8]);
  expect(await counts()).toEqual({ acknowledged: 20, durable: 20 });
});

test('a run of which nothing was left is none the worse', async () => {
  await recordDurable(folder, [], options);
  expect(await counts()).toEqual({ acknowledged: 0, durable: 0 });
});
