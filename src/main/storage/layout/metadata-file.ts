import { dirname } from 'node:path';
import type { Clock } from '../../../sdk/util/index.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { makeFolderBelow } from '../files/make-folder.ts';

/** Writes a `zarr.json`, whole at any time. @param root - of the store: must be there. Default: the folder of the file is. */
export async function writeMetadata(
  path: string,
  metadata: Record<string, unknown>,
  clock: Clock,
  root = dirname(path),
): Promise<void> {
  await makeFolderBelow(root, dirname(path));
  await writeFileAtomic(path, metadataText(metadata), clock);
}

/** As it lies on the disk. */
export function metadataText(metadata: Record<string, unknown>): string {
  return `${JSON.stringify(metadata, null, 2)}\n`;
}
