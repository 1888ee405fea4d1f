import { constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, hasCode } from '../../../sdk/util/index.ts';
import { openRegular } from '../files/regular-file.ts';
import { syncFile } from '../files/sync-file.ts';
import { CountsFile } from '../run/counts-file.ts';
import type { JournalLine } from '../run/journal.ts';
import { RUN_FILES } from '../run/run-folder.ts';

/**
 * Brings what is left of a run to the disk and records that: when its program was killed, frames that it had not synced were in the memory
 * of the system only. Where something cannot be synced, nothing is recorded. @param lines - of the journal, as it is after the repair.
 */
export async function recordDurable(
  runFolder: string,
  lines: readonly Pick<JournalLine, 'frame'>[],
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal },
): Promise<void> {
  const synced = await syncBelow(join(runFolder, RUN_FILES.store), signal);
  if (!synced || !(await syncPath(join(runFolder, RUN_FILES.journal)))) return;
  const counts = new CountsFile(join(runFolder, RUN_FILES.counts), () => {});
  const cameras = framesPerCamera(lines).map((frames, camera) => [
    `camera ${camera + 1}`,
    { acknowledged: frames, durable: frames },
  ]);
  await counts.record({ time: clock.now(), first_frame: 0, cameras: Object.fromEntries(cameras) });
  await counts.close();
}

/** The journal does not name cameras: each has a frame of every number, up to where it came. */
function framesPerCamera(lines: readonly Pick<JournalLine, 'frame'>[]): number[] {
  const seen = new Map<number, number>();
  const counts: number[] = [];
  for (const { frame } of lines) {
    const camera = seen.get(frame) ?? 0;
    seen.set(frame, camera + 1);
    counts[camera] = (counts[camera] ?? 0) + 1;
  }
  return counts;
}

/** @returns false where the file system cannot sync. */
async function syncBelow(folder: string, signal?: AbortSignal): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    signal?.throwIfAborted();
    const path = join(folder, entry.name);
    if (!(await (entry.isDirectory() ? syncBelow(path, signal) : syncPath(path)))) return false;
  }
  return true;
}

async function syncPath(path: string): Promise<boolean> {
  const file = await openRegular(path, constants.O_RDWR).catch((error: unknown) => {
    // A pipe or a socket that somebody put there has nothing to sync.
    if (hasCode(error, 'file/not-regular')) return null;
    throw error;
  });
  if (!file) return true;
  try {
    return await syncFile(file);
  } finally {
    await file.close();
  }
}
