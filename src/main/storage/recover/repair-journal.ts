import { join } from 'node:path';
import type { Clock } from '../../../sdk/util/index.ts';
import { type JournalLine, parseLine, placeIn } from '../run/journal.ts';
import { LineFile } from '../run/line-file.ts';
import { RUN_FILES } from '../run/run-folder.ts';
import { cutTornLine, type LinesOnDisk, readLines, writeLines, ZEROED } from '../run/torn-line.ts';
import type { KeptBytes } from './kept-bytes.ts';

/** Lines of the journal whose frames the disk has lost, kept for whoever looks for them. */
const LOST_JOURNAL = 'journal.lost.jsonl';

/** The journal of a run as a crash left it. */
export interface FoundJournal {
  /** Null: there is none. */
  readonly onDisk: LinesOnDisk | null;
  /** Each line once, word for word; those of zeros left out. */
  readonly rows: readonly string[];
  /** Those of them that make sense. */
  readonly lines: readonly JournalLine[];
  /** Numbers, from 1, of the others. */
  readonly malformed: readonly number[];
  /** Frames that it tells of, or told of before an earlier recovery put their lines aside. */
  readonly told: number;
  /** What is to be repaired, in words. */
  readonly repairs: readonly string[];
}

export async function findJournal(runFolder: string): Promise<FoundJournal> {
  const onDisk = await readLines(join(runFolder, RUN_FILES.journal));
  const rows = [...new Set(onDisk?.rows ?? [])].filter((row) => row !== ZEROED);
  const parsed = rows.map(parseLine);
  const lines = parsed.filter((line) => line !== null);
  const malformed = parsed.flatMap((line, at) => (line === null ? [at + 1] : []));
  const aside = (await readLines(join(runFolder, LOST_JOURNAL)))?.rows.length ?? 0;
  // A line of which a half stands before it, and that is there whole as well, tells of one frame.
  const told = new Set(lines.map((line) => JSON.stringify(line))).size + aside;
  return { onDisk, rows, lines, malformed, told, repairs: repairsOf(onDisk, rows.length) };
}

/** Takes out what is no line, and the lines of frames that are lost, which are put aside. @param kept - keeps what is replaced. */
export async function repairJournal(
  runFolder: string,
  { onDisk, rows }: FoundJournal,
  lost: readonly JournalLine[],
  { clock, kept }: { readonly clock: Clock; readonly kept: KeptBytes },
): Promise<void> {
  const path = join(runFolder, RUN_FILES.journal);
  if (!onDisk) return;
  if (lost.length === 0 && rows.length === onDisk.rows.length) {
    if (onDisk.tornBytes > 0) await kept.part(path, onDisk.wholeBytes, onDisk.tornBytes);
    return cutTornLine(path, onDisk);
  }
  await kept.file(path);
  await putAside(join(runFolder, LOST_JOURNAL), lost, kept);
  const gone = new Set(lost.map(placeIn));
  const stays = rows.filter((row) => {
    const line = parseLine(row);
    return !line || !gone.has(placeIn(line));
  });
  await writeLines(path, stays, clock);
}

function repairsOf(onDisk: LinesOnDisk | null, lines: number): string[] {
  if (!onDisk) return [];
  const repairs: string[] = [];
  if (onDisk.tornBytes > 0) repairs.push(`journal: ${onDisk.tornBytes} bytes of a line that was cut off are removed`);
  const zeroed = onDisk.rows.filter((row) => row === ZEROED).length;
  if (zeroed > 0) repairs.push(`journal: zeros in the place of ${zeroed} or more lines are removed`);
  const doubled = onDisk.rows.length - zeroed - lines;
  if (doubled > 0) repairs.push(`journal: ${doubled} lines that were there twice are removed`);
  return repairs;
}

async function putAside(path: string, lost: readonly JournalLine[], kept: KeptBytes): Promise<void> {
  if (lost.length === 0) return;
  await kept.part(path, Number.MAX_SAFE_INTEGER, 0);
  const file = await LineFile.open(path);
  try {
    for (const line of lost) await file.append(line);
    await file.sync();
  } finally {
    await file.close();
  }
}
