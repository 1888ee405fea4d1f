import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runFrames } from '../../src/main/storage/run/run-frames.ts';
import { type Event, Filler, type NamedDocument } from '../../src/sdk/events/index.ts';
import type { Plane } from '../../src/shared/stores/index.ts';
import { item, testHost } from './test-host.ts';

/** What is on the disk of a run whose camera delivers ramps: pixel 0 of frame i is (31 i) mod 65521. */
async function acquire(sequence: Record<string, unknown>): Promise<NamedDocument[]> {
  const host = await testHost();
  const outcome = await host.runs.runToEnd(item('mda', { sequence }));
  if (outcome.exitStatus !== 'success' || !outcome.folder) throw new Error(JSON.stringify(outcome));
  const lines = (await readFile(join(outcome.folder, 'documents.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

async function firstPixels(documents: readonly NamedDocument[]): Promise<number[]> {
  await using filler = new Filler({ readers: { 'application/x-zarr': runFrames() } });
  for (const { name, doc } of documents) filler.onDocument(name, doc);
  const { signal } = new AbortController();
  const pixels: number[] = [];
  for (const { name, doc } of documents) {
    if (name !== 'event') continue;
    const { data } = await filler.fillEvent(doc as Event, signal);
    const [plane] = Object.values(data).filter((value): value is Plane => (value as Plane | null)?.dtype === 'uint16');
    pixels.push(plane?.data[0] ?? -1);
  }
  return pixels;
}

const TIMES_AND_CHANNELS = {
  axis_order: 'tpcz',
  time_plan: { interval: 0, loops: 4 },
  stage_positions: [
    { x: 0, y: 0 },
    { x: 5, y: 5 },
  ],
};

test('each event of a saved run is filled with its own frame, over positions, channels and times', async () => {
  const documents = await acquire({ ...TIMES_AND_CHANNELS, channels: [{ config: 'FITC' }, { config: 'Cy5' }] });
  expect(await firstPixels(documents)).toEqual(Array.from({ length: 16 }, (_, frame) => 31 * frame));
});

test('also where a channel leaves times out, which only the journal knows', async () => {
  const channels = [{ config: 'FITC' }, { config: 'Cy5', acquire_every: 3 }];
  const documents = await acquire({ ...TIMES_AND_CHANNELS, channels });
  expect(await firstPixels(documents)).toEqual(Array.from({ length: 12 }, (_, frame) => 31 * frame));
});

test('parameters that no reader can use, and frames that are not there, are told', async () => {
  const documents = await acquire({ channels: [{ config: 'FITC' }] });
  const found = documents.find(({ name }) => name === 'stream_resource');
  if (found?.name !== 'stream_resource') throw new Error('there is no stream_resource');
  const { signal } = new AbortController();
  const broken = runFrames()({ ...found.doc, parameters: { arrays: [] } }, signal);
  await expect(broken).rejects.toMatchObject({ code: 'store/bad-parameters' });

  const reader = await runFrames()(found.doc, signal);
  await expect(reader.read({ start: 1, stop: 2 }, signal)).rejects.toThrow(
    'frame 1 of camera:buffer:stream was never written',
  );

  // Without a journal, frames fill their layout.
  await rm(join(dirname(fileURLToPath(found.doc.uri)), 'journal.jsonl'));
  const [plane] = await (await runFrames()(found.doc, signal)).read({ start: 0, stop: 1 }, signal);
  expect(plane).toMatchObject({ dtype: 'uint16', min: 0 });
});
