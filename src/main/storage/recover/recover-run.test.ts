import { appendFile, cp, mkdir, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { layoutOf, rampFrame, startRamp, systemClock, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { openStore, readArray, readPlane } from '../../../shared/stores/index.ts';
import { FileByteSource } from '../file-byte-source.ts';
import { inspectStore } from '../inspect.ts';
import { readJournal } from '../journal.ts';
import { lockSession } from '../session-lock.ts';
import type { ZarrWriterOptions } from '../zarr-writer.ts';
import { findRuns } from './find-runs.ts';
import { RECOVERY_REASON, recoverRun } from './recover-run.ts';
import { type ChunkEntry, readShard, writeIndex } from './shard-on-disk.ts';

const START = {
  name: 'start',
  doc: { uid: 'run-uid', time: 1_000_000, scan_id: 1, plan_name: 'mda', num_points: 20 },
};
const DESCRIPTOR = { name: 'descriptor', doc: { uid: 'd', run_start: 'run-uid', name: 'primary', time: 1_000_000 } };
const event = (seq: number) => ({
  name: 'event',
  doc: { uid: `e${seq}`, descriptor: 'd', seq_num: seq, time: 1e6 + seq },
});

const recover = (path: string) => recoverRun(path, { writes: true, clock: systemClock });

/** A run folder as a crash leaves it after so many frames: copied while the writer goes on. */
async function crashedRun(
  frames: number,
  size = 300,
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
async function writeDocuments(run: string, frames: number): Promise<void> {
  const documents = [START, DESCRIPTOR, ...Array.from({ length: frames }, (_, at) => event(at + 1))];
  await writeFile(join(run, 'documents.jsonl'), documents.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

async function expectFrames(run: string, frames: readonly number[], size = 300) {
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

async function documentsOf(run: string) {
  const text = await readFile(join(run, 'documents.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

test('a run that was cut short gets its shape and its stop document, and keeps every frame', async () => {
  const { run } = await crashedRun(7);
  const report = await recover(run);
  expect(report).toMatchObject({ state: 'repaired', acknowledged: 7, found: 7, torn: 0, lost: 0, problems: [] });
  expect(report.arrays).toMatchObject([{ path: '0', shape: [4, 1, 2, 300, 300] }]);
  await expectFrames(run, upTo(7));
  const stop = (await documentsOf(run)).at(-1);
  const doc = { run_start: 'run-uid', exit_status: 'fail', reason: RECOVERY_REASON, num_events: { primary: 7 } };
  expect(stop).toMatchObject({ name: 'stop', doc });
});

test('recovering twice is recovering once', async () => {
  const { run } = await crashedRun(5);
  await recover(run);
  const documents = await documentsOf(run);
  expect(await recover(run)).toMatchObject({ state: 'whole', found: 5, repairs: [] });
  expect(await documentsOf(run)).toEqual(documents);
});

test('a dry run says what it would do and does nothing', async () => {
  const { run } = await crashedRun(5);
  await appendFile(join(run, 'journal.jsonl'), '{"array":"0","fra');
  const before = await readFile(join(run, 'journal.jsonl'), 'utf8');
  const report = await recoverRun(run, { writes: false, clock: systemClock });
  expect(report.state).toBe('repaired');
  expect(report.repairs).toHaveLength(4);
  expect(await readFile(join(run, 'journal.jsonl'), 'utf8')).toBe(before);
  expect((await documentsOf(run)).at(-1).name).toBe('event');
});

test('lines that were cut off are removed from journal and documents', async () => {
  const { run } = await crashedRun(5);
  await appendFile(join(run, 'journal.jsonl'), '{"array":"0","fra');
  await appendFile(join(run, 'documents.jsonl'), '{"name":"event","doc":{"uid"');
  expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 5, problems: [] });
  expect((await readFile(join(run, 'journal.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(5);
  expect((await documentsOf(run)).at(-1)).toMatchObject({ name: 'stop', doc: { num_events: { primary: 5 } } });
});

test.each([
  ['missing', (path: string) => rm(path)],
  ['empty', (path: string) => truncate(path, 0)],
])('documents that are %s are told, and the frames are looked at one by one', async (_, damage) => {
  const { run, shard } = await crashedRun(6);
  await damage(join(run, 'documents.jsonl'));
  await overwrite(shard, 2 * 4 * 256 * 256 * 2, 4096, 0);
  const report = await recover(run);
  expect(report).toMatchObject({ state: 'damaged', found: 5, lost: 1, runStartUids: [] });
  expect(report.problems.map(({ code }) => code)).toEqual(['store/lost-frame', 'store/no-documents']);
});

test('zeros that a power cut leaves at the end of the journal are cut off', async () => {
  const { run } = await crashedRun(3);
  await appendFile(join(run, 'journal.jsonl'), Buffer.alloc(400));
  expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 3, lost: 0, problems: [] });
  expect((await readJournal(join(run, 'journal.jsonl')))?.lines).toHaveLength(3);
});

test('a frame of which the journal does not tell is cut off', async () => {
  const { run } = await crashedRun(6);
  const path = join(run, 'journal.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, `${lines.slice(0, 4).join('\n')}\n`);
  expect(await recover(run)).toMatchObject({ acknowledged: 4, found: 4, torn: 2, lost: 0 });
  await expectFrames(run, upTo(4));
  expect(await recover(run)).toMatchObject({ state: 'whole', torn: 0 });
});

test.each([
  ['overwritten', (shard: string) => overwriteEnd(shard, 0xaa)],
  ['cut off', async (shard: string) => truncate(shard, (await stat(shard)).size - 100)],
  ['missing', async (shard: string) => truncate(shard, 6 * 2 * 2 * 256 * 256 * 2)],
])('an index that is %s is made anew from the journal and the pixels', async (_, damage) => {
  const { run, shard } = await crashedRun(6);
  await damage(shard);
  expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 6, found: 6, lost: 0 });
  await expectFrames(run, upTo(6));
  expect(await recover(run)).toMatchObject({ state: 'whole', found: 6 });
});

test('a frame whose pixels the disk lost is named, taken out, and its journal line kept aside', async () => {
  const { run, shard } = await crashedRun(6);
  const file = await open(shard, 'r+');
  await file.write(Buffer.alloc(4096), 0, 4096, 2 * 4 * 256 * 256 * 2);
  await file.close();
  const report = await recover(run);
  expect(report).toMatchObject({ state: 'damaged', acknowledged: 6, found: 5, lost: 1 });
  expect(report.problems).toMatchObject([{ code: 'store/lost-frame', message: expect.stringContaining('frame 2') }]);
  await expectFrames(run, [0, 1, 3, 4, 5]);
  expect((await readJournal(join(run, 'journal.jsonl')))?.lines.map(({ frame }) => frame)).toEqual([0, 1, 3, 4, 5]);
  expect((await readJournal(join(run, 'journal.lost.jsonl')))?.lines.map(({ frame }) => frame)).toEqual([2]);
  expect(await recover(run)).toMatchObject({ state: 'whole' });
});

test('a shard whose file was made and never written to leaves a store that can be read', async () => {
  const { run, shard } = await crashedRun(4);
  const next = shard.replace('/c/0/', '/c/1/');
  await mkdir(join(next, '..'), { recursive: true });
  await writeFile(next, '');
  expect(await recover(run)).toMatchObject({ state: 'repaired', found: 4, lost: 0 });
  await expectFrames(run, upTo(4));
});

test('a run of a session that is in use is left alone', async () => {
  const { run, base } = await crashedRun(3);
  const lock = await lockSession({ baseDir: base, session: 'test', clock: systemClock });
  expect(await recover(run)).toMatchObject({ state: 'running', problems: [{ code: 'session/locked' }] });
  expect((await documentsOf(run)).at(-1).name).toBe('event');
  await lock.release();
  expect(await recover(run)).toMatchObject({ state: 'repaired' });
});

test('runs are found below a base folder, and folders that are none are passed over', async () => {
  const { run, base } = await crashedRun(1);
  await mkdir(join(base, 'test', 'notes'));
  expect(await findRuns(base)).toEqual([run]);
  expect(await findRuns(run)).toEqual([run]);
  await rm(run, { recursive: true });
  expect(await findRuns(base)).toEqual([]);
});

describe.each(['blosc-zstd', 'blosc-lz4', 'gzip'] as const)('of a store compressed with %s', (compression) => {
  test.each([
    ['overwritten', (shard: string) => overwriteEnd(shard, 0xaa)],
    ['zeroed', (shard: string) => overwriteEnd(shard, 0)],
    ['cut off', async (shard: string) => truncate(shard, (await stat(shard)).size - 100)],
  ])('an index that is %s is made anew from the chunks and the journal', async (_, damage) => {
    const { run, shard } = await crashedRun(6, 300, { compression });
    await damage(shard);
    expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 6, found: 6, lost: 0 });
    await expectFrames(run, upTo(6));
    expect(await recover(run)).toMatchObject({ state: 'whole', found: 6 });
  });

  test('frames around a hole in the data are found without an index, the one in it is named', async () => {
    const { run, shard } = await crashedRun(6, 300, { compression });
    const [, , third] = await firstChunks(shard, 20, 4);
    await overwriteEnd(shard, 0xaa);
    await overwrite(shard, third.offset + 40, 200, 0);
    const report = await recover(run);
    expect(report).toMatchObject({ state: 'damaged', acknowledged: 6, found: 5, lost: 1 });
    expect(report.problems).toMatchObject([{ code: 'store/lost-frame', message: expect.stringContaining('frame 2 ') }]);
    await expectFrames(run, [0, 1, 3, 4, 5]);
  });
});

test.each(['none', 'blosc-zstd'] as const)(
  'frames that reached the disk are found where their index did not (%s)',
  async (compression) => {
    const { run, shard } = await crashedRun(6, 300, { compression });
    const onDisk = await readShard(shard, 20, 4);
    const stale = onDisk.places!.map((entries, place) => (place < 4 ? entries : entries.map(() => null)));
    await writeIndex(onDisk, stale);
    expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 6, found: 6, lost: 0 });
    await expectFrames(run, upTo(6));
  },
);

test('without a journal, what a broken index named is not found, and that is said', async () => {
  const { run, shard } = await crashedRun(4, 300, { compression: 'gzip' });
  await rm(join(run, 'journal.jsonl'));
  await overwriteEnd(shard, 0xaa);
  const report = await recover(run);
  expect(report).toMatchObject({ state: 'damaged', found: 0 });
  expect(report.problems).toMatchObject([{ code: 'store/not-repaired', message: expect.stringContaining('journal') }]);
});

test.each([
  ['in colour', [40, 60, 3]],
  ['of three planes', [3, 40, 60]],
])('frames %s stay whole, and are told apart from those that are not', async (_, shape) => {
  const { run, shard } = await crashedRun(6, 0, { compression: 'blosc-zstd', levels: 2 }, shape);
  expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 6, found: 6, torn: 0, lost: 0 });
  const { problems, arrays } = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
  expect(problems).toEqual([]);
  expect(arrays.map(({ written_frames }) => written_frames)).toEqual([6, 6]);
  await overwriteEnd(shard, 0xaa);
  await writeDocuments(run, 6);
  expect(await recover(run)).toMatchObject({ state: 'repaired', found: 6, lost: 0 });
  const [, second] = await firstChunks(shard, 60, 1);
  await overwrite(shard, second.offset + 20, 8, 0x55);
  await writeDocuments(run, 6);
  expect(await recover(run)).toMatchObject({ state: 'damaged', found: 5, lost: 1 });
  expect((await maskOf(run)).reduce((sum, one) => sum + one, 0)).toBe(5 * 3);
});

describe('coarser levels', () => {
  const options = { compression: 'blosc-zstd', levels: 3 } as const;

  /** Checksums of the levels of a run that nobody interrupted. */
  async function expected(frames: number) {
    const { run } = await crashedRun(frames, 300, options);
    await recover(run);
    return sums(run);
  }

  test.each([
    ['whose file is missing', (level: string) => rm(join(level, 'c'), { recursive: true })],
    ['whose index is broken', (level: string) => overwriteEnd(join(level, 'c', '0', '0', '0', '0', '0'), 0xaa)],
    [
      'whose pixels the disk lost',
      (level: string) => overwrite(join(level, 'c', '0', '0', '0', '0', '0'), 300, 400, 0),
    ],
    ['whose metadata are missing', (level: string) => rm(level, { recursive: true })],
  ])('%s are made from the finest', async (_, damage) => {
    const { run } = await crashedRun(7, 300, options);
    await damage(join(run, 'data.ome.zarr', '1'));
    await damage(join(run, 'data.ome.zarr', '2'));
    const report = await recover(run);
    expect(report).toMatchObject({ state: 'repaired', found: 7, lost: 0, problems: [] });
    expect(report.repairs).toContainEqual(expect.stringMatching(/^1: .*planes of this level are made/));
    expect(await sums(run)).toEqual(await expected(7));
    expect(await recover(run)).toMatchObject({ state: 'whole' });
  });

  test('that were postponed are made', async () => {
    const { run } = await crashedRun(16, 300, { ...options, ringBytes: 1 });
    const report = await recover(run);
    expect(report).toMatchObject({ state: 'repaired', found: 16, problems: [] });
    expect(report.repairs).toContainEqual(expect.stringMatching(/^2: \d+ planes of this level are made/));
    expect(await sums(run)).toEqual(await expected(16));
  });

  test('of a frame that is cut off go with it', async () => {
    const { run } = await crashedRun(6, 300, options);
    const path = join(run, 'journal.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, `${lines.slice(0, 4).join('\n')}\n`);
    const report = await recover(run);
    expect(report.repairs).toContain('1: 2 planes of this level belong to no frame and are taken out');
    const { arrays } = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
    expect(arrays.map(({ shape, written_frames }) => [shape[0], written_frames])).toEqual([
      [2, 4],
      [2, 4],
      [2, 4],
    ]);
  });
});

describe('the mask', () => {
  test('says which planes are in the store', async () => {
    const { run, shard } = await crashedRun(6);
    await overwrite(shard, 2 * 4 * 256 * 256 * 2, 4096, 0);
    await recover(run);
    expect(await maskOf(run)).toEqual([1, 1, 0, 1, 1, 1]);
  });

  test('of a run that was aborted is left as it is, and made again where it is gone or wrong', async () => {
    const { run } = await crashedRun(5);
    await recover(run);
    const mask = join(run, 'data.ome.zarr', 'written');
    await writeFile(join(mask, 'c', '0', '0', '0'), new Uint8Array(6));
    expect((await recover(run)).repairs).toEqual(['written: says now that 5 of 6 planes were acquired']);
    expect(await maskOf(run)).toEqual([1, 1, 1, 1, 1, 0]);
    await rm(mask, { recursive: true });
    expect(await recover(run)).toMatchObject({ state: 'repaired' });
    expect(await maskOf(run)).toEqual([1, 1, 1, 1, 1, 0]);
    expect(await recover(run)).toMatchObject({ state: 'whole', repairs: [] });
  });
});

async function maskOf(run: string): Promise<number[]> {
  const source = new FileByteSource(join(run, 'data.ome.zarr'));
  const array = await readArray(source, 'written');
  const bytes = await source.read('written/c/0/0/0');
  expect(bytes).toHaveLength(array.shape.reduce((product, length) => product * length, 1));
  return [...bytes!];
}

async function sums(run: string) {
  const { arrays, problems } = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
  expect(problems).toEqual([]);
  return arrays.map(({ path, shape, stats }) => ({ path, shape, sha256: stats?.sha256 }));
}

/** Where the planes of a shard begin. @param places - planes that it has room for. */
async function firstChunks(shard: string, places: number, chunksPerPlane: number) {
  const found = (await readShard(shard, places, chunksPerPlane)).places!.flatMap(([entry]) => entry ?? []);
  return found as [ChunkEntry, ChunkEntry, ChunkEntry];
}

async function overwrite(path: string, offset: number, length: number, byte: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(length, byte), 0, length, offset);
  await file.close();
}

async function overwriteEnd(path: string, byte: number): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(64, byte), 0, 64, size - 200);
  await file.close();
}
