import { randomFill } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../../../sdk/util/index.ts';
import { hasCode } from '../../../sdk/util/index.ts';
import { syncFile } from '../files/sync-file.ts';
import { nodeFiles, type ProbeFile, type ProbeFiles } from './target-probe.ts';

const MOST_BYTES = 64_000_000;
const MOST_MS = 300;
const FIRST_BYTES = 1_000_000;
const BLOCK_BYTES = 4_000_000;
/** Of what is free: a probe must not fill the disk that it looks at. */
const MOST_OF_FREE = 0.1;

export interface WriteSpeedOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** In the folder; null: unknown. */
  readonly freeBytes: number | null;
  readonly files?: ProbeFiles;
}

/**
 * Writes to a file in `folder`, which exists, until 64 MB or 300 ms have gone by, each part synced, and deletes it.
 * @returns bytes per second; null where a folder cannot sync, or has no room to try.
 */
export async function measureWriteSpeed(
  folder: string,
  { clock, freeBytes, files = nodeFiles }: WriteSpeedOptions,
): Promise<number | null> {
  const dir = await files.mkdtemp(join(folder, '.redsun-speed-'));
  try {
    const file = await files.open(join(dir, 'speed'), 'wx');
    try {
      return await writeForAWhile(file, clock, Math.min(MOST_BYTES, MOST_OF_FREE * (freeBytes ?? Infinity)));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) return null;
    throw error;
  } finally {
    await files.rm(dir, { recursive: true, force: true }).catch(() => {});
  }
}

/** Parts grow, so that what each sync costs by itself matters less and less, and a slow disk is not kept for long. */
async function writeForAWhile(
  file: ProbeFile,
  clock: Pick<Clock, 'monotonicMs'>,
  mostBytes: number,
): Promise<number | null> {
  // Random: file systems that compress would be measured at what they save.
  const block = new Uint8Array(BLOCK_BYTES);
  await promisify(randomFill)(block);
  const startMs = clock.monotonicMs();
  let written = 0;
  let best = 0;
  for (let part = FIRST_BYTES; written + part <= mostBytes; ) {
    const partStartMs = clock.monotonicMs();
    for (let done = 0; done < part; done += BLOCK_BYTES) {
      const length = Math.min(BLOCK_BYTES, part - done);
      await file.write(block, 0, length, written + done);
    }
    if (!(await syncFile(file))) return null;
    written += part;
    const nowMs = clock.monotonicMs();
    const perMs = part / Math.max(0.1, nowMs - partStartMs);
    best = Math.max(best, perMs);
    const leftMs = MOST_MS - (nowMs - startMs);
    if (leftMs <= 0) break;
    part = Math.floor(
      Math.min(4 * part, Math.max(FIRST_BYTES, perMs * leftMs), Math.max(FIRST_BYTES, mostBytes - written)),
    );
  }
  return best === 0 ? null : best * 1000;
}
