import { readFile } from 'node:fs/promises';
import type { FrameIndex } from '../../sdk/storage/index.ts';
import { hasCode } from '../../sdk/util/index.ts';

/** A line of `journal.jsonl`: one per frame that can be read from the store. */
export interface JournalLine {
  /** Path of the array in the store. */
  readonly array: string;
  /** Number of the frame among those of its camera, in acquisition order. */
  readonly frame: number;
  readonly index: Required<FrameIndex>;
  /** Unix time, s, at the end of the exposure. */
  readonly time: number;
  /** Positions asked for and read back, by name of the axis. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly read: Readonly<Record<string, unknown>>;
  /** Settings changed since the frame before. */
  readonly changed: Readonly<Record<string, unknown>>;
  /** Of the pixels, plane after plane in C order, little-endian; hexadecimal. */
  readonly crc32c: string;
  /** Of a frame of several planes: how many there are from `index` on, and the checksum of each, by channel, then z. */
  readonly planes?: { readonly c: number; readonly z: number; readonly crc32c: readonly string[] };
}

/** What the journal of a store says. */
export interface Journal {
  readonly lines: readonly JournalLine[];
  /** Numbers (from 1) of lines that make no sense, the last one aside: a crash may cut that off. */
  readonly badLines: readonly number[];
}

/** The journal at `path`, or null when there is none. */
export async function readJournal(path: string): Promise<Journal | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const lines: JournalLine[] = [];
  const badLines: number[] = [];
  const rows = text.split('\n');
  for (const [at, row] of rows.entries()) {
    const complete = at < rows.length - 1;
    const line = row === '' ? null : parseLine(row);
    if (line && complete) lines.push(line);
    else if (complete) badLines.push(at + 1);
  }
  return { lines, badLines };
}

/** A line of the journal; null when it makes no sense. */
export function parseLine(row: string): JournalLine | null {
  try {
    const line = JSON.parse(row) as JournalLine | null;
    const { t, p, c, z } = line?.index ?? {};
    const { planes } = line ?? {};
    const parts = planes && [planes.c, planes.z, planes.crc32c?.length];
    const whole = [t, p, c, z, line?.frame, ...(parts ?? [])].every((value) => Number.isInteger(value));
    return whole && typeof line?.array === 'string' && typeof line.crc32c === 'string' ? line : null;
  } catch {
    return null;
  }
}
