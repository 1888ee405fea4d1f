import { type FrameLayout, newSourceInfo, type PixelType, type SourceInfo } from '../../../sdk/storage/index.ts';
import { mostFrameBytes } from './compression.ts';
import { type ImagePlan, type LevelPlan, planImages, type SourcePlan, type StorageFormat } from './image-plan.ts';
import { shardIndexBytes } from './shard-index.ts';

/** What a camera will write. */
export interface PlannedSource {
  readonly name: string;
  readonly dtype: PixelType;
  /** Of one frame, C order. */
  readonly shape: readonly number[];
  /** As the camera declares it to the writer, such as the axes of frames with planes. */
  readonly extra?: SourceInfo['extra'];
}

/** Frames to come, as far as they are known. */
export interface PlannedFrames {
  readonly sources: readonly PlannedSource[];
  /** Of each source; null: unknown, and then nothing can be said. */
  readonly frames: number | null;
  /** How they lie in the store; null: one after the other along t. */
  readonly layout: FrameLayout | null;
  readonly format: StorageFormat;
}

/** Room that the images of a run take on the disk. Metadata, journal and documents come on top: about 1 kB per frame. */
export interface NeededRoom {
  readonly bytes: number;
  /** `exact`: to a page of 4096 bytes per file; `atMost`: images are compressed, and nobody knows beforehand how well. */
  readonly kind: 'exact' | 'atMost';
}

/**
 * The room for all levels and planes of all frames, with what pads chunks at the edge and with the indexes.
 * @throws RedsunError `store/shape`, `store/layout` as the writer does.
 */
export function neededRoom(planned: PlannedFrames): NeededRoom {
  const { sources, frames, format } = planned;
  const kind = format.compression === 'none' ? 'exact' : 'atMost';
  if (frames === null || frames === 0 || sources.length === 0) return { bytes: 0, kind };
  const bytes = planStore(planned).reduce((sum, { images }) => sum + bytesOfImages(images, frames), 0);
  return { bytes, kind };
}

/** The images that these frames will make, by source. @throws RedsunError `store/shape`, `store/layout` as the writer does. */
export function planStore({ sources, layout, format }: PlannedFrames): SourcePlan[] {
  const infos = sources.map(({ extra, ...source }) =>
    newSourceInfo({ ...source, dataKey: source.name, extra: { ...extra, layout } }, () => ''),
  );
  return planImages(infos, new Map(), format);
}

/** All images of a source are alike. */
function bytesOfImages(images: readonly ImagePlan[], frames: number): number {
  const [image] = images;
  if (!image) return 0;
  const { sizes, levels, compression } = image;
  const timePoints = sizes.t ?? Math.ceil(frames / (images.length * sizes.c * sizes.z));
  const places = images.length * timePoints * sizes.c * sizes.z;
  return levels.reduce((sum, level) => {
    const frameBytes = mostFrameBytes(compression, level.geometry);
    const whole = images.length * bytesOfLevel(level, { ...sizes, t: timePoints }, frameBytes);
    // Of sequences that leave frames out: the indexes are as long as ever.
    return sum + whole - Math.max(0, places - frames) * frameBytes;
  }, 0);
}

function bytesOfLevel(
  { geometry, shard }: LevelPlan,
  sizes: { readonly t: number; readonly c: number; readonly z: number },
  frameBytes: number,
): number {
  const places = shard.t * shard.c * shard.z;
  const indexBytes = shardIndexBytes(places * (geometry.tiledBytes / geometry.chunkBytes));
  let bytes = 0;
  for (const [t, timesT] of pieces(sizes.t, shard.t)) {
    for (const [c, timesC] of pieces(sizes.c, shard.c)) {
      for (const [z, timesZ] of pieces(sizes.z, shard.z)) {
        bytes += timesT * timesC * timesZ * (t * c * z * frameBytes + indexBytes);
      }
    }
  }
  return bytes;
}

/** How an axis is cut: whole shards, and what is left over. */
function pieces(length: number, extent: number): [frames: number, times: number][] {
  const whole: [number, number] = [extent, Math.floor(length / extent)];
  const rest: [number, number] = [length % extent, 1];
  return [whole, rest].filter(([frames, times]) => frames > 0 && times > 0);
}
