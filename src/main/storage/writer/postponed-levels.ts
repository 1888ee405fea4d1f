import { readArray, readRawPlane } from '../../../shared/stores/index.ts';
import { type FrameGeometry, frameGeometry, PLANE_AXES } from '../layout/frame-geometry.ts';
import type { FramePlace } from '../layout/image-plan.ts';
import type { PlacedChunks } from '../layout/shard-index.ts';
import { FileByteSource } from '../run/file-byte-source.ts';
import type { FrameShard, ImageStore } from './image-store.ts';
import { letGo } from './let-go.ts';
import type { StoredFrame } from './write-task.ts';

/** Compressed frames that are read back here at the same time: one is read while the threads work on others. */
const UNPACKED_AT_ONCE = 2;

/** A frame whose coarser levels are still to be made. */
export interface PostponedFrame {
  readonly place: FramePlace;
  readonly store: ImageStore;
  /** Where its finest level was written. */
  readonly finest: PlacedChunks;
}

/**
 * Has the threads write the levels of a frame. @param frame - plane after plane, or where the threads find it.
 * @param shards - by level; null: is there already.
 */
export type WriteLevels = (
  place: FramePlace,
  frame: Uint8Array | StoredFrame,
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

  /** Makes what is missing of the frames, `atOnce` at a time at most. @throws what keeps a frame from being read or written. */
  async makeAll(storeDir: string, atOnce: number, write: WriteLevels): Promise<void> {
    const frames = [...this.#frames.values()];
    const isPlain = ({ place }: PostponedFrame) => place.image.compression === 'none';
    // The threads read what they need by themselves, into memory that is there.
    await atATime(atOnce, frames.filter(isPlain), (frame) => {
      const { shard } = frame.store.shardsOf(frame.place)[0] as FrameShard;
      return writeCoarser(frame, { path: shard.path, offset: frame.finest.offset }, write);
    });
    const source = new FileByteSource(storeDir);
    const packed = frames.filter((frame) => !isPlain(frame));
    await atATime(Math.min(atOnce, UNPACKED_AT_ONCE), packed, async (frame) => {
      const pixels = await unpack(source, frame.place);
      await writeCoarser(frame, pixels, write);
      letGo(pixels);
    });
    this.#frames.clear();
  }
}

async function atATime<T>(atOnce: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function writeCoarser({ place, store }: PostponedFrame, frame: Uint8Array | StoredFrame, write: WriteLevels) {
  const shards = store.shardsOf(place).map((shard, level) => (level === 0 ? null : shard));
  return write(place, frame, planarGeometry(place), shards);
}

/** Plane after plane, whatever order the camera gave them in. */
function planarGeometry({ image: { geometry, source } }: FramePlace): FrameGeometry {
  const { planes, heightPx, widthPx } = geometry;
  return frameGeometry(source.dtype, [planes.c, planes.z, heightPx, widthPx], PLANE_AXES);
}

async function unpack(source: FileByteSource, { image, t, c, z }: FramePlace): Promise<Uint8Array> {
  const { planes, frameBytes } = image.geometry;
  const frame = new Uint8Array(frameBytes);
  const array = await readArray(source, image.arrayPath);
  let at = 0;
  for (let atC = c * planes.c; atC < (c + 1) * planes.c; atC++) {
    for (let atZ = z * planes.z; atZ < (z + 1) * planes.z; atZ++) {
      const { buffer, byteOffset, byteLength } = await readRawPlane(source, array, [t, atC, atZ]);
      const plane = new Uint8Array(buffer, byteOffset, byteLength);
      frame.set(plane, at);
      at += byteLength;
      letGo(plane);
    }
  }
  return frame;
}
