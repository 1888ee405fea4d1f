import { setPriority } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { crc32c } from '@node-rs/crc32';
import type { PixelType } from '../../sdk/storage/index.ts';
import type { Compression } from '../../shared/config/compression.ts';
import { type ChunkEncoder, chunkEncoder } from './chunk-encoder.ts';
import { mostFrameBytes, occupiedBytes } from './compression.ts';
import type { FrameGeometry } from './frame-geometry.ts';
import { FrameLevels } from './frame-levels.ts';
import { pixelKernels } from './kernels/pixel-kernels.ts';
import { pixelView } from './pixel-view.ts';
import { isTiledAlready } from './tile-frame.ts';
import { WorkArea } from './work-area.ts';
import type {
  FrameRoom,
  PlacedChunks,
  StoredFrame,
  WorkerReply,
  WorkerStart,
  WorkerTask,
  WriteTarget,
  WriteTask,
  WrittenFrame,
} from './write-task.ts';
import { WriterFiles } from './writer-files.ts';

// A thread of the writer: it cuts frames into chunks, compresses and writes them. It blocks on the disk, so that nobody else has to.

/** A nice value. */
const PRIORITY = 5;
const SAMPLED_PIXELS = 8192;
const SAMPLED_RUN = 32;

const { memory, workArea } = workerData as WorkerStart;
const area = new WorkArea(memory.buffer, workArea.offset, workArea.byteLength);
const kernels = pixelKernels(memory);
const levels = new FrameLevels(kernels, area);
const files = new WriterFiles();
const encoders = new Map<Compression, Promise<ChunkEncoder>>();
let turn: Promise<void> = Promise.resolve();

// Where threads have a priority of their own, the main thread, which cameras and the window wait for, comes before those that work for it.
if (process.platform === 'linux') setPriority(PRIORITY);

parentPort?.on('message', (task: WorkerTask) => {
  // One after the other, also where a codec makes its answer later: the work area is used again.
  turn = turn.then(async () => {
    if (task.kind === 'close') return files.close(task.path);
    parentPort?.postMessage(await replyTo(task));
    // What native compressors let go of is freed between turns of the event loop; messages alone, when many wait, do not end a turn.
    if (task.compression !== 'none') await setImmediate();
  });
});

async function replyTo(task: WriteTask): Promise<WorkerReply> {
  try {
    return { kind: 'written', id: task.id, frame: await writeFrame(task) };
  } catch (error) {
    for (const target of task.targets) if (target) files.close(target.path);
    const { code = 'EUNKNOWN', message = String(error) } = error as { code?: string; message?: string };
    return { kind: 'failed', id: task.id, code, message };
  }
}

async function writeFrame(task: WriteTask): Promise<WrittenFrame> {
  const { geometry, slotOffset, dtype, compression, targets } = task;
  area.clear();
  const frame = new Uint8Array(memory.buffer, slotOffset, geometry.frameBytes);
  if (task.readBack) readBack(task.readBack, geometry, frame);
  const planar = levels.planar(frame, geometry);
  const placed: (PlacedChunks | null)[] = [];
  let pixels = planar;
  let finer = geometry;
  for (const [level, target] of targets.entries()) {
    if (level > 0 && target) {
      pixels = levels.halve(pixels, finer, target.geometry, dtype);
      finer = target.geometry;
    }
    placed.push(target && (await writeLevel(pixels, target, compression)));
  }
  if (!targets[0]) return { crc32c: 0, planeCrc32c: [], ranges: [], placed };
  return { ...checksums(planar, geometry), ranges: sampleRanges(planar, dtype, geometry), placed };
}

function readBack({ path, offset }: StoredFrame, geometry: FrameGeometry, planes: Uint8Array): void {
  if (isTiledAlready(geometry)) {
    files.read(path, planes, offset);
    return;
  }
  const tiles = area.take(geometry.tiledBytes);
  files.read(path, tiles, offset);
  levels.untile(tiles, geometry, planes);
  area.giveBack(tiles);
}

async function writeLevel(pixels: Uint8Array, target: WriteTarget, compression: Compression): Promise<PlacedChunks> {
  const { geometry, path, room } = target;
  const chunks = geometry.tiledBytes / geometry.chunkBytes;
  if (compression === 'none') {
    const offset = claim(room, geometry.tiledBytes);
    const tiles = levels.tiles(pixels, geometry);
    files.write(path, tiles, offset);
    if (tiles !== pixels) area.giveBack(tiles);
    return { offset, byteLengths: new Array<number>(chunks).fill(geometry.chunkBytes) };
  }
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
  const occupied = occupiedBytes(length, geometry);
  packed.fill(0, length, occupied);
  const offset = claim(room, occupied);
  files.write(path, packed.subarray(0, occupied), offset);
  area.giveBack(packed);
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
