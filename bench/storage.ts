// The writer beside the disk itself and other writers, by turns on the same machine:
// node bench/storage.ts [--rounds=3] [--mb=2200] [--folder=DIR] [--case=TEXT] [--write]
// All outputs are compared before a timing counts. --write puts the table into the README.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { frameGeometry } from '../src/main/storage/layout/frame-geometry.ts';
import { ensurePythonVenv } from '../tests/python/venv.ts';
import { type Bundled, bundleOurs } from './storage/bundle.ts';
import { CASES, canDo, type Job, type Outcome, SIDES, type Side, type StorageCase } from './storage/case.ts';
import { type Measured, storageTables } from './storage/report.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { rounds: text, mb: text, folder: text, case: text, write: { type: 'boolean' } },
});
const rounds = Number(values.rounds ?? 3);
const megabytes = Number(values.mb ?? 2200);
const SOURCE_BYTES = 134_217_728;
const SETTLE_MS = 1500;

const python = await ensurePythonVenv();
const folder = await mkdtemp(join(values.folder ?? tmpdir(), 'redsun-bench-'));
try {
  const bundled = await bundleOurs(folder);
  const chosen = CASES.filter(({ name }) => name.includes(values.case ?? ''));
  const table: Measured[] = [];
  for (const one of chosen) table.push(await measure(one, bundled));
  await report(table);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** All sides by turns, `rounds` times. */
async function measure(one: StorageCase, bundled: Bundled): Promise<Measured> {
  const frameBytes = one.edgePx * one.edgePx * 2;
  const frames = Math.max(1, Math.floor((megabytes * 1e6) / frameBytes));
  const sourceFrames = Math.min(frames, Math.floor(SOURCE_BYTES / frameBytes));
  const source = join(folder, `frames-${one.edgePx}-${sourceFrames}`);
  await peers('frames', String(one.edgePx), String(sourceFrames), source);
  const { chunkHeightPx, framesPerShard } = frameGeometry('uint16', [one.edgePx, one.edgePx]);
  const jobFor = (side: Side): Job => ({
    side,
    edgePx: one.edgePx,
    compression: one.compression,
    levels: one.levels,
    frames,
    chunkPx: chunkHeightPx,
    framesPerShard,
    source,
    target: join(folder, side),
    workerPath: bundled.worker,
  });
  const sides = SIDES.filter((side) => canDo(side, one));
  await compare(one, sides.map(jobFor), bundled);
  const outcomes = new Map<Side, Outcome[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    for (const side of inTurn(sides, round)) {
      await giveSameNeighbour(jobFor('raw-direct'), bundled);
      outcomes.get(side)?.push(await write(jobFor(side), bundled));
      await remove(jobFor(side));
    }
    process.stderr.write(`${one.name}: round ${round + 1} of ${rounds}\n`);
  }
  return {
    name: one.name,
    megabytes: (frames * frameBytes) / 1e6,
    sourceMb: (sourceFrames * frameBytes) / 1e6,
    outcomes,
  };
}

/**
 * Has the same written before each side, past the page cache: a side pays for what the disk still does about the files of the one
 * before, up to a quarter of its speed where that one wrote through the cache.
 */
async function giveSameNeighbour(job: Job, bundled: Bundled): Promise<void> {
  const neighbour: Job = { ...job, target: `${job.target}-before` };
  await write(neighbour, bundled);
  await remove(neighbour);
}

/** What the disk does about deleted files must not count for the next side. */
async function remove({ target }: Job): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await run('sync');
  await setTimeout(SETTLE_MS);
}

/** Another order in each round. */
function inTurn(sides: readonly Side[], round: number): Side[] {
  const turned = sides.map((_, at) => sides[(at + 2 * round) % sides.length] as Side);
  return round % 2 === 0 ? turned : turned.reverse();
}

/** @throws Error unless every side wrote the same pixels in the same shape. */
async function compare(one: StorageCase, jobs: readonly Job[], bundled: Bundled): Promise<void> {
  const found = [];
  for (const job of jobs) {
    await write(job, bundled);
    const { shapes, sha256 } = JSON.parse(await peers('check', JSON.stringify(job))) as {
      readonly shapes: readonly (readonly number[])[];
      readonly sha256: string;
    };
    if (shapes.length < one.levels) throw new Error(`${one.name}: ${job.side} wrote ${shapes.length} levels`);
    found.push({ side: job.side, what: `${shapes[0]?.join(' x ')} pixels ${sha256}` });
    await remove(job);
  }
  const different = new Set(found.map(({ what }) => what));
  if (different.size > 1) {
    throw new Error(`${one.name}: outputs differ\n${found.map(({ side, what }) => `${side}: ${what}`).join('\n')}`);
  }
  process.stderr.write(`${one.name}: ${jobs.length} outputs are equal\n`);
}

async function write(job: Job, bundled: Bundled): Promise<Outcome> {
  const argument = JSON.stringify(job);
  if (job.side !== 'redsun') return JSON.parse(await peers('write', argument)) as Outcome;
  const { stdout } = await run(process.execPath, [bundled.main, argument]);
  return JSON.parse(stdout) as Outcome;
}

async function peers(...args: string[]): Promise<string> {
  return (await run(python, [join(root, 'bench/storage/peers.py'), ...args])).stdout;
}

async function report(table: readonly Measured[]): Promise<void> {
  const lines = storageTables(table, rounds);
  process.stdout.write(`${lines}\n`);
  if (!values.write) return;
  const path = join(root, 'README.md');
  const readme = await readFile(path, 'utf8');
  const marked = /(<!-- bench\/storage -->\n)[\s\S]*?(<!-- \/bench\/storage -->)/;
  if (!marked.test(readme)) throw new Error('README.md has no place for the table: <!-- bench/storage -->');
  await writeFile(
    path,
    readme.replace(marked, (_, before: string, after: string) => `${before}${lines}\n${after}`),
  );
}
