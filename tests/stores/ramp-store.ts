import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DiskGate } from '../../src/main/storage/target/disk-gate.ts';
import { type FrameContext, ZarrWriter, type ZarrWriterOptions } from '../../src/main/storage/writer/zarr-writer.ts';
import type { FrameLayout, FrameSink, PixelArray, PixelType } from '../../src/sdk/storage/index.ts';
import { type Clock, sleepWith } from '../../src/sdk/util/index.ts';

export const WORKER_PATH = fileURLToPath(new URL('../../src/main/storage/writer/writer-worker.ts', import.meta.url));

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

/** Planes of a frame along the axes of the store. */
const PLANES: Readonly<Record<string, (shape: readonly number[]) => readonly [c: number, z: number]>> = {
  plain: () => [1, 1],
  colour: (shape) => [shape.at(-1)!, 1],
  volume: (shape) => [1, shape[0]!],
};

/**
 * Frame `i` of the simulated camera: (31 i + 7 y + 3 x + 11 c + 5 z) mod 65521, cut to the low 8 bits for uint8, 32760 less for int16,
 * a quarter for float32.
 */
export function rampFrame(dtype: PixelType, i: number, heightPx: number, widthPx: number): PixelArray {
  return rampOf(dtype, i, [heightPx, widthPx]);
}

/** The same for frames in colour, `[height, width, 3]`, and volumes, `[planes, height, width]`. */
export function rampOf(dtype: PixelType, i: number, shape: readonly number[]): PixelArray {
  const pixels = new { uint8: Uint8Array, uint16: Uint16Array, int16: Int16Array, float32: Float32Array }[dtype](
    shape.reduce((product, length) => product * length, 1),
  );
  const kind = kindOf(shape);
  const [colours, volume] = PLANES[kind]!(shape);
  const [heightPx, widthPx] = kind === 'volume' ? shape.slice(1) : shape;
  let at = 0;
  for (let z = 0; z < volume; z++) {
    for (let y = 0; y < heightPx!; y++) {
      for (let x = 0; x < widthPx!; x++) {
        for (let c = 0; c < colours; c++) {
          const value = (31 * i + 7 * y + 3 * x + 11 * c + 5 * z) % 65521;
          pixels[at++] = dtype === 'int16' ? value - 32760 : dtype === 'float32' ? value / 4 : value;
        }
      }
    }
  }
  return pixels;
}

function kindOf(shape: readonly number[]): 'plain' | 'colour' | 'volume' {
  return shape.length === 2 ? 'plain' : shape.at(-1) === 3 ? 'colour' : 'volume';
}

/** Planes of one frame of `shape` along c and z. */
export function planesOf(shape: readonly number[]): { readonly c: number; readonly z: number } {
  const [c, z] = PLANES[kindOf(shape)]!(shape);
  return { c, z };
}

export interface RampCamera {
  readonly name: string;
  readonly dtype: PixelType;
  /** `[height, width]`, `[height, width, 3]` or `[planes, height, width]` */
  readonly shape: readonly number[];
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
  gate?: DiskGate,
): Promise<RampRun> {
  const writer = rampWriter(options);
  const storeDir = join(folder, 'data.ome.zarr');
  const journalPath = join(folder, 'journal.jsonl');
  const sinks = new Map<string, FrameSink>();
  for (const { name, dtype, shape, layout, capacity } of cameras) {
    writer.updateSource(name, dtype, shape, layout ? { layout } : {});
    sinks.set(name, writer.prepare(name, capacity));
  }
  const countsPath = join(folder, 'counts.jsonl');
  writer.setTarget({ storeDir, journalPath, countsPath, ...(gate && { gate }) });
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
          sinks.get(name)?.write(rampOf(dtype, i, shape), { time: 1_000_000 + i / 4 });
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

/** The same, its positions in wells: two fields in each, along the rows of a plate of two columns. */
export function plateLayout(order: string, sizes: Parameters<typeof layoutOf>[1]): FrameLayout {
  const layout = layoutOf(order, sizes);
  const positions = layout.positions.map((position, at) => {
    const well = Math.floor(at / 2);
    return { ...position, well: { row: 'AB'[Math.floor(well / 2)]!, column: `${(well % 2) + 9}` } };
  });
  return { ...layout, positions };
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
