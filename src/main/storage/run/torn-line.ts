import { constants, truncate } from 'node:fs/promises';
import { type Clock, hasCode } from '../../../sdk/util/index.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { openRegular, piecesOf } from '../files/regular-file.ts';
import { syncFile } from '../files/sync-file.ts';

const LINE_BREAK = 10;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
/** No line is as long: what is, is zeros that stand for what never reached the disk. */
const MOST_LINE_BYTES = 32 * 1024 * 1024;

/** Stands for a line that has zeros in it: a power cut leaves them in the place of what did not reach the disk. */
export const ZEROED = '\0';

/** A file of JSON Lines as a crash left it. */
export interface LinesOnDisk {
  /** Whole lines, without their line breaks; `ZEROED` in the place of those that were lost. */
  readonly rows: readonly string[];
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
  /** Bytes after it: a line that was cut off, or zeros. */
  readonly tornBytes: number;
}

/** Null when there is no such file. @throws RedsunError `file/not-regular`. */
export async function readLines(path: string): Promise<LinesOnDisk | null> {
  const reading = new LineReading();
  try {
    for await (const piece of piecesOf(path)) reading.take(piece);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return null;
    throw error;
  }
  return reading.end();
}

/** Cuts the torn line off, on the disk. */
export async function cutTornLine(path: string, { wholeBytes, tornBytes }: LinesOnDisk): Promise<void> {
  if (tornBytes === 0) return;
  await truncate(path, wholeBytes);
  const file = await openRegular(path, constants.O_RDWR);
  try {
    await syncFile(file);
  } finally {
    await file.close();
  }
}

/** The file gets these lines and no others, in one step. */
export async function writeLines(path: string, rows: readonly string[], clock: Clock): Promise<void> {
  await writeFileAtomic(path, rows.map((row) => `${row}\n`).join(''), clock);
}

/** Takes a file apart, piece by piece. */
class LineReading {
  readonly #rows: string[] = [];
  #begun: Buffer[] = [];
  #begunBytes = 0;
  #bytes = 0;
  /** Where the last line with something in it ends, and how many lines there are up to there. */
  #wholeBytes = 0;
  #wholeRows = 0;

  take(piece: Uint8Array): void {
    const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let from = 0; from < buffer.byteLength; ) {
      const at = buffer.indexOf(LINE_BREAK, from);
      this.#add(buffer.subarray(from, at < 0 ? buffer.byteLength : at));
      if (at < 0) break;
      this.#bytes++;
      this.#line();
      from = at + 1;
    }
  }

  end(): LinesOnDisk {
    const rows = this.#rows.slice(0, this.#wholeRows);
    return { rows, wholeBytes: this.#wholeBytes, tornBytes: this.#bytes - this.#wholeBytes };
  }

  #add(part: Buffer): void {
    this.#bytes += part.byteLength;
    this.#begunBytes += part.byteLength;
    // A copy: the piece is read into again. Of what is too long nothing is needed but that it is.
    if (this.#begunBytes <= MOST_LINE_BYTES) this.#begun.push(Buffer.from(part));
  }

  #line(): void {
    const isTooLong = this.#begunBytes > MOST_LINE_BYTES;
    const row = isTooLong ? Buffer.alloc(1) : Buffer.concat(this.#begun);
    this.#begun = [];
    this.#begunBytes = 0;
    const marked = this.#rows.length === 0 && BYTE_ORDER_MARK.every((byte, at) => row[at] === byte);
    const found = textsOf(marked ? row.subarray(BYTE_ORDER_MARK.length) : row);
    this.#rows.push(...found);
    // A line that is zeros, or ends in them, counts only when a real one follows.
    if (found.at(-1) === ZEROED) return;
    this.#wholeBytes = this.#bytes;
    this.#wholeRows = this.#rows.length;
  }
}

/** Zeros may hide the line breaks around them: what is whole between them is a line of its own. */
function textsOf(row: Buffer): string[] {
  const text = (from: number, to?: number) => row.subarray(from, to).toString('utf8').replace(/\r$/, '');
  if (!row.includes(0)) return [text(0)];
  const parts = text(0).split(/\0+/);
  const last = parts.at(-1) ?? '';
  return [...parts.slice(0, -1).filter(isWhole), ZEROED, ...(isWhole(last) ? [last] : [])];
}

function isWhole(part: string): boolean {
  try {
    const value: unknown = JSON.parse(part);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
