import { readArray, readRawPlane } from '../../shared/stores/index.ts';
import { FileByteSource } from './file-byte-source.ts';
import { type FrameGeometry, frameGeometry, PLANE_AXES } from './frame-geometry.ts';
import type { FramePlace } from './image-plan.ts';
import type { FrameShard, ImageStore } from './image-store.ts';

/** Frames that are read back at the same time: one is read while the threads work on others. */
const AT_ONCE = 3;

/** A frame whose coarser levels are still to be made. */
export interface PostponedFrame {
  readonly place: FramePlace;
  readonly store: ImageStore;
}

/** Has the threads write the levels of a frame, which is given plane after plane. @param shards - by level; null: is there already. */
export type WriteLevels = (
  place: FramePlace,
  frame: Uint8Array,
  geometry: FrameGeometry,
  shards: readonly (FrameShard | null)[],
) => Promise<void>;

/** Coarser levels that are made when a run is over, as the disk fell behind while frames came. */
export class PostponedLevels {
  /** By place: a frame that was taken again counts once. */
  readonly #frames = new Map<string, PostponedFrame>();

  add(frame: PostponedFrame): void {
    const { image, t, c, z } = frame.place;
    this.#frames.set(`${image.arrayPath} ${t} ${c} ${z}`, frame);
  }

  /** Reads the frames back and makes what is missing of them. @param slots - of the ring, empty by now. @throws what keeps a frame from being read or written. */
  async makeAll(storeDir: string, slots: number, write: WriteLevels): Promise<void> {
    const source = new FileByteSource(storeDir);
    const waiting = this.#frames.values();
    const worker = async () => {
      for (const { place, store } of waiting) {
        const { frame, geometry } = await readBack(source, place);
        const shards = store.shardsOf(place).map((shard, level) => (level === 0 ? null : shard));
        await write(place, frame, geometry, shards);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, slots) }, worker));
    this.#frames.clear();
  }
}

/** The frame, plane after plane, whatever order the camera gave them in. */
async function readBack(source: FileByteSource, { image, t, c, z }: FramePlace) {
  const { planes, heightPx, widthPx } = image.geometry;
  const geometry = frameGeometry(image.source.dtype, [planes.c, planes.z, heightPx, widthPx], PLANE_AXES);
  const frame = new Uint8Array(geometry.frameBytes);
  const array = await readArray(source, image.arrayPath);
  let at = 0;
  for (let atC = c * planes.c; atC < (c + 1) * planes.c; atC++) {
    for (let atZ = z * planes.z; atZ < (z + 1) * planes.z; atZ++) {
      const { buffer, byteOffset, byteLength } = await readRawPlane(source, array, [t, atC, atZ]);
      frame.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      at += byteLength;
    }
  }
  return { frame, geometry };
}
