import { appendFile, copyFile, mkdir, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  crashedRun,
  expectFrames,
  maskOf,
  overwrite,
  overwriteEnd,
  recover,
  upTo,
} from '../../../../tests/recover/crashed-run.ts';
import { documentsOf } from '../../../../tests/recover/read-documents.ts';
import { systemClock } from '../../../../tests/stores/ramp-store.ts';
import { summariseRun } from '../catalogue/run-record.ts';
import { readCounts } from '../run/counts-file.ts';
import { readJournal } from '../run/journal.ts';
import { lockSession } from '../run/session-lock.ts';
import { findRuns } from './find-runs.ts';
import { RECOVERY_REASON, recoverRun } from './recover-run.ts';
import type { RecoveryProgress } from './recovery-progress.ts';

const journalOf = (run: string) => join(run, 'journal.jsonl');

/** Of the journal only so many lines are left. */
async function keepLines(run: string, count: number): Promise<void> {
  const lines = (await readFile(journalOf(run), 'utf8')).split('\n');
  await writeFile(journalOf(run), `${lines.slice(0, count).join('\n')}\n`);
}

test('a run that was cut short gets its shape and its stop document, and keeps every frame', async () => {
  const { run } = await crashedRun(7);
  const report = await recover(run);
  expect(report).toMatchObject({ state: 'repaired', acknowledged: 7, found: 7, torn: 0, lost: 0, problems: [] });
  expect(report.arrays).toMatchObject([{ path: '0', shape: [4, 1, 2, 520, 520] }]);
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

test('how far it is, is told frame by frame: what was compared, then the coarser levels', async () => {
  const { run } = await crashedRun(3, 520, { levels: 2 });
  const told: string[] = [];
  const onProgress = ({ step, done, total }: RecoveryProgress) => void told.push(`${step} ${done} of ${total}`);
  await recoverRun(run, { writes: true, clock: systemClock, onProgress });
  const each = [1, 2, 3].map((done) => `${done} of 3`);
  expect(told).toEqual([...each.map((count) => `frames ${count}`), ...each.map((count) => `levels ${count}`)]);
});

test('a dry run says what it would do and does nothing', async () => {
  const { run } = await crashedRun(5);
  await appendFile(join(run, 'journal.jsonl'), '{"array":"0","fra');
  const before = await readFile(join(run, 'journal.jsonl'), 'utf8');
  const report = await recoverRun(run, { writes: false, clock: systemClock });
  expect(report.state).toBe('repaired');
  expect(report.repairs).toHaveLength(5);
  expect(await readFile(join(run, 'journal.jsonl'), 'utf8')).toBe(before);
  expect((await documentsOf(run)).at(-1)?.name).toBe('event');
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
  await overwrite(shard, 2 * 9 * 256 * 256 * 2, 4096, 0);
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
  // Nothing of it was synced.
  await rm(join(run, 'counts.jsonl'), { force: true });
  await keepLines(run, 4);
  expect(await recover(run)).toMatchObject({ acknowledged: 4, found: 4, torn: 2, lost: 0 });
  await expectFrames(run, upTo(4));
  expect(await recover(run)).toMatchObject({ state: 'whole', torn: 0 });
});

test.each([
  ['overwritten', (shard: string) => overwriteEnd(shard, 0xaa)],
  ['cut off', async (shard: string) => truncate(shard, (await stat(shard)).size - 100)],
  ['missing', async (shard: string) => truncate(shard, 6 * 9 * 256 * 256 * 2)],
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
  await file.write(Buffer.alloc(4096), 0, 4096, 2 * 9 * 256 * 256 * 2);
  await file.close();
  const report = await recover(run);
  expect(report).toMatchObject({ state: 'damaged', acknowledged: 6, found: 5, lost: 1 });
  expect(report.problems).toMatchObject([{ code: 'store/lost-frame', message: expect.stringContaining('frame 2') }]);
  await expectFrames(run, [0, 1, 3, 4, 5]);
  expect((await readJournal(join(run, 'journal.jsonl')))?.lines.map(({ frame }) => frame)).toEqual([0, 1, 3, 4, 5]);
  expect((await readJournal(join(run, 'journal.lost.jsonl')))?.lines.map(({ frame }) => frame)).toEqual([2]);
  expect(await recover(run)).toMatchObject({ state: 'whole' });
});

test('a journal that is shorter than what was synced is a fault of the disk, and costs no frame', async () => {
  const { run } = await crashedRun(6);
  const cameras = { camera: { acknowledged: 6, durable: 5 } };
  await writeFile(join(run, 'counts.jsonl'), `${JSON.stringify({ time: 1, first_frame: 0, cameras })}\n`);
  await keepLines(run, 4);
  const problems = [{ code: 'store/lost-lines', message: expect.stringContaining('5 frames were synced') }];
  const found = { state: 'damaged', acknowledged: 4, durable: 5, found: 6, torn: 0, problems };
  expect(await recover(run)).toMatchObject(found);
  await expectFrames(run, upTo(6));
  expect(await recover(run)).toMatchObject({ ...found, repairs: [], kept: null });
});

test('a run from before there were such counts says nothing of them, and is whole', async () => {
  const { run } = await crashedRun(3);
  await rm(join(run, 'counts.jsonl'), { force: true });
  expect(await recover(run)).toMatchObject({ state: 'repaired', durable: null, found: 3, problems: [] });
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
  expect((await documentsOf(run)).at(-1)?.name).toBe('event');
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

test.each<[string, (text: string) => string | Uint8Array]>([
  ['empty', () => ''],
  ['short', (text) => text.slice(0, 700)],
  ['filled with zeros', (text) => new Uint8Array(text.length)],
  ['zeros at its beginning', (text) => Buffer.concat([Buffer.alloc(900), Buffer.from(text).subarray(900)])],
  ['zeros in its middle', (text) => Buffer.from(text).fill(0, 300, 800)],
  ['missing two half lines in its middle', (text) => `${text.slice(0, 200)}\n${text.slice(450)}`],
])('a journal that is %s costs no frame that was synced', async (_, damage) => {
  const { run } = await crashedRun(8);
  const cameras = { camera: { acknowledged: 8, durable: 8 } };
  await writeFile(join(run, 'counts.jsonl'), `${JSON.stringify({ time: 1, first_frame: 0, cameras })}\n`);
  await writeFile(journalOf(run), damage(await readFile(journalOf(run), 'utf8')));
  const report = await recover(run);
  expect(report).toMatchObject({ state: 'damaged', durable: 8, found: 8, torn: 0, lost: 0 });
  expect(report.problems.map(({ code }) => code)).toContain('store/lost-lines');
  await expectFrames(run, upTo(8));
  expect(await maskOf(run)).toEqual(upTo(8).map(() => 1));
  expect(await recover(run)).toMatchObject({ found: 8, torn: 0, lost: 0, repairs: [], kept: null });
});

test('black frames that were synced stay when the journal is lost, though nothing tells them from unwritten ones', async () => {
  const { run, shard } = await crashedRun(6);
  const cameras = { camera: { acknowledged: 6, durable: 3 } };
  await writeFile(join(run, 'counts.jsonl'), `${JSON.stringify({ time: 1, first_frame: 0, cameras })}\n`);
  await overwrite(shard, 0, 9 * 256 * 256 * 2, 0);
  await truncate(journalOf(run), 0);
  expect(await recover(run)).toMatchObject({ found: 6, torn: 0 });
});

test('an empty journal with nothing to say what was synced is as good as none', async () => {
  const { run } = await crashedRun(6);
  await rm(join(run, 'counts.jsonl'), { force: true });
  await truncate(journalOf(run), 0);
  expect(await recover(run)).toMatchObject({ state: 'repaired', found: 6, torn: 0, lost: 0, problems: [] });
  await expectFrames(run, upTo(6));
});

test.each<[string, (text: string) => string]>([
  ['doubled', (text) => text + text],
  ['in another order', (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`],
  ['with a byte order mark and the line ends of Windows', (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`],
  ['with half a line before a whole one', (text) => text.replace('\n', `\n${text.slice(0, 30)}`)],
])('a journal %s says what it said', async (_, change) => {
  const { run } = await crashedRun(7);
  await writeFile(journalOf(run), change(await readFile(journalOf(run), 'utf8')));
  expect(await recover(run)).toMatchObject({ state: 'repaired', acknowledged: 7, found: 7, torn: 0, problems: [] });
  await expectFrames(run, upTo(7));
  expect((await readCounts(join(run, 'counts.jsonl')))?.durable).toBe(7);
  expect(await summariseRun(run, '2026-03-01/mda_00000')).toMatchObject({ frames: 7 });
  expect(await recover(run)).toMatchObject({ state: 'whole', repairs: [] });
});

test('what a recovery replaced is kept, and put back the run is byte for byte what it was', async () => {
  const { run, shard } = await crashedRun(7, 520, { levels: 2 });
  const file = await open(shard, 'r+');
  await file.write(Buffer.alloc(4096), 0, 4096, 2 * 9 * 256 * 256 * 2);
  await file.close();
  await appendFile(journalOf(run), '{"array":"0","fra');
  await writeFile(join(run, 'data.ome.zarr', '0', 'zarr.json.tmp'), '{"half');
  const before = await bytesBelow(run);
  const { kept, state, lost } = await recover(run);
  expect({ state, lost }).toEqual({ state: 'damaged', lost: 1 });
  expect(kept).toContain(join(run, 'recovered-'));
  expect(await bytesBelow(run)).not.toEqual(before);
  await undo(run, kept!);
  const after = await bytesBelow(run);
  for (const name of [...after.keys()].filter((path) => path.startsWith('recovered-'))) after.delete(name);
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  for (const [name, bytes] of before) expect.soft(after.get(name)?.equals(bytes), name).toBe(true);
});

async function bytesBelow(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if ((await stat(join(folder, name))).isFile()) files.set(name, await readFile(join(folder, name)));
  }
  return files;
}

/** As README.txt in the folder says, by hand. */
async function undo(run: string, kept: string): Promise<void> {
  const changes = (await readFile(join(kept, 'undo.jsonl'), 'utf8')).trimEnd().split('\n').reverse();
  for (const change of changes) {
    const { file: name, kept: bytes, offset, size } = JSON.parse(change);
    const path = join(run, name);
    if (size === null) await rm(path);
    else if (offset === null && bytes !== null) await copyFile(join(kept, bytes), path);
    else {
      const file = await open(path, 'r+');
      if (bytes !== null) await file.write(await readFile(join(kept, bytes)), 0, undefined, offset);
      await file.truncate(size);
      await file.close();
    }
  }
}
