import { cp, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { type ChunkEntry, readShard } from '../../src/main/storage/layout/shard-on-disk.ts';
import { recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import type { ZarrWriterOptions } from '../../src/main/storage/writer/zarr-writer.ts';
import { openStore, readArray, readPlane } from '../../src/shared/stores/index.ts';
import { layoutOf, rampFrame, startRamp, systemClock, testFolder } from '../stores/ramp-store.ts';

const START = {
  name: 'start',
  doc: { uid: 'run-uid', time: 1_000_000, scan_id: 1, plan_name: 'mda', num_points: 20 },
};
const DESCRIPTOR = { name: 'descriptor', doc: { uid: 'd', run_start: 'run-uid', name: 'primary', time: 1_000_000 } };
const event = (seq: number) => ({
  name: 'event',
  doc: { uid: `e${seq}`, descriptor: 'd', seq_num: seq, time: 1e6 + seq },
});

export const recover = (path: string) => recoverRun(path, { writes: true, clock: systemClock });

/** A run folder as a crash leaves it after so many frames: copied while the writer goes on. By default, a frame has 3 x 3 chunks of 256 px. */
export async function crashedRun(
  frames: number,
  size = 520,
  options: Partial<ZarrWriterOptions> = {},
  shape: readonly number[] = [size, size],
) {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  const [working, run] = [join(folder.path, 'working'), join(folder.path, 'base', 'test', '2026-03-01', 'mda_00000')];
  await mkdir(working);
  await mkdir(join(run, '..'), { recursive: true });
  const layout = layoutOf('tz', { t: 10, z: 2 });
  const writing = await startRamp(working, [{ name: 'camera', dtype: 'uint16', shape, layout }], options);
  await writing.writeRamp(0, frames);
  await cp(working, run, { recursive: true });
  await writing.close();
  await writeDocuments(run, frames);
  return { run, base: join(folder.path, 'base'), shard: join(run, 'data.ome.zarr', '0', 'c', '0', '0', '0', '0', '0') };
}

/** Those of a run that has not ended. */
export async function writeDocuments(run: string, frames: number): Promise<void> {
  const documents = [START, DESCRIPTOR, ...Array.from({ length: frames }, (_, at) => event(at + 1))];
  await writeFile(join(run, 'documents.jsonl'), documents.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

export async function expectFrames(run: string, frames: readonly number[], size = 520) {
  const source = new FileByteSource(join(run, 'data.ome.zarr'));
  const { images, problems } = await openStore(source);
  expect(problems).toEqual([]);
  for (const frame of frames) {
    const { data } = await readPlane(source, images[0]!, 0, { t: Math.floor(frame / 2), z: frame % 2 });
    expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(rampFrame('uint16', frame, size, size).buffer))).toBe(
      0,
    );
  }
}

export const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

export async function maskOf(run: string): Promise<number[]> {
  const source = new FileByteSource(join(run, 'data.ome.zarr'));
  const array = await readArray(source, 'written');
  const bytes = await source.read('written/c/0/0/0');
  expect(bytes).toHaveLength(array.shape.reduce((product, length) => product * length, 1));
  return [...bytes!];
}

export async function sums(run: string) {
  const { arrays, problems } = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
  expect(problems).toEqual([]);
  return arrays.map(({ path, shape, stats }) => ({ path, shape, sha256: stats?.sha256 }));
}

/** Where the planes of a shard begin. @param places - planes that it has room for. */
export async function firstChunks(shard: string, places: number, chunksPerPlane: number) {
  const found = (await readShard(shard, places, chunksPerPlane)).places!.flatMap(([entry]) => entry ?? []);
  return found as [ChunkEntry, ChunkEntry, ChunkEntry];
}

export async function overwrite(path: string, offset: number, length: number, byte: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(length, byte), 0, length, offset);
  await file.close();
}

export async function overwriteEnd(path: string, byte: number): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(64, byte), 0, 64, size - 200);
  await file.close();
}
