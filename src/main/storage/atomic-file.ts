import { constants, rename, rm } from 'node:fs/promises';
import type { Clock } from '../../sdk/util/index.ts';
import { hasCode } from '../../sdk/util/index.ts';
import { openRegular } from './regular-file.ts';
import { syncFile } from './sync-file.ts';

/** Windows refuses to rename over a file that a reader or a virus scanner holds open; they let go soon. */
const RETRIES = 20;
const RETRY_AFTER_MS = 25;

/** Replaces `path` in one step: a reader sees the old content or the new one, never a part. */
export async function writeFileAtomic(path: string, content: string | Uint8Array, clock: Clock): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await openRegular(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC);
  try {
    await file.writeFile(content);
    await syncFile(file);
  } finally {
    await file.close();
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(temporary, path);
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].some((code) => hasCode(error, code));
      if (!held || attempt > RETRIES) {
        await rm(temporary, { force: true });
        throw error;
      }
    }
    await clock.sleep(RETRY_AFTER_MS);
  }
}
