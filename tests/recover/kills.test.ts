import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startHost } from '../../src/main/host/start-host.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { inspectStore, type StoreReport } from '../../src/main/storage/catalogue/inspect.ts';
import { recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { imagePaths } from '../../src/main/storage/run/image-on-disk.ts';
import { readJournal } from '../../src/main/storage/run/journal.ts';
import { ensurePythonVenv, runPython } from '../python/venv.ts';
import { type TestFolder, testFolder } from '../stores/ramp-store.ts';
import { hostOptionsFor } from './host-options.ts';
import { type Killed, killAfter, uninterrupted } from './interrupted-run.ts';
import { CODECS, type Codec, LAYOUTS, type Layout } from './layouts.ts';
import { documentsOf } from './read-documents.ts';
import { seededRandom } from './seeded-random.ts';

// REDSUN_KILLS: how often; REDSUN_KILL_SEED: another series of moments.
const KILLS = Number(process.env.REDSUN_KILLS ?? 6);
const SEED = Number(process.env.REDSUN_KILL_SEED ?? 1);
const MAX_DELAY_MS = 12;
/** A kill at the very end may come too late to interrupt anything. */
const LATEST_SHARE = 0.85;

interface Kill {
  readonly layout: Layout;
  readonly codec: Codec;
  readonly frames: number;
  readonly delayMs: number;
}

interface Verdict {
  readonly folder: string;
  readonly read: number;
  readonly wrong: readonly unknown[];
}

const kills = killsOf(KILLS, SEED);
const interrupted = new Map<Kill, Killed>();
const wholeStores = new Map<string, StoreReport>();
let folder: TestFolder;

beforeAll(
  async () => {
    await ensurePythonVenv();
    folder = await testFolder();
    for (const [at, kill] of kills.entries()) {
      interrupted.set(
        kill,
        await killAfter(join(folder.path, `kill-${at}`), kill.layout.sequence, kill, sessionOf(kill)),
      );
    }
    return () => folder.remove();
  },
  60_000 + KILLS * 30_000,
);

describe(`${KILLS} kills, seed ${SEED}`, () => {
  test(
    'no frame that the host acknowledged is lost, and zarr-python reads each one before anything was repaired',
    async () => {
      const verdicts = await readWithPython();
      const sum = { acknowledged: 0, lost: 0 };
      for (const [at, [kill, { runFolder, acknowledged }]] of [...interrupted].entries()) {
        const cameras = kill.layout.name === 'two cameras' ? 2 : 1;
        const lines = (await readJournal(join(runFolder, 'journal.jsonl')))?.lines ?? [];
        sum.acknowledged += acknowledged * cameras;
        sum.lost += Math.max(0, acknowledged * cameras - lines.length) + (verdicts[at]?.wrong.length ?? 0);
        expect.soft(lines.length, describeKill(kill)).toBeGreaterThanOrEqual(acknowledged * cameras);
        expect.soft(verdicts[at], describeKill(kill)).toMatchObject({ read: lines.length, wrong: [] });
      }
      process.stdout.write(`${KILLS} kills: ${sum.acknowledged} frames acknowledged, ${sum.lost} lost\n`);
    },
    60_000 + KILLS * 5_000,
  );

  test(
    'recover makes each run whole, and a second time finds nothing to do',
    async () => {
      for (const [kill, { runFolder, acknowledged }] of interrupted) {
        const report = await recoverRun(runFolder, { writes: true, clock: systemClock });
        expect.soft(report, describeKill(kill)).toMatchObject({ state: 'repaired', lost: 0, problems: [] });
        // Killed before the first line of the journal, a frame that was whole is found all the same.
        if (report.acknowledged > 0) expect.soft(report.found, describeKill(kill)).toBe(report.acknowledged);
        expect.soft(report.found, describeKill(kill)).toBeGreaterThanOrEqual(acknowledged);
        // Killed before its first frame, a run may have no store, or half of one.
        if (report.found > 0) await expectWhole(runFolder, report.found, describeKill(kill));
        const again = await recoverRun(runFolder, { writes: true, clock: systemClock });
        expect.soft(again, describeKill(kill)).toMatchObject({ state: 'whole', repairs: [] });
        expect
          .soft((await documentsOf(runFolder)).at(-1))
          .toMatchObject({ name: 'stop', doc: { exit_status: 'fail' } });
      }
    },
    60_000 + KILLS * 5_000,
  );

  test(
    'each run is resumed, and its store equals that of a run that nobody interrupted',
    async () => {
      for (const [at, [kill, { runFolder }]] of [...interrupted].entries()) {
        await resume(join(folder.path, `kill-${at}`), runFolder);
        const [resumed, whole] = [await inspect(runFolder), await wholeStore(kill)];
        expect.soft(resumed.problems, describeKill(kill)).toEqual([]);
        expect.soft(resumed.arrays, describeKill(kill)).toEqual(whole.arrays);
        const planes = resumed.arrays
          .filter(({ path }) => path.endsWith('0'))
          .map(({ shape: [t, c, z] }) => t! * c! * z!);
        expect.soft(await acquiredPlanes(runFolder), describeKill(kill)).toBe(sumOf(planes));
      }
      for (const verdict of await readWithPython()) expect.soft(verdict).toMatchObject({ wrong: [] });
    },
    60_000 + KILLS * 30_000,
  );
});

/** The store opens, every level has each frame, and the masks say so. */
async function expectWhole(runFolder: string, frames: number, about: string): Promise<void> {
  const { arrays, problems } = await inspect(runFolder);
  expect.soft(problems, about).toEqual([]);
  const [finest = [], ...coarser] = levelsOf(arrays);
  expect.soft(sumOf(finest), about).toBe(frames);
  for (const level of coarser) expect.soft(level, about).toEqual(finest);
  expect.soft(await acquiredPlanes(runFolder), about).toBe(frames);
}

async function resume(base: string, runFolder: string): Promise<void> {
  const session = join(base, 'resumed.yaml');
  await copyFile(join(runFolder, 'session.yaml'), session);
  const host = await startHost(hostOptionsFor(session, base));
  try {
    const { outcome } = await host.runs.resumeRun(runFolder);
    expect.soft(await outcome).toMatchObject({ exitStatus: 'success' });
  } finally {
    await host.close();
  }
}

async function wholeStore(kill: Kill): Promise<StoreReport> {
  const { layout, codec } = kill;
  const key = `${layout.name}, ${codec.name}`;
  const known = wholeStores.get(key);
  if (known) return known;
  const base = join(folder.path, `whole-${wholeStores.size}`);
  const report = await inspect(await uninterrupted(base, layout.sequence, sessionOf(kill).session));
  wholeStores.set(key, report);
  return report;
}

/** Frames of each image, level by level. */
function levelsOf(arrays: StoreReport['arrays']): number[][] {
  const levels: number[][] = [];
  for (const { path, written_frames } of arrays) {
    const level = Number(path.split('/').at(-1));
    levels[level] = [...(levels[level] ?? []), written_frames ?? -1];
  }
  return levels;
}

/** What the masks of a store say; each frame is one plane here. */
async function acquiredPlanes(runFolder: string): Promise<number> {
  const storeDir = join(runFolder, 'data.ome.zarr');
  const groups = await imagePaths(storeDir);
  const masks = groups.map((group) => readFile(join(storeDir, group, 'written', 'c', '0', '0', '0')));
  return sumOf((await Promise.all(masks)).flatMap((mask) => [...mask]));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function inspect(runFolder: string): Promise<StoreReport> {
  return inspectStore(join(runFolder, 'data.ome.zarr'), { stats: true });
}

async function readWithPython(): Promise<Verdict[]> {
  const folders = [...interrupted.values()].map(({ runFolder }) => runFolder);
  return JSON.parse(await runPython('read_journaled_frames.py', [], JSON.stringify(folders)));
}

function sessionOf({ layout, codec }: Kill): { readonly session: string } {
  return { session: `${layout.session}${codec.storage}` };
}

function describeKill({ layout, codec, frames, delayMs }: Kill): string {
  return `${layout.name}, ${codec.name}, killed ${delayMs} ms after frame ${frames}`;
}

/** Few kills go over all layouts and all codecs, many over every pair of them; the seed says which comes with which, and when. */
function killsOf(count: number, seed: number): Kill[] {
  const random = seededRandom(seed);
  const layouts = shuffled(LAYOUTS, random);
  const codecs = shuffled(CODECS, random);
  return Array.from({ length: count }, (_, at) => {
    const layout = layouts[at % layouts.length]!;
    // Every time the layouts are through, each meets the codec after the one it would meet again.
    const codec = codecs[(at + Math.floor(at / leastCommonMultiple(layouts.length, codecs.length))) % codecs.length]!;
    const frames = Math.floor(random() * LATEST_SHARE * layout.exposures);
    return { layout, codec, frames, delayMs: Math.floor(random() * MAX_DELAY_MS) };
  });
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}

function leastCommonMultiple(one: number, other: number): number {
  let multiple = one;
  while (multiple % other !== 0) multiple += one;
  return multiple;
}
