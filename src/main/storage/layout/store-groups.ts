import { join } from 'node:path';
import type { Clock } from '../../../sdk/util/index.ts';
import { type ImagePlan, isPlate } from './image-plan.ts';
import { writeMetadata } from './metadata-file.ts';
import {
  collectionMetadata,
  plainGroup,
  plateMetadata,
  seriesMetadata,
  wellMetadata,
  wellsOf,
} from './ome-metadata.ts';

/** Writes the groups above the images of a store: a plate, a collection, or none above a single one. @param cameras - how many. */
export async function writeGroups(
  storeDir: string,
  images: readonly ImagePlan[],
  cameras: number,
  clock: Clock,
): Promise<void> {
  const write = (path: string, metadata: Record<string, unknown>) =>
    writeMetadata(join(storeDir, path, 'zarr.json'), metadata, clock, storeDir);
  const [first] = images;
  if (cameras === 1 && first && isPlate(first.layout)) {
    const wells = wellsOf(images);
    for (const { row, column, fields } of wells) await write(join(row, column), wellMetadata(fields));
    for (const row of new Set(wells.map((well) => well.row))) await write(row, plainGroup());
    await write('', plateMetadata(first.source.name, images));
  } else if (images.length !== 1) {
    await write('OME', seriesMetadata(images.map(({ groupPath }) => groupPath)));
    await write('', collectionMetadata());
  }
}
