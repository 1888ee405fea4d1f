import { join } from 'node:path';
import { readJournal } from '../../src/main/storage/run/journal.ts';
import { startRamp } from '../stores/ramp-store.ts';
import { FRAME_BYTES, GeneratedFrames, SIDE_PX } from './generated-frames.ts';

// Run as a program, so that its memory is that of the writer and of nothing else: writes a store of so many bytes below a folder,
// compares each frame's checksum in the journal with its own, and prints one line of JSON.

/** What the program finds. */
export interface LargeRun {
  readonly frames: number;
  readonly bytes: number;
  readonly seconds: number;
  /** MB/s, of the first and of the last frames, `windowBytes` each. */
  readonly firstRate: number;
  readonly lastRate: number;
  readonly windowBytes: number;
  /** Resident memory while the first half was written, and the second, bytes; the most of each. */
  readonly halfRss: number;
  readonly peakRss: number;
  /** Numbers of frames that the journal lacks or has with another checksum. */
  readonly wrong: readonly number[];
}

const MOST_WINDOW_BYTES = 2e9;

async function main(folder: string, wantedBytes: number): Promise<LargeRun> {
  const frames = Math.max(8, Math.ceil(wantedBytes / FRAME_BYTES));
  const generated = new GeneratedFrames();
  const camera = { name: 'camera', dtype: 'uint16', shape: [SIDE_PX, SIDE_PX], capacity: frames } as const;
  const run = await startRamp(folder, [camera]);
  const sink = run.sinks.get('camera');
  if (!sink) throw new Error('no sink');
  const { signal } = new AbortController();
  const windowFrames = Math.min(Math.floor(frames / 4), Math.floor(MOST_WINDOW_BYTES / FRAME_BYTES));
  const startedMs = performance.now();
  const sinceStart = () => performance.now() - startedMs;
  // By what can be read, not by what was taken over: a buffer takes the first frames at the speed of memory.
  const windowRead = sink.acknowledged(windowFrames - 1, signal).then(sinceStart);
  const lastWindowBegun = sink.acknowledged(frames - windowFrames - 1, signal).then(sinceStart);
  let [halfRss, peakRss] = [0, 0];
  for (let number = 0; number < frames; number++) {
    await sink.ready(signal);
    sink.write(generated.frame(number), { time: number });
    const { rss } = process.memoryUsage();
    if (number * 2 <= frames) halfRss = Math.max(halfRss, rss);
    else peakRss = Math.max(peakRss, rss);
  }
  await sink.acknowledged(frames - 1, signal);
  const allReadMs = sinceStart();
  await run.close();
  const seconds = sinceStart() / 1000;
  const windowBytes = windowFrames * FRAME_BYTES;
  const journal = await readJournal(join(folder, 'journal.jsonl'));
  const told = new Map(journal?.lines.map(({ frame, crc32c }) => [frame, crc32c]));
  const wrong = Array.from({ length: frames }, (_, number) => number).filter(
    (number) => told.get(number) !== generated.crc32cOf(number),
  );
  return {
    frames,
    bytes: frames * FRAME_BYTES,
    seconds,
    firstRate: windowBytes / 1e3 / (await windowRead),
    lastRate: windowBytes / 1e3 / (allReadMs - (await lastWindowBegun)),
    windowBytes,
    halfRss,
    peakRss,
    wrong,
  };
}

const [folder = '', bytes = '0'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await main(folder, Number(bytes)))}\n`);
