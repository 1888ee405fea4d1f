import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FrameContext, ZarrWriter, type ZarrWriterOptions } from '../../src/main/storage/zarr-writer.ts';
import type { FrameLayout, FrameSink, PixelArray, PixelType } from '../../src/sdk/storage/index.ts';
import { type Clock, sleepWith } from '../../src/sdk/util/index.ts';

export const WORKER_PATH = fileURLToPath(new URL('../../src/main/storage/writer-worker.ts', import.meta.url));

/** Time as it passes, for tests that wait for a disk. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  monotonicMs: () => performance.now(),
  setTimeout(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  sleep: (delayMs, signal) => sleepWith(systemClock.setTimeout, delayMs, signal),
};

export interface TestFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function testFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'redsun-stores-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Frame `i` of the simulated camera: (31 i + 7 y + 3 x) mod 65521. */
export function rampFrame(dtype: PixelType, i: number, heightPx: number, widthPx: number): PixelArray {
  const pixels = dtype === 'uint8' ? new Uint8Array(heightPx * widthPx) : new Uint16Array(heightPx * widthPx);
  for (let y = 0, at = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, at++) pixels[at] = (31 * i + 7 * y + 3 * x) % 65521;
  }
  return pixels;
}

export interface RampCamera {
  readonly name: string;
  readonly dtype: 'uint8' | 'uint16';
  readonly shape: readonly [heightPx: number, widthPx: number];
  readonly layout?: FrameLayout;
  /** Announced; 0: unknown. */
  readonly capacity?: number;
}

export interface RampRun {
  readonly writer: ZarrWriter;
  readonly storeDir: string;
  readonly journalPath: string;
  readonly sinks: ReadonlyMap<string, FrameSink>;
  /** Writes frames `from` to `to` - 1 of each camera and waits until they can be read. */
  writeRamp(from: number, to: number): Promise<void>;
  close(): Promise<void>;
}

/** A writer that is open for cameras that deliver ramps. */
export async function startRamp(
  folder: string,
  cameras: readonly RampCamera[],
  options: Partial<ZarrWriterOptions> = {},
): Promise<RampRun> {
  const writer = rampWriter(options);
  const storeDir = join(folder, 'data.ome.zarr');
  const journalPath = join(folder, 'journal.jsonl');
  const sinks = new Map<string, FrameSink>();
  for (const { name, dtype, shape, layout, capacity } of cameras) {
    writer.updateSource(name, dtype, shape, layout ? { layout } : {});
    sinks.set(name, writer.prepare(name, capacity));
  }
  writer.setTarget({ storeDir, journalPath });
  await writer.kickoff();
  const { signal } = new AbortController();
  return {
    writer,
    storeDir,
    journalPath,
    sinks,
    async writeRamp(from, to) {
      for (let i = from; i < to; i++) {
        for (const { name, dtype, shape } of cameras) {
          await sinks.get(name)?.ready(signal);
          sinks.get(name)?.write(rampFrame(dtype, i, ...shape), { time: 1_000_000 + i / 4 });
        }
      }
      for (const { name } of cameras) await sinks.get(name)?.acknowledged(to - 1, signal);
    },
    async close() {
      for (const sink of sinks.values()) await sink.close();
    },
  };
}

export function rampWriter(options: Partial<ZarrWriterOptions> = {}): ZarrWriter {
  return new ZarrWriter('writer', {
    workerPath: WORKER_PATH,
    clock: systemClock,
    describe: (name) => ({ pixelSizeUm: 0.65, omeName: name }),
    frameContext: (): FrameContext => ({ asked: { z: 1 }, read: { z: 1.01 }, changed: {} }),
    ...options,
  });
}

/** A layout with `order`, channels and positions counted from `sizes`. */
export function layoutOf(order: string, sizes: Partial<Record<'t' | 'p' | 'c' | 'z', number | null>>): FrameLayout {
  const colours = ['#0000ff', '#00ff00', '#ff0000'];
  return {
    order: [...order] as ('t' | 'p' | 'c' | 'z')[],
    sizes: { t: 1, p: 1, c: 1, z: 1, ...sizes },
    channels: Array.from({ length: sizes.c ?? 1 }, (_, at) => ({
      name: `channel-${at}`,
      colour: colours[at] ?? '#ffffff',
    })),
    positions: Array.from({ length: sizes.p ?? 1 }, (_, at) => ({
      name: `position ${at}`,
      xUm: 100 * at,
      yUm: 0,
      zUm: null,
    })),
    zStepUm: 0.5,
    intervalS: 2,
  };
}
