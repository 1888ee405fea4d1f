// The writer beside the disk itself and other writers, by turns on the same machine:
// node bench/storage.ts [--rounds=3] [--mb=2200] [--folder=DIR] [--case=TEXT] [--write]
// All outputs are compared before a timing counts. --write puts the table into the README.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { frameGeometry } from '../src/main/storage/frame-geometry.ts';
import { ensurePythonVenv } from '../tests/python/venv.ts';
import { median } from './engine/measure.ts';
import { CASES, canDo, type Job, type Outcome, SIDES, type Side, type StorageCase } from './storage/case.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { rounds: text, mb: text, folder: text, case: text, write: { type: 'boolean' } },
});
const rounds = Number(values.rounds ?? 3);
const megabytes = Number(values.mb ?? 2200);
const SOURCE_BYTES = 134_217_728;

const python = await ensurePythonVenv();
const folder = await mkdtemp(join(values.folder ?? tmpdir(), 'redsun-bench-'));
try {
  const chosen = CASES.filter(({ name }) => name.includes(values.case ?? ''));
  const table = [];
  for (const one of chosen) table.push(...(await measure(one)));
  await report(table);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** All sides by turns, `rounds` times. @returns the lines of the table. */
async function measure(one: StorageCase): Promise<string[]> {
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
  });
  const sides = SIDES.filter((side) => canDo(side, one));
  await compare(one, sides.map(jobFor));
  const outcomes = new Map<Side, Outcome[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      outcomes.get(side)?.push(await write(jobFor(side)));
      await rm(join(folder, side), { recursive: true, force: true });
    }
    process.stderr.write(`${one.name}: round ${round + 1} of ${rounds}\n`);
  }
  const written = (frames * frameBytes) / 1e6;
  return [...outcomes].map(([side, all]) => {
    const peaks = all.map(({ peakMb }) => peakMb);
    const cells = [rates(all, 'closedS', written), rates(all, 'durableS', written), range(peaks)];
    return `| ${one.name} | ${side} | ${cells.join(' | ')} |`;
  });
}

/** @throws Error unless every side wrote the same pixels in the same shape. */
async function compare(one: StorageCase, jobs: readonly Job[]): Promise<void> {
  const found = [];
  for (const job of jobs) {
    await write(job);
    const { shapes, sha256 } = JSON.parse(await peers('check', JSON.stringify(job))) as {
      readonly shapes: readonly (readonly number[])[];
      readonly sha256: string;
    };
    if (shapes.length < one.levels) throw new Error(`${one.name}: ${job.side} wrote ${shapes.length} levels`);
    found.push({ side: job.side, what: `${shapes[0]?.join(' x ')} pixels ${sha256}` });
    await rm(job.target, { recursive: true, force: true });
  }
  const different = new Set(found.map(({ what }) => what));
  if (different.size > 1) {
    throw new Error(`${one.name}: outputs differ\n${found.map(({ side, what }) => `${side}: ${what}`).join('\n')}`);
  }
  process.stderr.write(`${one.name}: ${jobs.length} outputs are equal\n`);
}

async function write(job: Job): Promise<Outcome> {
  const argument = JSON.stringify(job);
  if (job.side !== 'redsun') return JSON.parse(await peers('write', argument)) as Outcome;
  const { stdout } = await run(process.execPath, [join(root, 'bench/storage/ours.ts'), argument]);
  return JSON.parse(stdout) as Outcome;
}

async function peers(...args: string[]): Promise<string> {
  return (await run(python, [join(root, 'bench/storage/peers.py'), ...args])).stdout;
}

async function report(table: readonly string[]): Promise<void> {
  const lines = [
    '| | writer | MB/s until closed | MB/s until on the disk | peak memory, MB |',
    '|---|---|---|---|---|',
    ...table,
    '',
    `Medians (and ranges) of ${rounds} rounds of ${megabytes} MB, all sides by turns, on ${cpus().length} cores ` +
      `(${cpus()[0]?.model.trim()}), Node ${process.versions.node}. Memory includes the frames that are written again and again.`,
  ].join('\n');
  process.stdout.write(`${lines}\n`);
  if (!values.write) return;
  const path = join(root, 'README.md');
  const readme = await readFile(path, 'utf8');
  const marked = /(<!-- bench\/storage -->\n)[\s\S]*?(\n<!-- \/bench\/storage -->)/;
  if (!marked.test(readme)) throw new Error('README.md has no place for the table: <!-- bench/storage -->');
  await writeFile(
    path,
    readme.replace(marked, (_, before: string, after: string) => `${before}${lines}${after}`),
  );
}

function rates(outcomes: readonly Outcome[], key: 'closedS' | 'durableS', written: number): string {
  return range(outcomes.map((outcome) => written / outcome[key]));
}

function range(numbers: readonly number[]): string {
  const shown = (value: number) => Math.round(value).toLocaleString('en');
  return `${shown(median(numbers))} (${shown(Math.min(...numbers))} to ${shown(Math.max(...numbers))})`;
}
