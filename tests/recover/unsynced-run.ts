import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readCounts } from '../../src/main/storage/run/counts-file.ts';
import { syncWhenTold } from '../stores/held-sync.ts';
import { layoutOf, startRamp, testFolder } from '../stores/ramp-store.ts';

const LAYOUT = layoutOf('ptz', { p: 2, t: 8, z: 2 });

/**
 * Copies of a run folder: when `durable` frames were synced, and when each of `steps` frames were written after it. The first position is
 * full after 16 frames, and its file sealed.
 */
export async function unsyncedRun(durable: number, steps: readonly number[], options: Parameters<typeof startRamp>[2]) {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  const [working, synced] = [join(folder.path, 'working'), join(folder.path, 'synced')];
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
  const written: string[] = [];
  let done = durable;
  for (const step of steps) {
    await run.writeRamp(done, step);
    done = step;
    await writeFile(join(working, 'documents.jsonl'), linesOf(step));
    const copy = join(folder.path, `written-${step}`);
    await cp(working, copy, { recursive: true });
    written.push(copy);
  }
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
