import { closeSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { crc32c } from '@node-rs/crc32';
import type { PixelType } from '../../sdk/storage/index.ts';
import { isTiledAlready, tileFrame } from './tile-frame.ts';
import type { WorkerReply, WorkerStart, WorkerTask, WriteTask, WrittenFrame } from './write-task.ts';

// A thread of the writer: it cuts frames into chunks and writes them. It blocks on the disk, so that nobody else has to.

const MAX_OPEN_FILES = 16;
const SAMPLED_PIXELS = 8192;

const { ring } = workerData as WorkerStart;
const openFiles = new Map<string, number>();
let scratch = { key: '', tiles: new Uint8Array(0) };

parentPort?.on('message', (task: WorkerTask) => {
  if (task.kind === 'close') return closeFile(task.path);
  parentPort?.postMessage(replyTo(task));
});

function replyTo(task: WriteTask): WorkerReply {
  try {
    return { kind: 'written', id: task.id, frame: writeFrame(task) };
  } catch (error) {
    closeFile(task.path);
    const { code = 'EUNKNOWN', message = String(error) } = error as { code?: string; message?: string };
    return { kind: 'failed', id: task.id, code, message };
  }
}

function writeFrame({ geometry, slotOffset, dtype, path, fileOffset }: WriteTask): WrittenFrame {
  const frame = new Uint8Array(ring, slotOffset, geometry.frameBytes);
  const checksum = crc32c(frame);
  const range = sampleRange(dtype, slotOffset, geometry.heightPx * geometry.widthPx);
  writeFully(fileFor(path), tilesOf(frame, geometry), fileOffset);
  return { crc32c: checksum, ...range };
}

function tilesOf(frame: Uint8Array, geometry: WriteTask['geometry']): Uint8Array {
  if (isTiledAlready(geometry)) return frame;
  // Padding is never written to, so a buffer stays good for all frames of one geometry.
  const key = `${geometry.heightPx} ${geometry.widthPx} ${geometry.bytesPerPixel} ${geometry.chunkHeightPx}`;
  if (scratch.key !== key) scratch = { key, tiles: new Uint8Array(geometry.tiledBytes) };
  tileFrame(frame, geometry, scratch.tiles);
  return scratch.tiles;
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

function sampleRange(dtype: PixelType, offset: number, pixels: number): { low: number; high: number } {
  const view = pixelView(dtype, offset, pixels);
  // Odd, so that the sample walks over the columns.
  const stride = Math.max(1, Math.floor(pixels / SAMPLED_PIXELS)) | 1;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < pixels; at += stride) {
    const value = view[at] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function pixelView(dtype: PixelType, offset: number, pixels: number) {
  switch (dtype) {
    case 'uint8':
      return new Uint8Array(ring, offset, pixels);
    case 'uint16':
      return new Uint16Array(ring, offset, pixels);
    case 'int16':
      return new Int16Array(ring, offset, pixels);
    case 'float32':
      return new Float32Array(ring, offset, pixels);
  }
}
