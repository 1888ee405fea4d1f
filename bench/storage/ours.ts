// Our side of bench/storage.ts, bundled as the app is: node ours.mjs JOB. Prints an outcome as JSON.
import { spawnSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { ZarrWriter } from '../../src/main/storage/writer/zarr-writer.ts';
import type { Job, Outcome } from './case.ts';

const job = JSON.parse(process.argv[2] ?? '') as Job;
const { edgePx, compression, levels, frames } = job;
const { buffer, byteOffset, byteLength } = await readFile(job.source);
const framePixels = edgePx * edgePx;
const source = new Uint16Array(buffer, byteOffset, byteLength / 2);
const sourceFrames = source.length / framePixels;
await mkdir(job.target);
spawnSync('sync');

const writer = new ZarrWriter('bench', {
  workerPath: job.workerPath,
  clock: systemClock,
  compression,
  levels,
  describe: () => ({ pixelSizeUm: 0.65, omeName: 'camera' }),
  frameContext: () => ({ asked: {}, read: {}, changed: {} }),
});
const { signal } = new AbortController();
const lag = monitorEventLoopDelay({ resolution: 1 });
const startMs = performance.now();
writer.updateSource('camera', 'uint16', [edgePx, edgePx]);
const sink = writer.prepare('camera', frames);
writer.setTarget({ storeDir: join(job.target, 'data.ome.zarr'), journalPath: join(job.target, 'journal.jsonl') });
await writer.kickoff();
lag.enable();
for (let frame = 0; frame < frames; frame++) {
  const from = (frame % sourceFrames) * framePixels;
  await sink.ready(signal);
  sink.write(source.subarray(from, from + framePixels));
}
lag.disable();
await sink.close();
const closedS = (performance.now() - startMs) / 1000;
spawnSync('sync');
const durableS = (performance.now() - startMs) / 1000;
const outcome: Outcome = {
  closedS,
  durableS,
  peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6,
  lagP99Ms: lag.percentile(99) / 1e6,
};
process.stdout.write(JSON.stringify(outcome));
