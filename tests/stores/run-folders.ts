import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SAMPLES = ['leaf', 'seed', 'stem', 'moss'];
const ENDS = ['success', 'abort', 'fail', null] as const;
const DAY_S = 86_400;
/** Noon, so that the local date is the same everywhere but at the date line. */
const FIRST_DAY = new Date(2026, 2, 1, 12);

/**
 * Folders as runs leave them: plan, sample and ending go round with the number; of four runs one succeeds, is aborted, fails and does not end.
 * @param root - of the session
 */
export async function makeRunFolders(root: string, runs: number, perDay: number): Promise<void> {
  for (let from = 0; from < runs; from += perDay) {
    const numbers = Array.from({ length: Math.min(perDay, runs - from) }, (_, at) => from + at);
    await Promise.all(numbers.map((number) => makeRunFolder(root, number, perDay)));
  }
}

async function makeRunFolder(root: string, number: number, perDay: number): Promise<void> {
  const date = new Date(FIRST_DAY);
  date.setDate(date.getDate() + Math.floor(number / perDay));
  const time = date.getTime() / 1000 + (number % perDay);
  const day = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
  const plan = number % 2 === 0 ? 'scan' : 'count';
  const path = join(root, day, `${plan}_${String(number).padStart(4, '0')}`);
  const end = ENDS[number % 4] ?? null;
  const start = {
    uid: `uid-${number}`,
    time,
    plan_name: plan,
    // Not in step with the endings.
    sample: { name: SAMPLES[Math.floor(number / 4) % 4] },
    operator: number % 2 === 0 ? 'Maria' : 'Ada',
    num_points: 3,
  };
  const stop = {
    uid: `stop-${number}`,
    time: time + DAY_S / 1000,
    exit_status: end,
    reason: end === 'fail' ? 'Soft limit' : '',
  };
  const documents = [{ name: 'start', doc: start }, ...(end === null ? [] : [{ name: 'stop', doc: stop }])];
  await mkdir(join(path, 'data.ome.zarr', 'c'), { recursive: true });
  await writeFile(join(path, 'documents.jsonl'), `${documents.map((line) => JSON.stringify(line)).join('\n')}\n`);
  await writeFile(join(path, 'data.ome.zarr', 'zarr.json'), '{}');
}
