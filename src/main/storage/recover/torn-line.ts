import { open, readFile, truncate } from 'node:fs/promises';
import { hasCode } from '../../../sdk/util/index.ts';
import { syncFile } from '../sync-file.ts';

const LINE_BREAK = 10;

/** A file of JSON Lines as a crash left it. */
export interface LinesOnDisk {
  /** Whole lines, without their line breaks. */
  readonly rows: readonly string[];
  /** Bytes of the whole lines. */
  readonly wholeBytes: number;
  /** Bytes after the last line break: a line that was cut off. */
  readonly tornBytes: number;
}

/** Null when there is no such file. */
export async function readLines(path: string): Promise<LinesOnDisk | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const wholeBytes = endOfLastRealLine(bytes);
  const text = bytes.subarray(0, wholeBytes).toString('utf8');
  return { rows: text.split('\n').slice(0, -1), wholeBytes, tornBytes: bytes.byteLength - wholeBytes };
}

/** Cuts the torn line off, on the disk. */
export async function cutTornLine(path: string, { wholeBytes, tornBytes }: LinesOnDisk): Promise<void> {
  if (tornBytes === 0) return;
  await truncate(path, wholeBytes);
  const file = await open(path, 'r+');
  try {
    await syncFile(file);
  } finally {
    await file.close();
  }
}

/** A power cut may leave a file longer than what reached the disk: zeros stand for the rest, and may hide a line break. */
function endOfLastRealLine(bytes: Buffer): number {
  const zero = bytes.indexOf(0);
  const real = zero < 0 ? bytes : bytes.subarray(0, zero);
  return real.lastIndexOf(LINE_BREAK) + 1;
}
