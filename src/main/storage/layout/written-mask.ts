import { dirname, join } from 'node:path';
import { type Clock, hasCode } from '../../../sdk/util/index.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { makeFolderBelow } from '../files/make-folder.ts';
import { readBytes, readText } from '../files/regular-file.ts';
import { metadataText, writeMetadata } from './metadata-file.ts';

/** Name of the array beside the levels of an image. */
export const WRITTEN_ARRAY = 'written';

interface AlongCZ {
  readonly c: number;
  readonly z: number;
}

/** Which planes of an image were acquired: an array of ones and zeros along t, c and z, so that a plane of zeros is not taken for black. */
export class WrittenMask {
  readonly #frames: AlongCZ;
  readonly #planesPerFrame: AlongCZ;
  #planes: Uint8Array;

  /** @param frames - of one time point. */
  constructor(frames: AlongCZ, planesPerFrame: AlongCZ) {
    this.#frames = frames;
    this.#planesPerFrame = planesPerFrame;
    this.#planes = new Uint8Array(64 * this.#perTimePoint);
  }

  /** @param t - and the others: of the frame. */
  add(t: number, c: number, z: number): void {
    const [sizeC, sizeZ] = this.#sizes;
    const planes = this.#planesPerFrame;
    const needed = (t + 1) * this.#perTimePoint;
    if (needed > this.#planes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.#planes);
      this.#planes = larger;
    }
    for (let channel = c * planes.c; channel < (c + 1) * planes.c; channel++) {
      const from = (t * sizeC + channel) * sizeZ + z * planes.z;
      this.#planes.fill(1, from, from + planes.z);
    }
  }

  /** Writes the array, for as many time points. Once, when the run is over: while it goes on, chunks tell. */
  async write(groupDir: string, timePoints: number, clock: Clock): Promise<void> {
    const { chunkPath, metadataPath } = pathsIn(groupDir);
    await makeFolderBelow(groupDir, dirname(chunkPath));
    // Data first: an array without its chunk would say that nothing was acquired.
    await writeFileAtomic(chunkPath, this.#chunk(timePoints), clock);
    await writeMetadata(metadataPath, this.#metadata(timePoints), clock);
  }

  /** True when the array is there and says the same. */
  async isWritten(groupDir: string, timePoints: number): Promise<boolean> {
    const { chunkPath, metadataPath } = pathsIn(groupDir);
    try {
      const [chunk, metadata] = await Promise.all([readBytes(chunkPath), readText(metadataPath)]);
      return metadata === metadataText(this.#metadata(timePoints)) && chunk.equals(this.#chunk(timePoints));
    } catch (error) {
      if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return false;
      throw error;
    }
  }

  #chunk(timePoints: number): Uint8Array {
    const chunk = new Uint8Array(Math.max(1, timePoints) * this.#perTimePoint);
    chunk.set(this.#planes.subarray(0, timePoints * this.#perTimePoint));
    return chunk;
  }

  #metadata(timePoints: number): Record<string, unknown> {
    const [sizeC, sizeZ] = this.#sizes;
    return {
      zarr_format: 3,
      node_type: 'array',
      shape: [timePoints, sizeC, sizeZ],
      data_type: 'uint8',
      chunk_grid: { name: 'regular', configuration: { chunk_shape: [Math.max(1, timePoints), sizeC, sizeZ] } },
      chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
      fill_value: 0,
      codecs: [{ name: 'bytes' }],
      attributes: { description: '1: the plane was acquired; 0: it never was, and its pixels mean nothing' },
      dimension_names: ['t', 'c', 'z'],
    };
  }

  get #sizes(): readonly [c: number, z: number] {
    return [this.#frames.c * this.#planesPerFrame.c, this.#frames.z * this.#planesPerFrame.z];
  }

  get #perTimePoint(): number {
    const [c, z] = this.#sizes;
    return c * z;
  }
}

/** The files that it is written to. */
export function maskFiles(groupDir: string): readonly string[] {
  const { chunkPath, metadataPath } = pathsIn(groupDir);
  return [chunkPath, metadataPath];
}

function pathsIn(groupDir: string) {
  const folder = join(groupDir, WRITTEN_ARRAY);
  return { chunkPath: join(folder, 'c', '0', '0', '0'), metadataPath: join(folder, 'zarr.json') };
}
