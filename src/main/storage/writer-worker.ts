import { closeSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { crc32c } from '@node-rs/crc32';
import type { PixelType } from '../../sdk/storage/index.ts';
import type { Compression } from '../../shared/config/compression.ts';
import { type ChunkEncoder, chunkEncoder } from './chunk-encoder.ts';
import type { FrameGeometry } from './frame-geometry.ts';
import { FrameLevels, pixelView } from './frame-levels.ts';
import type {
  FrameRoom,
  PlacedChunks,
  WorkerReply,
  WorkerStart,
  WorkerTask,
  WriteTask,
  WrittenFrame,
} from './write-task.ts';

// A thread of the writer: it cuts frames into chunks, compresses and writes them. It blocks on the disk, so that nobody else has to.

const MAX_OPEN_FILES = 16;
const SAMPLED_PIXELS = 8192;

const { ring } = workerData as WorkerStart;
const openFiles = new Map<string, number>();
const levels = new FrameLevels();
const encoders = new Map<Compression, Promise<ChunkEncoder>>();
let packed = new Uint8Array(0);
let turn: Promise<void> = Promise.resolve();

parentPort?.on('message', (task: WorkerTask) => {
  // One after the other, also where a codec makes its answer later: buffers are used again.
  turn = turn.then(async () => {
    if (task.kind === 'close') closeFile(task.path);
    else parentPort?.postMessage(await replyTo(task));
  });
});

async function replyTo(task: WriteTask): Promise<WorkerReply> {
  try {
    return { kind: 'written', id: task.id, frame: await writeFrame(task) };
  } catch (error) {
    for (const target of task.targets) if (target) closeFile(target.path);
    const { code = 'EUNKNOWN', message = String(error) } = error as { code?: string; message?: string };
    return { kind: 'failed', id: task.id, code, message };
  }
}

async function writeFrame({ geometry, slotOffset, dtype, compression, targets }: WriteTask): Promise<WrittenFrame> {
  const frame = new Uint8Array(ring, slotOffset, geometry.frameBytes);
  const planar = levels.planar(frame, geometry);
  const placed: (PlacedChunks | null)[] = [];
  let pixels = planar;
  let finer = geometry;
  for (const [level, target] of targets.entries()) {
    if (level > 0 && target) {
      pixels = levels.halve(pixels, finer, target.geometry, dtype, level);
      finer = target.geometry;
    }
    placed.push(target && (await writeLevel(pixels, target.geometry, compression, target.path, target.room)));
  }
  return { ...checksums(planar, geometry), ranges: sampleRanges(planar, dtype, geometry), placed };
}

async function writeLevel(
  pixels: Uint8Array,
  geometry: FrameGeometry,
  compression: Compression,
  path: string,
  room: FrameRoom,
): Promise<PlacedChunks> {
  const tiles = levels.tiles(pixels, geometry);
  const chunks = geometry.tiledBytes / geometry.chunkBytes;
  if (compression === 'none') {
    const offset = claim(room, tiles.byteLength);
    writeFully(fileFor(path), tiles, offset);
    return { offset, byteLengths: new Array<number>(chunks).fill(geometry.chunkBytes) };
  }
  const encode = await encoderFor(compression);
  const byteLengths: number[] = [];
  let length = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const from = chunk * geometry.chunkBytes;
    const bytes = await encode(tiles.subarray(from, from + geometry.chunkBytes), geometry.bytesPerPixel);
    append(bytes, length);
    byteLengths.push(bytes.byteLength);
    length += bytes.byteLength;
  }
  const offset = claim(room, length);
  writeFully(fileFor(path), packed.subarray(0, length), offset);
  return { offset, byteLengths };
}

function encoderFor(compression: Exclude<Compression, 'none'>): Promise<ChunkEncoder> {
  const known = encoders.get(compression) ?? chunkEncoder(compression);
  encoders.set(compression, known);
  return known;
}

/** Gathers what one frame becomes, so that it is written at once. */
function append(bytes: Uint8Array, at: number): void {
  if (at + bytes.byteLength > packed.byteLength) {
    const larger = new Uint8Array(2 * (at + bytes.byteLength));
    larger.set(packed.subarray(0, at));
    packed = larger;
  }
  packed.set(bytes, at);
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

function writeFully(file: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.byteLength; ) {
    done += writeSync(file, bytes, done, bytes.byteLength - done, offset + done);
  }
}

function fileFor(path: string): number {
  const known = openFiles.get(path);
  // Re-inserted, so that the first key is the one unused for longest.
  openFiles.delete(path);
  const file = known ?? openSync(path, 'r+');
  openFiles.set(path, file);
  if (openFiles.size > MAX_OPEN_FILES) closeFile(openFiles.keys().next().value as string);
  return file;
}

function closeFile(path: string): void {
  const file = openFiles.get(path);
  if (file === undefined) return;
  openFiles.delete(path);
  closeSync(file);
}

function sampleRanges(planar: Uint8Array, dtype: PixelType, { planes }: FrameGeometry): [number, number][] {
  const view = pixelView(dtype, planar);
  const pixels = view.length / planes.c;
  // Odd, so that the sample walks over the columns.
  const stride = Math.max(1, Math.floor(pixels / SAMPLED_PIXELS)) | 1;
  return Array.from({ length: planes.c }, (_, channel) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let at = channel * pixels; at < (channel + 1) * pixels; at += stride) {
      const value = view[at] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  });
}
