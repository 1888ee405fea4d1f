import { constants, rename, rm } from 'node:fs/promises';
import type { Clock } from '../../../sdk/util/index.ts';
import { onceFree } from './once-free.ts';
import { openRegular } from './regular-file.ts';
import { syncFile } from './sync-file.ts';

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
  try {
    await onceFree(() => rename(temporary, path), clock);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
