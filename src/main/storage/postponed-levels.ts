import { readArray, readRawPlane } from '../../shared/stores/index.ts';
import { FileByteSource } from './file-byte-source.ts';
import { type FrameGeometry, frameGeometry, PLANE_AXES } from './frame-geometry.ts';
import type { FramePlace } from './image-plan.ts';
import type { FrameShard, ImageStore } from './image-store.ts';
import { letGo } from './let-go.ts';

/** Frames that are read back at the same time: one is read while the threads work on others. */
const AT_ONCE = 2;

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
      let room = new Uint8Array(0);
      for (const { place, store } of waiting) {
        const geometry = planarGeometry(place);
        if (room.byteLength !== geometry.frameBytes) room = new Uint8Array(geometry.frameBytes);
        const frame = await readBack(source, place, room);
        const shards = store.shardsOf(place).map((shard, level) => (level === 0 ? null : shard));
        await write(place, frame, geometry, shards);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, slots) }, worker));
    this.#frames.clear();
  }
}

/** Plane after plane, whatever order the camera gave them in. */
function planarGeometry({ image: { geometry, source } }: FramePlace): FrameGeometry {
  const { planes, heightPx, widthPx } = geometry;
  return frameGeometry(source.dtype, [planes.c, planes.z, heightPx, widthPx], PLANE_AXES);
}

async function readBack(source: FileByteSource, { image, t, c, z }: FramePlace, room: Uint8Array): Promise<Uint8Array> {
  const { planes } = image.geometry;
  const array = await readArray(source, image.arrayPath);
  let at = 0;
  for (let atC = c * planes.c; atC < (c + 1) * planes.c; atC++) {
    for (let atZ = z * planes.z; atZ < (z + 1) * planes.z; atZ++) {
      const { buffer, byteOffset, byteLength } = await readRawPlane(source, array, [t, atC, atZ]);
      const plane = new Uint8Array(buffer, byteOffset, byteLength);
      room.set(plane, at);
      at += byteLength;
      letGo(plane);
    }
  }
  return room;
}
