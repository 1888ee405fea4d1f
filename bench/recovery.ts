// What making an interrupted run whole costs the program that does it: node bench/recovery.ts [FRAMES] [ROUNDS] [EDGE_PX]
// In the main thread, where `redsun recover` does it, and in a thread of its own, as an open program does: how long it takes, and
// how busy and how late the main thread is meanwhile. By turns, on square frames with 3 levels that the page cache holds.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { recoverInThread } from '../src/main/host/recovery/recovery-thread.ts';
import { type RecoveryReport, recoverRun } from '../src/main/storage/recover/recover-run.ts';
import type { Compression } from '../src/shared/config/compression.ts';
import { layoutOf, startRamp, systemClock, testFolder } from '../tests/stores/ramp-store.ts';
import { median } from './engine/measure.ts';

const FRAMES = Number(process.argv[2] ?? 48);
const ROUNDS = Number(process.argv[3] ?? 5);
const EDGE_PX = Number(process.argv[4] ?? 2048);
const COMPRESSIONS: readonly Compression[] = ['none', 'blosc-zstd', 'gzip'];
const WORKER = fileURLToPath(new URL('../src/main/host/recovery/recovery-worker.ts', import.meta.url));
const START = { name: 'start', doc: { uid: 'run', time: 1e6, scan_id: 1, plan_name: 'mda', num_points: FRAMES } };

const SIDES: Readonly<Record<string, (run: string) => Promise<RecoveryReport>>> = {
  'main thread': (run) => recoverRun(run, { writes: true, clock: systemClock, lock: 'held' }),
  'own thread': (path) => {
    const { signal } = new AbortController();
    return recoverInThread({ path, lock: 'held' }, { workerPath: WORKER, signal, onProgress: () => {} });
  },
};

for (const compression of COMPRESSIONS) {
  const folder = await testFolder();
  const layout = layoutOf('t', { t: FRAMES });
  const camera = { name: 'camera', dtype: 'uint16', shape: [EDGE_PX, EDGE_PX], layout } as const;
  const ramp = await startRamp(folder.path, [camera], { compression, levels: 3 });
  await ramp.writeRamp(0, FRAMES);
  await ramp.close();
  const measured = new Map(
    Object.keys(SIDES).map((side) => [
      side,
      { seconds: [] as number[], busyPercent: [] as number[], worstMs: [] as number[] },
    ]),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const [side, recover] of Object.entries(SIDES)) {
      // A run without an end: every frame is looked at.
      await writeFile(join(folder.path, 'documents.jsonl'), `${JSON.stringify(START)}\n`);
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const before = performance.eventLoopUtilization();
      const beganMs = performance.now();
      const { found, problems } = await recover(folder.path);
      const seconds = (performance.now() - beganMs) / 1000;
      const { utilization } = performance.eventLoopUtilization(before);
      delay.disable();
      if (found !== FRAMES || problems.length > 0)
        throw new Error(`${side}: ${found} frames, ${JSON.stringify(problems)}`);
      measured.get(side)?.seconds.push(seconds);
      measured.get(side)?.busyPercent.push(100 * utilization);
      measured.get(side)?.worstMs.push(delay.max / 1e6);
    }
  }
  for (const [side, { seconds, busyPercent, worstMs }] of measured) {
    console.log(`${compression}, ${side}: ${words(seconds, 's')}`);
    console.log(`  main thread: busy ${words(busyPercent, '%')}, late by at most ${words(worstMs, 'ms')}`);
  }
  await folder.remove();
}

function words(values: readonly number[], unit: string): string {
  const figure = (value: number) => Number(value.toPrecision(3));
  return `${figure(median(values))} ${unit} (${figure(Math.min(...values))} to ${figure(Math.max(...values))})`;
}
