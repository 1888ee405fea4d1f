import { z } from 'zod';
import { asError } from '../../../sdk/util/index.ts';
import { LineFile } from './line-file.ts';
import { readLines } from './torn-line.ts';

/** How far frames have come. */
export interface SafeFrames {
  /** Could be read, and were told of in the journal, when this was written. */
  readonly acknowledged: number;
  /** Had reached the disk by then: a power cut cannot take them. */
  readonly durable: number;
}

const count = z.number().int().nonnegative();
const lineSchema = z.object({
  time: z.number(),
  first_frame: count,
  cameras: z.record(z.string(), z.object({ acknowledged: count, durable: count })),
});

/**
 * A line of `counts.jsonl`. `time` is Unix time, s; frames of each camera are counted from `first_frame` of the journal on, which is more
 * than 0 when the run resumed another.
 */
export type CountsLine = z.infer<typeof lineSchema>;

/**
 * Keeps beside the journal how many frames are known to be on the disk. Written to when a sync is over, and synced itself, so that it never
 * says more than what is there. A run does without it where it cannot be written: the frames are what counts.
 */
export class CountsFile {
  readonly #path: string;
  readonly #onFault: (message: string) => void;
  #file: LineFile | null = null;
  #last = '';
  #isFaulty = false;

  /** @param onFault - hears once why it cannot be written. */
  constructor(path: string, onFault: (message: string) => void) {
    this.#path = path;
    this.#onFault = onFault;
  }

  /** Never rejects. What was said already is not said again. */
  async record(line: CountsLine): Promise<void> {
    const { time: _, ...said } = line;
    const text = JSON.stringify(said);
    if (text === this.#last) return;
    try {
      this.#file ??= await LineFile.open(this.#path);
      await this.#file.append(line);
      await this.#file.sync();
      this.#last = text;
    } catch (thrown) {
      if (!this.#isFaulty) {
        this.#onFault(`${this.#path}: how many frames are on the disk is not recorded: ${asError(thrown).message}`);
      }
      this.#isFaulty = true;
    }
  }

  /** Never rejects: what is in it was synced before. */
  async close(): Promise<void> {
    await this.#file?.close().catch(() => {});
  }
}

/** What the file at `path` says of all cameras together; null: there is none, or no line of it can be read. */
export async function readCounts(path: string): Promise<SafeFrames | null> {
  const rows = (await readLines(path))?.rows ?? [];
  return sumOf(rows.flatMap((row) => parseLine(row) ?? []));
}

/** The newest line counts, of each run that went on with another up to where the next one began. */
function sumOf(lines: readonly CountsLine[]): SafeFrames | null {
  let runs: CountsLine[] = [];
  for (const line of lines) runs = [...runs.filter((run) => run.first_frame < line.first_frame), line];
  if (runs.length === 0) return null;
  const sum = { acknowledged: 0, durable: 0 };
  for (const [at, { first_frame: first, cameras }] of runs.entries()) {
    const most = (runs[at + 1]?.first_frame ?? Number.POSITIVE_INFINITY) - first;
    for (const { acknowledged, durable } of Object.values(cameras)) {
      sum.acknowledged += Math.min(acknowledged, most);
      sum.durable += Math.min(durable, most);
    }
  }
  return sum;
}

function parseLine(row: string): CountsLine | null {
  try {
    return lineSchema.parse(JSON.parse(row));
  } catch {
    // It says nothing; the others stand for themselves.
    return null;
  }
}
