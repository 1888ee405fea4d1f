import { setPriority } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { crc32c } from '@node-rs/crc32';
import type { PixelType } from '../../../sdk/storage/index.ts';
import type { Compression } from '../../../shared/config/compression.ts';
import { pixelKernels } from '../kernels/pixel-kernels.ts';
import { mostFrameBytes, occupiedBytes } from '../layout/compression.ts';
import type { FrameGeometry } from '../layout/frame-geometry.ts';
import type { PlacedChunks } from '../layout/shard-index.ts';
import { WorkArea } from '../layout/work-area.ts';
import { type ChunkEncoder, chunkEncoder } from './chunk-encoder.ts';
import { FrameLevels, workAreaBytes } from './frame-levels.ts';
import { Lending } from './lending.ts';
import { pixelView } from './pixel-view.ts';
import { isTiledAlready } from './tile-frame.ts';
import { type WriteFault, WriteQueue } from './write-queue.ts';
import type {
  FrameOutcome,
  FrameRoom,
  StoredFrame,
  WorkerReply,
  WorkerStart,
  WorkerTask,
  WriteBatch,
  WriteTarget,
  WriteTask,
  WrittenFrame,
} from './write-task.ts';
import { WRITING_ASIDE, WRITING_IN_PLACE, WriterFiles } from './writer-files.ts';

// A thread of the writer: it cuts frames into chunks, compresses and writes them. It works on the next frames while the disk is busy with
// those before.

/** Where a frame is worked on; what becomes of it lies there until it is written. */
interface Bench {
  readonly area: WorkArea;
  readonly levels: FrameLevels;
}

/** A frame on its way to the disk. */
interface BegunFrame {
  readonly task: WriteTask;
  readonly bench: Bench;
  readonly writes: Promise<WriteFault | null>[];
}

/** A nice value. */
const PRIORITY = 5;
const SAMPLED_PIXELS = 8192;
const SAMPLED_RUN = 32;

const { memory, workAreas, writesAside } = workerData as WorkerStart;
const kernels = pixelKernels(memory);
const benches = new Lending(workAreas.map(({ offset, byteLength }) => benchOn(offset, byteLength)));
/** For frames that are written as they lie in memory. */
const NO_ROOM = benchOn(0, 0);
const files = new WriterFiles(writesAside ? WRITING_ASIDE : WRITING_IN_PLACE);
const queue = new WriteQueue(files);
const encoders = new Map<Compression, Promise<ChunkEncoder>>();
let turn: Promise<void> = Promise.resolve();

// Where threads have a priority of their own, the main thread, which cameras and the window wait for, comes before those that work for it.
if (process.platform === 'linux') setPriority(PRIORITY);

parentPort?.on('message', (task: WorkerTask) => {
  // One after the other, also where a codec makes its answer later.
  turn = turn.then(() => (task.kind === 'close' ? queue.close(task.path) : workOn(task)));
});

function benchOn(offset: number, byteLength: number): Bench {
  const area = new WorkArea(memory.buffer, offset, byteLength);
  return { area, levels: new FrameLevels(kernels, area) };
}

/** Resolves when the thread may go on with the next; the answer follows when all is written. */
async function workOn({ id, frames }: WriteBatch): Promise<void> {
  const outcomes: Promise<FrameOutcome>[] = [];
  for (const task of frames) {
    const bench = needsRoom(task) ? await benches.take() : NO_ROOM;
    const begun: BegunFrame = { task, bench, writes: [] };
    const prepared = prepare(begun);
    await prepared.catch(() => {});
    outcomes.push(outcomeOf(begun, prepared));
    // What native compressors let go of is freed between turns of the event loop; messages alone, when many wait, do not end a turn.
    if (task.compression !== 'none') await setImmediate();
  }
  void Promise.all(outcomes).then((all) => parentPort?.postMessage({ id, outcomes: all } satisfies WorkerReply));
}

async function outcomeOf({ bench, writes }: BegunFrame, prepared: Promise<WrittenFrame>): Promise<FrameOutcome> {
  const faults = await Promise.all(writes);
  if (bench !== NO_ROOM) benches.giveBack(bench);
  try {
    const frame = await prepared;
    const fault = faults.find((one) => one !== null);
    return fault ? failed(fault.error) : { kind: 'written', frame };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): FrameOutcome {
  const { code = 'EUNKNOWN', message = String(error) } = error as { code?: string; message?: string };
  return { kind: 'failed', code, message };
}

function needsRoom({ geometry, targets, compression }: WriteTask): boolean {
  const coarser = targets.slice(1).flatMap((target) => (target ? [target.geometry] : []));
  return workAreaBytes([geometry, ...coarser], compression) > 0;
}

/** Makes a frame ready, and has the queue write it. @throws what keeps it from being made ready. */
async function prepare(begun: BegunFrame): Promise<WrittenFrame> {
  const { task, bench } = begun;
  const { geometry, slotOffset, dtype, compression, targets } = task;
  bench.area.clear();
  const frame = new Uint8Array(memory.buffer, slotOffset, geometry.frameBytes);
  if (task.readBack) readBack(bench, task.readBack, geometry, frame);
  const planar = bench.levels.planar(frame, geometry);
  const placed: (PlacedChunks | null)[] = [];
  let pixels = planar;
  let finer = geometry;
  for (const [level, target] of targets.entries()) {
    if (level > 0 && target) {
      pixels = bench.levels.halve(pixels, finer, target.geometry, dtype);
      finer = target.geometry;
    }
    if (!target) placed.push(null);
    else if (compression === 'none') placed.push(writePlain(begun, pixels, target));
    else placed.push(await writePacked(begun, pixels, target, compression));
  }
  if (!targets[0]) return { crc32c: 0, planeCrc32c: [], ranges: [], placed };
  return { ...checksums(planar, geometry), ranges: sampleRanges(planar, dtype, geometry), placed };
}

function readBack({ area, levels }: Bench, { path, offset }: StoredFrame, geometry: FrameGeometry, planes: Uint8Array) {
  if (isTiledAlready(geometry)) {
    files.read(path, planes, offset);
    return;
  }
  const tiles = area.take(geometry.tiledBytes);
  files.read(path, tiles, offset);
  levels.untile(tiles, geometry, planes);
  area.giveBack(tiles);
}

function writePlain({ bench, writes }: BegunFrame, pixels: Uint8Array, target: WriteTarget): PlacedChunks {
  const { geometry, path, room } = target;
  const offset = claim(room, geometry.tiledBytes);
  writes.push(queue.write(path, bench.levels.tiles(pixels, geometry), offset));
  const chunks = geometry.tiledBytes / geometry.chunkBytes;
  return { offset, byteLengths: new Array<number>(chunks).fill(geometry.chunkBytes) };
}

async function writePacked(
  { bench, writes }: BegunFrame,
  pixels: Uint8Array,
  { geometry, path, room }: WriteTarget,
  compression: Exclude<Compression, 'none'>,
): Promise<PlacedChunks> {
  const { area, levels } = bench;
  const chunks = geometry.tiledBytes / geometry.chunkBytes;
  const encode = await encoderFor(compression);
  const packed = area.take(mostFrameBytes(compression, geometry));
  const cut = area.take(geometry.chunkBytes);
  const scratch = area.take(geometry.chunkBytes);
  const byteLengths: number[] = [];
  let length = 0;
  for (let number = 0; number < chunks; number++) {
    const chunk = levels.chunk(pixels, geometry, number, cut);
    const byteLength = await encode(chunk, geometry.bytesPerPixel, scratch, packed.subarray(length));
    byteLengths.push(byteLength);
    length += byteLength;
  }
  area.giveBack(cut);
  const occupied = occupiedBytes(length, geometry);
  packed.fill(0, length, occupied);
  const offset = claim(room, occupied);
  writes.push(queue.write(path, packed.subarray(0, occupied), offset));
  return { offset, byteLengths };
}

function encoderFor(compression: Exclude<Compression, 'none'>): Promise<ChunkEncoder> {
  const known = encoders.get(compression) ?? chunkEncoder(compression, kernels);
  encoders.set(compression, known);
  return known;
}

function claim(room: FrameRoom, byteLength: number): number {
  if (room.kind === 'fixed') return room.offset;
  return Number(Atomics.add(new BigInt64Array(room.end), 0, BigInt(byteLength)));
}

function checksums(planar: Uint8Array, { planes }: FrameGeometry): Pick<WrittenFrame, 'crc32c' | 'planeCrc32c'> {
  const count = planes.c * planes.z;
  const planeBytes = planar.byteLength / count;
  const ofPlane = (at: number) => crc32c(planar.subarray(at * planeBytes, (at + 1) * planeBytes));
  return {
    crc32c: crc32c(planar),
    planeCrc32c: count === 1 ? [] : Array.from({ length: count }, (_, at) => ofPlane(at)),
  };
}

/** Of short runs of neighbours all over the picture: each run is one or two reads of memory, where single pixels are one each. */
function sampleRanges(planar: Uint8Array, dtype: PixelType, { planes }: FrameGeometry): [number, number][] {
  const view = pixelView(dtype, planar);
  const pixels = view.length / planes.c;
  // Odd, so that the runs walk over the columns.
  const stride = Math.max(SAMPLED_RUN, Math.floor((pixels * SAMPLED_RUN) / SAMPLED_PIXELS)) | 1;
  return Array.from({ length: planes.c }, (_, channel) => {
    const end = (channel + 1) * pixels;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let from = channel * pixels; from < end; from += stride) {
      for (let at = from; at < Math.min(from + SAMPLED_RUN, end); at++) {
        const value = view[at] as number;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return [low, high];
  });
}
