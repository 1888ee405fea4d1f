import { dirname } from 'node:path';
import { z } from 'zod';
import { EXIT_STATUSES } from '../../../sdk/events/index.ts';
import { type Clock, hasCode } from '../../../sdk/util/index.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { makeFolderBelow } from '../files/make-folder.ts';
import { readText } from '../files/regular-file.ts';

/** Goes up when a line means something else than before: an older file is then not read. */
const VERSION = 3;
/** Lines at a time, so that nobody waits for thousands. */
const LINES_AT_ONCE = 500;

const lineSchema = z.object({
  fingerprint: z.string(),
  run: z.object({
    id: z.string().regex(/^\d{4}-\d{2}-\d{2}\/[^/\\]+$/),
    plan: z.string(),
    counter: z.number(),
    uid: z.string().nullable(),
    startTime: z.number(),
    stopTime: z.number().nullable(),
    exitStatus: z.enum(EXIT_STATUSES).nullable(),
    reason: z.string(),
    frames: z.number(),
    durable: z.number().nullable(),
    bytes: z.number(),
    sample: z.string().nullable(),
    keywords: z.string(),
    hasStore: z.boolean(),
    numPoints: z.number().nullable(),
    takenPoints: z.number().nullable(),
  }),
});
/** A run as the file keeps it. Without paths, so that a folder can be moved. */
export type CatalogueLine = z.infer<typeof lineSchema>;

/** What was known of the runs. Empty when there is no file, or one of another version; lines that make no sense are left out. */
export async function readCatalogueFile(path: string): Promise<CatalogueLine[]> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
  const [header, ...rows] = text.split('\n');
  if (header !== headerLine()) return [];
  const lines: CatalogueLine[] = [];
  for (const [at, row] of rows.entries()) {
    if (at % LINES_AT_ONCE === 0) await otherWork();
    const parsed = lineSchema.safeParse(parse(row));
    if (parsed.success) lines.push(parsed.data);
  }
  return lines;
}

export async function writeCatalogueFile(path: string, lines: Iterable<CatalogueLine>, clock: Clock): Promise<void> {
  const rows = [headerLine()];
  for (const line of lines) {
    if (rows.length % LINES_AT_ONCE === 0) await otherWork();
    rows.push(JSON.stringify(line));
  }
  // The session's folder is there when it has runs; where its disk is gone it is not made anew.
  await makeFolderBelow(dirname(dirname(path)), dirname(path));
  await writeFileAtomic(path, `${rows.join('\n')}\n`, clock);
}

function headerLine(): string {
  return JSON.stringify({ catalogue: VERSION });
}

function parse(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return null;
  }
}

function otherWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
