import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '../../../sdk/util/index.ts';

/**
 * Makes `folder`, which is `root` or lies below it, but never `root` itself: where the disk is gone that holds it, its path leads to another
 * disk, and what is written there is lost to the dataset. One after the other, as a disk may go in between.
 * @throws `ENOENT` when `root` is not there.
 */
export async function makeFolderBelow(root: string, folder: string): Promise<void> {
  if (folder === root) {
    await stat(root);
    return;
  }
  try {
    await mkdir(folder);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    if (!hasCode(error, 'ENOENT')) throw error;
    await makeFolderBelow(root, dirname(folder));
    await mkdir(folder).catch((again: unknown) => {
      // Another file of the same folder was first.
      if (!hasCode(again, 'EEXIST')) throw again;
    });
  }
}
