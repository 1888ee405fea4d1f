import { join } from 'node:path';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import { openStore, readPlane, unravel } from '../../src/shared/stores/index.ts';

/** The planes of full resolution that a run claims to have acquired, by array and place, with their pixels. */
export async function* claimedPlanes(run: string): AsyncGenerator<readonly [place: string, pixels: Buffer]> {
  const source = new FileByteSource(join(run, 'data.ome.zarr'));
  const { images } = await openStore(source);
  for (const image of images) {
    const sizes = image.axes.slice(0, -2).map(({ size }) => size);
    for (let at = 0; at < sizes.reduce((product, size) => product * size, 1); at++) {
      const index = unravel(at, sizes);
      const named = Object.fromEntries(image.axes.slice(0, -2).map(({ name }, axis) => [name, index[axis]]));
      const { acquired, data } = await readPlane(source, image, 0, named);
      if (!acquired) continue;
      const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      yield [`${image.levels[0]?.path} ${index.join(' ')}`, pixels];
    }
  }
}

/** Places of planes that a run claims and that are not what was written. @param written - the folder before anything befell it. */
export async function wrongPlanes(run: string, written: string): Promise<string[]> {
  const truth = await planesOf(written);
  const wrong: string[] = [];
  for await (const [place, pixels] of claimedPlanes(run)) if (!truth.get(place)?.equals(pixels)) wrong.push(place);
  return wrong;
}

const known = new Map<string, Promise<ReadonlyMap<string, Buffer>>>();

function planesOf(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const planes = known.get(folder) ?? collect(folder);
  known.set(folder, planes);
  return planes;
}

async function collect(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const planes = new Map<string, Buffer>();
  for await (const [place, pixels] of claimedPlanes(folder)) planes.set(place, pixels);
  return planes;
}
