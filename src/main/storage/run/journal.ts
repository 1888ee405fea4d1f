import type { FrameIndex } from '../../../sdk/storage/index.ts';
import { isNestedTooDeep } from '../../../shared/stores/index.ts';
import { readLines } from './torn-line.ts';

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

/** As the writer begins each line. */
const LINE_BEGINS = '{"array":';

/** Names the place of a frame in the store. */
export function placeIn({ array, index: { t, c, z } }: JournalLine): string {
  return `${array} ${t} ${c} ${z}`;
}

/** What the journal of a store says. */
export interface Journal {
  readonly lines: readonly JournalLine[];
  /** Numbers (from 1) of lines that make no sense, the last one aside: a crash may cut that off. */
  readonly badLines: readonly number[];
}

/** The journal at `path`, or null when there is none. A line that is there twice, word for word, counts once. */
export async function readJournal(path: string): Promise<Journal | null> {
  const onDisk = await readLines(path);
  if (!onDisk) return null;
  const lines: JournalLine[] = [];
  const badLines: number[] = [];
  const seen = new Set<string>();
  for (const [at, row] of onDisk.rows.entries()) {
    if (seen.has(row)) continue;
    seen.add(row);
    const line = parseLine(row);
    if (line) lines.push(line);
    else badLines.push(at + 1);
  }
  return { lines, badLines };
}

/** A line of the journal; null when it makes no sense. A line behind the half of another is found all the same. */
export function parseLine(row: string): JournalLine | null {
  const begins = row.lastIndexOf(LINE_BEGINS);
  return parseWhole(row) ?? (begins > 0 ? parseWhole(row.slice(begins)) : null);
}

function parseWhole(row: string): JournalLine | null {
  if (isNestedTooDeep(row)) return null;
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
