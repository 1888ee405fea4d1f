import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { type RecoveryReport, recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { readCounts } from '../../src/main/storage/run/counts-file.ts';
import { readJournal } from '../../src/main/storage/run/journal.ts';
import { systemClock } from '../stores/ramp-store.ts';
import { cutPower } from './power-cut.ts';
import { seededRandom } from './seeded-random.ts';
import { unsyncedRun } from './unsynced-run.ts';
import { wrongPlanes } from './written-planes.ts';

// REDSUN_POWER_CUTS: how often, for each way of storing.
const CUTS = Number(process.env.REDSUN_POWER_CUTS ?? 8);
/** The first position is full by then, and its file sealed; the second is begun. */
const WRITTEN = 27;

const recover = (path: string) => recoverRun(path, { writes: true, clock: systemClock });

/** What must be true of a run folder that was recovered, whatever the disk lost. */
async function expectHonest(
  { run, written }: { readonly run: string; readonly written: string },
  report: RecoveryReport,
  durable: number,
  about: string,
): Promise<void> {
  const named = report.problems.filter(({ code }) => code === 'store/lost-frame');
  expect.soft(report.problems, about).toHaveLength(report.lost);
  expect.soft(named, about).toHaveLength(report.lost);
  const journal = await readJournal(join(run, 'journal.jsonl'));
  // A journal without a line is as good as none: what was written whole is found in the store, and nobody said how much that is.
  const hasLines = (journal?.lines.length ?? 0) > 0 || report.acknowledged > 0;
  if (hasLines) expect.soft(report.found + report.lost, about).toBe(report.acknowledged);
  expect.soft(await wrongPlanes(run, written), `${about}: planes that are not what was written`).toEqual([]);
  const frames = new Set(journal?.lines.map(({ frame }) => frame));
  // What the folder itself says is neither less than what was synced nor more than what is there: a recovery syncs what it made whole.
  const recorded = report.problems.length > 0 ? durable : hasLines ? report.found : 0;
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
        const { path, synced, written: copies } = await unsyncedRun(durable, [WRITTEN], options);
        const written = copies[0] as string;
        for (let seed = 1; seed <= CUTS; seed++) {
          const run = join(path, `cut-${seed}`);
          await cutPower(synced, written, run, seededRandom(seed));
          const about = `${name}, ${durable} frames synced, seed ${seed}`;
          await expectHonest({ run, written }, await recover(run), durable, about);
          expect.soft(await recover(run), about).toMatchObject({ state: 'whole', repairs: [], problems: [] });
        }
      }
    },
    30_000 + CUTS * 10_000,
  );
});
