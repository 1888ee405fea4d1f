import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asError, type Clock, hasCode } from 'redsun/sdk/util';
import { z } from 'zod';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readText } from '../../storage/files/regular-file.ts';
import { sessionDir } from '../../storage/run/run-folder.ts';
import type { TimingSamples } from './device-timings.ts';

const MOST_KINDS = 2000;

const fileSchema = z.strictObject({
  schema_version: z.literal(1),
  samples: z
    .record(z.string(), z.array(z.tuple([z.number().min(0), z.number().min(0)])).max(256))
    .refine((samples) => Object.keys(samples).length <= MOST_KINDS, `more than ${MOST_KINDS} kinds`),
});

/** A cache beside the runs of the session: it may be deleted. */
export function timingsPath(baseFolder: string, session: string): string {
  return join(sessionDir(baseFolder, session), '.redsun', 'timings.json');
}

/** What was learnt in earlier runs; nothing when there is no file. @param onDamaged - told why a file is of no use. */
export async function readTimings(path: string, onDamaged: (reason: string) => void): Promise<TimingSamples> {
  try {
    const result = fileSchema.safeParse(JSON.parse(await readText(path)));
    if (result.success) return result.data.samples;
    onDamaged(
      `${path}: ${result.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; ')}`,
    );
  } catch (thrown) {
    if (!hasCode(thrown, 'ENOENT')) onDamaged(`${path}: ${asError(thrown).message}`);
  }
  return {};
}

/** Keeps what was learnt, in one step: a reader sees the old file or the new one. */
export async function writeTimings(path: string, samples: TimingSamples, clock: Clock): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const rounded = Object.fromEntries(
    Object.entries(samples).map(([key, list]) => [
      key,
      list.map(([size, seconds]) => [shorter(size), shorter(seconds)]),
    ]),
  );
  await writeFileAtomic(path, JSON.stringify({ schema_version: 1, samples: rounded }), clock);
}

function shorter(value: number): number {
  return Number(value.toPrecision(6));
}
