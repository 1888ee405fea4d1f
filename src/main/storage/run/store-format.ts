import { readArray, STORE_DTYPES } from '../../../shared/stores/index.ts';
import { compressionOf } from '../layout/compression.ts';
import type { StorageFormat } from '../layout/image-plan.ts';
import { FileByteSource } from './file-byte-source.ts';
import { imagePaths, openImage } from './image-on-disk.ts';

/**
 * How the images of an interrupted run are stored. Null: none was made yet, or by other means than Redsun has; then the first frame that
 * does not fit is refused. @throws RedsunError `store/...` when its metadata make no sense.
 */
export async function readStoreFormat(storeDir: string): Promise<StorageFormat | null> {
  const source = new FileByteSource(storeDir);
  const formats: StorageFormat[] = [];
  for (const group of await imagePaths(storeDir)) {
    const { arrayPath, coarserPaths } = await openImage(storeDir, group);
    const { codecs, dtype } = await readArray(source, arrayPath);
    const compression = compressionOf(codecs.bytes, STORE_DTYPES[dtype]);
    if (compression === null) return null;
    formats.push({ compression, levels: 1 + coarserPaths.length });
  }
  const [first] = formats;
  // Small images have fewer levels than were asked for.
  return first ? { ...first, levels: Math.max(...formats.map(({ levels }) => levels)) } : null;
}
