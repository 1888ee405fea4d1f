import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../sdk/util/index.ts';
import type { ImagePlan } from './image-plan.ts';
import { writeMetadata } from './metadata-file.ts';

/** Name of the array beside the levels of an image. */
export const WRITTEN_ARRAY = 'written';

/** Which planes of an image were acquired: an array of ones and zeros along t, c and z, so that a plane of zeros is not taken for black. */
export class WrittenMask {
  readonly #plan: ImagePlan;
  #planes: Uint8Array;

  constructor(plan: ImagePlan) {
    this.#plan = plan;
    this.#planes = new Uint8Array(64 * this.#perTimePoint);
  }

  /** @param t - and the others: of the frame. */
  add(t: number, c: number, z: number): void {
    const [sizeC, sizeZ] = this.#sizes;
    const { planes } = this.#plan.geometry;
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
    const [sizeC, sizeZ] = this.#sizes;
    const folder = join(groupDir, WRITTEN_ARRAY);
    const chunk = join(folder, 'c', '0', '0', '0');
    await mkdir(dirname(chunk), { recursive: true });
    const planes = new Uint8Array(Math.max(1, timePoints) * this.#perTimePoint);
    planes.set(this.#planes.subarray(0, timePoints * this.#perTimePoint));
    // Data first: an array without its chunk would say that nothing was acquired.
    await writeFile(chunk, planes);
    const metadata = {
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
    await writeMetadata(join(folder, 'zarr.json'), metadata, clock);
  }

  get #sizes(): readonly [c: number, z: number] {
    const { sizes, geometry } = this.#plan;
    return [sizes.c * geometry.planes.c, sizes.z * geometry.planes.z];
  }

  get #perTimePoint(): number {
    const [c, z] = this.#sizes;
    return c * z;
  }
}
