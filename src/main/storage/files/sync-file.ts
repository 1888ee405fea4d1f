import { codeOf } from '../../../sdk/util/index.ts';

/** What file systems say that know no sync: some network shares and FUSE mounts. Any other fault is one of the disk. */
const NO_SYNC: readonly string[] = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Waits until the data of a file reach the disk. @returns false where the file system cannot do that. */
export async function syncFile(file: { datasync(): Promise<void> }): Promise<boolean> {
  try {
    await file.datasync();
    return true;
  } catch (error) {
    if (NO_SYNC.includes(codeOf(error))) return false;
    throw error;
  }
}
