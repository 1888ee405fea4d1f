import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../../sdk/util/index.ts';
import { type ArrayInfo, readArray } from '../../../shared/stores/index.ts';
import { readText } from '../files/regular-file.ts';
import { FileByteSource } from './file-byte-source.ts';

/** An array of a store that Redsun wrote, as a crash left it. Axes t, c, z, y, x; a chunk holds (part of) one plane. */
export interface ArrayOnDisk {
  readonly source: FileByteSource;
  readonly info: ArrayInfo;
  /** Its `zarr.json`, untouched. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly folder: string;
  /** Planes along t, c and z that share a shard. */
  readonly extent: readonly [t: number, c: number, z: number];
  readonly chunksPerPlane: number;
  /** Shards that have a file. */
  readonly shards: readonly ShardKey[];
}

/** Place of a shard among shards. */
export interface ShardKey {
  readonly path: string;
  readonly at: readonly [t: number, c: number, z: number];
}

/** A plane's place in its array; of a frame, that of its first plane. */
export type PlaneAt = readonly [t: number, c: number, z: number];

/** Null: the array was not made, or is none that Redsun writes. @throws RedsunError `store/...` when its metadata make no sense. */
export async function openArray(storeDir: string, path: string): Promise<ArrayOnDisk | null> {
  const source = new FileByteSource(storeDir);
  const folder = join(storeDir, path);
  let metadata: Record<string, unknown>;
  try {
    metadata = JSON.parse(await readText(join(folder, 'zarr.json')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const info = await readArray(source, path);
  const { sharding, chunkShape, shape } = info;
  if (sharding?.indexLocation !== 'end' || !sharding.indexHasChecksum || shape.length !== 5) return null;
  const [t, c, z, height, width] = sharding.shardShape as [number, number, number, number, number];
  const [, , , chunkHeight, chunkWidth] = chunkShape as [number, number, number, number, number];
  const chunksPerPlane = (height / chunkHeight) * (width / chunkWidth);
  return { source, info, metadata, folder, extent: [t, c, z], chunksPerPlane, shards: await shardsOf(folder) };
}

/** The plane at `place` of a shard. */
export function planeAt({ extent: [t, c, z] }: ArrayOnDisk, { at }: ShardKey, place: number): PlaneAt {
  return [at[0] * t + Math.floor(place / (c * z)), at[1] * c + (Math.floor(place / z) % c), at[2] * z + (place % z)];
}

/** Where a plane is: the reverse of `planeAt`. */
export function placeOfPlane({ extent: [t, c, z] }: ArrayOnDisk, plane: PlaneAt) {
  const at = [Math.floor(plane[0] / t), Math.floor(plane[1] / c), Math.floor(plane[2] / z)] as const;
  return { at, place: ((plane[0] % t) * c + (plane[1] % c)) * z + (plane[2] % z) };
}

/** Names a plane in sets and maps. */
export function keyOf([t, c, z]: PlaneAt): string {
  return `${t} ${c} ${z}`;
}

/** The same array with room for `timePoints`, so that what its shape on the disk hides can be read. */
export function withTimePoints({ info }: ArrayOnDisk, timePoints: number): ArrayInfo {
  return { ...info, shape: [timePoints, ...info.shape.slice(1)] };
}

async function shardsOf(folder: string): Promise<ShardKey[]> {
  const shards: ShardKey[] = [];
  const root = join(folder, 'c');
  for (const t of await namesIn(root)) {
    for (const c of await namesIn(join(root, t))) {
      for (const z of await namesIn(join(root, t, c))) {
        const path = join(root, t, c, z, '0', '0');
        if ((await namesIn(join(root, t, c, z, '0'))).includes('0')) {
          shards.push({ path, at: [Number(t), Number(c), Number(z)] });
        }
      }
    }
  }
  return shards;
}

export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}
