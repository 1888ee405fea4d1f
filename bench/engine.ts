// The RunEngine beside bluesky's, one after the other on the same machine: node bench/engine.ts [--write]
// Documents of both are compared before a timing counts. --write puts the table into the README.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { comparable, type Document, differences } from '../tests/bluesky/compare-documents.ts';
import { ensurePythonVenv } from '../tests/python/venv.ts';
import { FIGURES, type Figure, type FigureName, type Measured, median } from './engine/measure.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

async function answerOf(command: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(command, [...args], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
}

const python = await ensurePythonVenv('requirements-bluesky.txt');
const ours = (...args: string[]) => answerOf(process.execPath, ['bench/engine/ours.ts', ...args]);
const theirs = (...args: string[]) => answerOf(python, ['bench/engine/bluesky_side.py', ...args]);

const [ourDocuments, theirDocuments] = (await Promise.all([
  ours('--documents'),
  theirs('--documents'),
])) as Document[][];
const unlike = differences(comparable(ourDocuments ?? []), comparable(theirDocuments ?? []));
if (unlike.length > 0) throw new Error(`The documents are not equal, so no timing counts:\n${unlike.join('\n')}`);
process.stderr.write(`${ourDocuments?.length} documents of three plans are equal\n`);

const measured = { ours: (await ours()) as Measured, theirs: (await theirs()) as Measured };

const lines = ['| | Redsun | bluesky 1.15.1 | ratio |', '|---|---|---|---|'];
for (const [key, figure] of Object.entries(FIGURES) as [FigureName, Figure][]) {
  const [a, b] = [measured.ours[key], measured.theirs[key]];
  const ratio = figure.moreIsBetter ? median(a) / median(b) : median(b) / median(a);
  lines.push(
    `| ${figure.name} | ${told(a, figure)} | ${told(b, figure)} | ${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(1)} |`,
  );
}
const long = (await answerOf(process.execPath, ['--expose-gc', 'bench/engine/long-run.ts'])) as {
  events: number;
  heapMb: number[];
  lagP99Ms: number;
  lagMaxMs: number;
};
const [first = 0, last = 0] = [long.heapMb[0], long.heapMb.at(-1)];
const text = [
  ...lines,
  '',
  `Medians (and ranges), n = 5 after one that does not count, both sides in one run, on ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}.`,
  `A run of ${long.events.toLocaleString('en')} events: ${first.toFixed(1)} MB of heap after the first tenth, ${last.toFixed(1)} MB at the end; the event loop`,
  `was late by ${long.lagP99Ms.toFixed(1)} ms at p99, ${long.lagMaxMs.toFixed(1)} ms at most.`,
].join('\n');
process.stdout.write(`${text}\n`);

if (process.argv.includes('--write')) {
  const path = join(root, 'README.md');
  const readme = await readFile(path, 'utf8');
  const marked = /(<!-- bench\/engine -->\n)[\s\S]*?(\n<!-- \/bench\/engine -->)/;
  if (!marked.test(readme)) throw new Error('README.md has no place for the table: <!-- bench/engine -->');
  await writeFile(
    path,
    readme.replace(marked, (_, before: string, after: string) => `${before}${text}${after}`),
  );
}

function told(values: readonly number[], { unit, moreIsBetter }: Figure): string {
  const shown = (value: number) => (moreIsBetter ? Math.round(value).toLocaleString('en') : value.toFixed(2));
  return `${shown(median(values))} ${unit} (${shown(Math.min(...values))} to ${shown(Math.max(...values))})`;
}
