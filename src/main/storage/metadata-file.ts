import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../sdk/util/index.ts';
import { writeFileAtomic } from './atomic-file.ts';

/** Writes a `zarr.json`, whole at any time. */
export async function writeMetadata(path: string, metadata: Record<string, unknown>, clock: Clock): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, metadataText(metadata), clock);
}

/** As it lies on the disk. */
export function metadataText(metadata: Record<string, unknown>): string {
  return `${JSON.stringify(metadata, null, 2)}\n`;
}
