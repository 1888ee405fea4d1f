// Random items, run once by the terminal and once by bluesky itself: the documents are the same.
// REDSUN_BLUESKY_ITEMS and REDSUN_BLUESKY_SEED set how many there are and which.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bench, type Finished, linesOf } from '../cli/run-cli.ts';
import { root } from '../host/test-host.ts';
import { runPython } from '../python/venv.ts';
import { comparable, type Document, differences } from './compare-documents.ts';
import { DRAWS, randomItems, type WireItem } from './random-items.ts';

const NUMBER = Number(process.env.REDSUN_BLUESKY_ITEMS ?? Object.keys(DRAWS).length);
const SEED = Number(process.env.REDSUN_BLUESKY_SEED ?? 1);
const TIMEOUT_MS = 120_000 + NUMBER * 1000;

test(`the documents of ${NUMBER} random items are those of bluesky (seed ${SEED})`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const items = randomItems(SEED, NUMBER);
  const [theirs, ours] = [await throughBluesky(items), await throughRedsun(items)];
  expect(theirs.errors).toEqual([]);
  expect(ours.finished).toMatchObject({ code: 0 });
  const [wanted, got] = [comparable(theirs.documents), comparable(ours.documents)];
  const found = wanted.findIndex((document, at) => differences(got[at], document).length > 0);
  const item = found < 0 ? null : items[theirs.itemOf[found] ?? 0];
  expect({ item, differences: found < 0 ? [] : differences(got[found], wanted[found]) }).toEqual({
    item: null,
    differences: [],
  });
  expect(got.length).toBe(wanted.length);
});

test('every plan that an item may name is among the random ones', async () => {
  const { redsun } = await bench(await session());
  const { stdout } = await redsun('plans', '--json', '--session', join(root, 'plugins/bluesky-sim/session.yaml'));
  const names: string[] = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  // A plan of Redsun, not of bluesky.
  expect(names.filter((name) => name !== 'mda').sort()).toEqual(Object.keys(DRAWS).sort());
});

function session(): Promise<string> {
  return readFile(join(root, 'plugins/bluesky-sim/session.yaml'), 'utf8');
}

async function throughRedsun(
  items: readonly WireItem[],
): Promise<{ readonly finished: Finished; readonly documents: Document[] }> {
  const { file, folder, session: path, out, redsun } = await bench(await session());
  const documents = join(folder, 'documents.jsonl');
  const args = ['--session', path, '--out', out, '--documents', documents, '--json', '--keep-going'];
  const finished = await redsun('run', await file('items.json', items), ...args);
  if (finished.code !== 0) throw new Error(`redsun run: ${finished.code}\n${finished.stderr}\n${finished.stdout}`);
  expect(linesOf(finished.stdout)).toHaveLength(items.length);
  const lines = (await readFile(documents, 'utf8')).trimEnd().split('\n');
  return {
    finished,
    documents: lines.map((line) => {
      const { name, doc } = JSON.parse(line) as { name: string; doc: Record<string, unknown> };
      return [name, doc];
    }),
  };
}

/** @returns also which item each document is of. */
async function throughBluesky(items: readonly WireItem[]) {
  const output = await runPython('run_bluesky_items.py', [], JSON.stringify(items), 'requirements-bluesky.txt');
  const results = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { documents: Document[]; error: string | null });
  return {
    documents: results.flatMap(({ documents }) => documents),
    itemOf: results.flatMap(({ documents }, item) => documents.map(() => item)),
    errors: results.flatMap(({ error }, item) => (error === null ? [] : [{ item: items[item], error }])),
  };
}
