import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCounts } from '../../src/main/storage/counts-file.ts';
import { inspectStore } from '../../src/main/storage/inspect.ts';
import { readJournal } from '../../src/main/storage/journal.ts';
import { type RecoveryReport, recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { syncWhenTold } from '../stores/held-sync.ts';
import { layoutOf, startRamp, systemClock, testFolder } from '../stores/ramp-store.ts';
import { cutPower } from './power-cut.ts';
import { seededRandom } from './seeded-random.ts';

// REDSUN_POWER_CUTS: how often, for each way of storing.
const CUTS = Number(process.env.REDSUN_POWER_CUTS ?? 8);
const LAYOUT = layoutOf('ptz', { p: 2, t: 8, z: 2 });
/** The first position is full by then, and its file sealed; the second is begun. */
const WRITTEN = 27;

/** Copies of a run folder: when it was synced last, and when the power failed. */
async function unsyncedRun(durable: number, options: Parameters<typeof startRamp>[2]) {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  const names = ['working', 'synced', 'written'] as const;
  const [working, synced, written] = names.map((name) => join(folder.path, name)) as [string, string, string];
  await mkdir(working);
  const { clock, sync } = syncWhenTold();
  const camera = { name: 'camera', dtype: 'uint16', shape: [70, 90], layout: LAYOUT } as const;
  const run = await startRamp(working, [camera], { ...options, clock });
  if (durable > 0) await run.writeRamp(0, durable);
  sync();
  const counted = async () => (await readCounts(join(working, 'counts.jsonl')))?.durable ?? 0;
  await expect.poll(counted, { timeout: 20_000 }).toBe(durable);
  await writeFile(join(working, 'documents.jsonl'), linesOf(0));
  await cp(working, synced, { recursive: true });
  await run.writeRamp(durable, WRITTEN);
  await writeFile(join(working, 'documents.jsonl'), linesOf(WRITTEN));
  await cp(working, written, { recursive: true });
  await run.close();
  return { path: folder.path, synced, written };
}

/** The start is synced when it is written; the others come and go with the power. */
function linesOf(events: number): string {
  const start = { name: 'start', doc: { uid: 'run', time: 1_000_000, scan_id: 1, plan_name: 'mda' } };
  const descriptor = { name: 'descriptor', doc: { uid: 'd', run_start: 'run', name: 'primary', time: 1_000_000 } };
  const each = Array.from({ length: events }, (_, at) => ({
    name: 'event',
    doc: { uid: `${at}`, descriptor: 'd', seq_num: at + 1, time: 1_000_000 + at },
  }));
  return [start, ...(events > 0 ? [descriptor, ...each] : [])].map((line) => `${JSON.stringify(line)}\n`).join('');
}

const recover = (path: string) => recoverRun(path, { writes: true, clock: systemClock });

/** What must be true of a run folder that was recovered, whatever the disk lost. */
async function expectHonest(run: string, report: RecoveryReport, durable: number, about: string): Promise<void> {
  const named = report.problems.filter(({ code }) => code === 'store/lost-frame');
  expect.soft(report.problems, about).toHaveLength(report.lost);
  expect.soft(named, about).toHaveLength(report.lost);
  expect.soft(report.found + report.lost, about).toBe(report.acknowledged);
  const journal = await readJournal(join(run, 'journal.jsonl'));
  const frames = new Set(journal?.lines.map(({ frame }) => frame));
  // What the folder itself says is neither less than what was synced nor more than what is there: a recovery syncs what it made whole.
  const recorded = report.problems.length > 0 ? durable : report.found;
  expect.soft((await readCounts(join(run, 'counts.jsonl')))?.durable ?? 0, about).toBe(recorded);
  expect.soft(report.durable ?? 0, about).toBe(durable);
  const missing = Array.from({ length: durable }, (_, frame) => frame).filter((frame) => !frames.has(frame));
  expect.soft(missing, `${about}: durable frames that are not there`).toEqual([]);
  // Reads every pixel, and compares it with the checksums of the journal.
  const { arrays, problems } = await inspectStore(join(run, 'data.ome.zarr'), { stats: true });
  expect.soft(problems, about).toEqual([]);
  for (const level of new Set(arrays.map(({ path }) => path.split('/').at(-1)))) {
    const written = arrays.filter(({ path }) => path.endsWith(`/${level}`)).map((array) => array.written_frames ?? 0);
    expect
      .soft(
        written.reduce((sum, count) => sum + count, 0),
        `${about}, level ${level}`,
      )
      .toBe(report.found);
  }
  const documents = (await readFile(join(run, 'documents.jsonl'), 'utf8')).trimEnd().split('\n');
  expect.soft(JSON.parse(documents.at(-1)!), about).toMatchObject({ name: 'stop', doc: { exit_status: 'fail' } });
}

describe(`after ${CUTS} power cuts`, () => {
  test.each([
    ['uncompressed', {}],
    ['blosc-zstd at 3 levels', { compression: 'blosc-zstd', levels: 3 }],
    ['blosc-lz4 at 2 levels', { compression: 'blosc-lz4', levels: 2 }],
    ['gzip', { compression: 'gzip' }],
  ] as const)(
    'all that was synced is there, and what is not is named (%s)',
    async (name, options) => {
      for (const durable of [0, 5, 20]) {
        const { path, synced, written } = await unsyncedRun(durable, options);
        for (let seed = 1; seed <= CUTS; seed++) {
          const run = join(path, `cut-${seed}`);
          await cutPower(synced, written, run, seededRandom(seed));
          const about = `${name}, ${durable} frames synced, seed ${seed}`;
          await expectHonest(run, await recover(run), durable, about);
          expect.soft(await recover(run), about).toMatchObject({ state: 'whole', repairs: [], problems: [] });
        }
      }
    },
    30_000 + CUTS * 10_000,
  );
});
