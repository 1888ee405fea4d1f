// How long the list of past runs takes: node bench/catalogue.ts [RUNS] [TIMES]
// Cold: no index, every folder is read. Warm: a new program with the index of the one before, until the first page is there.
// Runs lie 20 to a day. What a search of one word takes afterwards is measured, too.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunCatalogue } from '../src/main/storage/catalogue/run-catalogue.ts';
import { systemClock } from '../tests/stores/ramp-store.ts';
import { makeRunFolders } from '../tests/stores/run-folders.ts';

const runs = Number(process.argv[2] ?? 10_000);
const times = Number(process.argv[3] ?? 5);
const folder = await mkdtemp(join(tmpdir(), 'redsun-bench-'));
try {
  await makeRunFolders(join(folder, 's'), runs, 20);
  const coldMs = (await open()).openMs;
  const warm = [];
  for (let at = 0; at < times; at++) warm.push(await open());
  const openMs = warm.map((one) => one.openMs).sort((a, b) => a - b);
  const searchMs = warm.map((one) => one.searchMs).sort((a, b) => a - b);
  console.log(JSON.stringify({ runs, times, coldMs, warmMs: figures(openMs), searchMs: figures(searchMs) }));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function open(): Promise<{ readonly openMs: number; readonly searchMs: number }> {
  const catalogue = new RunCatalogue({ baseDir: folder, session: 's', clock: systemClock });
  const beganMs = performance.now();
  const page = await catalogue.search();
  const openMs = performance.now() - beganMs;
  if (page.total !== runs) throw new Error(`${page.total} runs were found, not ${runs}`);
  const askedMs = performance.now();
  await catalogue.search({ text: 'leaf maria' });
  const searchMs = performance.now() - askedMs;
  await catalogue.close();
  return { openMs, searchMs };
}

function figures(sorted: readonly number[]) {
  return { median: sorted[Math.floor(sorted.length / 2)], least: sorted[0], most: sorted.at(-1) };
}
