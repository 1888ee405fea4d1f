import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../sdk/util/index.ts';
import { ALONG_THE_PICTURE, type StageDirection } from '../../../shared/geometry/stage-direction.ts';
import type { AcquisitionFacts } from '../layout/acquisition-facts.ts';
import { mostFrameBytes } from '../layout/compression.ts';
import { type FrameSeen, ImageCourse, NO_AXES, type StageAxes } from '../layout/image-course.ts';
import type { FramePlace, ImagePlan, LevelPlan } from '../layout/image-plan.ts';
import { readLeftMetadata, requireSameArrays } from '../layout/left-metadata.ts';
import { writeMetadata } from '../layout/metadata-file.ts';
import { arrayMetadata, imageMetadata } from '../layout/ome-metadata.ts';
import { WRITTEN_ARRAY, WrittenMask } from '../layout/written-mask.ts';
import type { JournalLine } from '../run/journal.ts';
import { ShardFile, type ShardPlace } from './shard-file.ts';
import type { Elsewhere } from './shard-location.ts';
import type { WrittenFrame } from './write-task.ts';

/** Where nobody knows how many time points come, the shape is written ahead in steps of at least this many. */
const GROWTH_TIME_POINTS = 256;

export interface SourceDescription {
  /** Edge of a pixel in the specimen, um; null when nobody knows the magnification. */
  readonly pixelSizeUm: number | null;
  /** Name of the camera's images for people. */
  readonly omeName: string;
  /** Which way the stage counts against the picture; default: along it. See `stage_direction` of the session. */
  readonly stageDirection?: StageDirection;
  /**
   * Middle of the first pixel, from where the stage stands, um to the right and down in the picture. Absent or null: the middle of the
   * picture is where the stage stands.
   */
  readonly firstPixelUm?: readonly [xUm: number, yUm: number] | null;
  /** The axes by which frames say where they were taken. Default: none. */
  readonly axes?: StageAxes;
  /** How its pictures are taken. */
  readonly acquisition?: AcquisitionFacts;
}

export interface ImageStoreOptions {
  readonly plan: ImagePlan;
  readonly storeDir: string;
  readonly description: SourceDescription;
  readonly clock: Clock;
  /** An interrupted run goes on: what the journal tells of this image. Absent: the image is new. */
  readonly resumed?: readonly JournalLine[];
  /** Where its files go when the disk is full. */
  readonly elsewhere: Elsewhere;
}

/** The shard of a frame at one level. */
export interface FrameShard {
  readonly shard: ShardFile;
  readonly place: ShardPlace;
  /** Frames that the shard will hold when all have come. */
  readonly expected: number;
}

/** One image on disk: its metadata and its shards. */
export class ImageStore {
  readonly plan: ImagePlan;
  readonly #options: ImageStoreOptions;
  readonly #shards = new Map<string, ShardFile>();
  readonly #ranges: ([number, number] | null)[];
  readonly #mask: WrittenMask;
  #declared: number;
  #growing: Promise<void> = Promise.resolve();
  readonly #course: ImageCourse;

  constructor(options: ImageStoreOptions) {
    this.plan = options.plan;
    this.#options = options;
    const { sizes, geometry } = options.plan;
    this.#ranges = new Array<[number, number] | null>(sizes.c * geometry.planes.c).fill(null);
    this.#mask = new WrittenMask(sizes, geometry.planes);
    this.#course = new ImageCourse(options.description.axes ?? NO_AXES);
    this.#declared = options.plan.sizes.t ?? this.#growthStep;
  }

  get shards(): Iterable<ShardFile> {
    return this.#shards.values();
  }

  /** Writes the metadata, the shape ahead of the frames. @throws RedsunError `store/resume-mismatch` when other frames are there. */
  async create(): Promise<void> {
    if (this.#options.resumed) await this.#adopt(this.#options.resumed);
    await this.#writeImage();
    await this.#writeArrays(this.#declared);
  }

  /** Where a frame goes, level by level. */
  shardsOf(place: FramePlace): readonly FrameShard[] {
    return this.plan.levels.map((level) => this.#shardOf(level, place));
  }

  #shardOf(level: LevelPlan, { t, c, z }: FramePlace): FrameShard {
    const { shard: extent, arrayPath, geometry } = level;
    const { sizes, compression } = this.plan;
    const at = [Math.floor(t / extent.t), Math.floor(c / extent.c), Math.floor(z / extent.z)] as const;
    const key = `${arrayPath}/c/${at[0]}/${at[1]}/${at[2]}/0/0`;
    let shard = this.#shards.get(key);
    if (!shard) {
      shard = new ShardFile({
        storeDir: this.#options.storeDir,
        path: join(this.#options.storeDir, key),
        geometry,
        frames: extent.t * extent.c * extent.z,
        mostFrameBytes: compression === 'none' ? null : mostFrameBytes(compression, geometry),
        resumed: this.#options.resumed !== undefined,
        elsewhere: this.#options.elsewhere,
      });
      this.#shards.set(key, shard);
    }
    const inside = (size: number | null, from: number, length: number) =>
      Math.min(length, (size ?? from + length) - from);
    return {
      shard,
      place: placeInShard(level, t % extent.t, c % extent.c, z % extent.z),
      expected:
        inside(sizes.t, at[0] * extent.t, extent.t) *
        inside(sizes.c, at[1] * extent.c, extent.c) *
        inside(sizes.z, at[2] * extent.z, extent.z),
    };
  }

  /** Resolves when the shape on disk holds time point `t`. */
  hold(t: number): Promise<void> {
    if (t >= this.#declared) {
      const step = this.#growthStep;
      const before = this.#declared;
      this.#declared = (Math.floor(t / step) + 1) * step;
      const declared = this.#declared;
      this.#growing = this.#growing
        .then(() => this.#writeArrays(declared))
        .catch((error: unknown) => {
          // Tried again with the next look: the disk may have room then.
          this.#declared = before;
          this.#growing = Promise.resolve();
          throw error;
        });
    }
    return this.#growing;
  }

  /** Notes a frame whose pixels and index are on disk. */
  noteWritten({ t, c, z }: FramePlace, seen: Omit<FrameSeen, 'index'>, frame: WrittenFrame): void {
    this.#mask.add(t, c, z);
    this.#course.note({ ...seen, index: { t, c, z } });
    for (const [colour, [low, high]] of frame.ranges.entries()) {
      if (!Number.isFinite(low) || !Number.isFinite(high)) continue;
      const channel = c * frame.ranges.length + colour;
      const range = this.#ranges[channel];
      this.#ranges[channel] = range ? [Math.min(range[0], low), Math.max(range[1], high)] : [low, high];
    }
  }

  /** The honest shape: as many time points as were written. */
  async finish(): Promise<void> {
    await this.#growing.catch(() => {});
    await this.#writeArrays(this.#course.timePoints);
    const { storeDir, clock } = this.#options;
    await this.#mask.write(join(storeDir, this.plan.groupPath), this.#course.timePoints, clock);
    await this.#writeImage();
  }

  /** Takes over what an interrupted run left, so that the metadata in the end tell of all of it. */
  async #adopt(lines: readonly JournalLine[]): Promise<void> {
    const { storeDir } = this.#options;
    const left = await readLeftMetadata(storeDir, this.plan);
    if (!left) return;
    requireSameArrays(this.plan, left);
    // It would soon say of frames that they never came; it is written again when this run is over.
    await rm(join(storeDir, this.plan.groupPath, WRITTEN_ARRAY), { recursive: true, force: true });
    const { planes } = this.plan.geometry;
    for (const line of lines) {
      const { index } = line;
      this.#course.note(line);
      this.#mask.add(index.t, Math.floor(index.c / planes.c), Math.floor(index.z / planes.z));
    }
    this.#declared = Math.max(this.#declared, Math.ceil(this.#course.timePoints / this.#growthStep) * this.#growthStep);
    if (this.plan.sizes.t !== null) this.#declared = this.plan.sizes.t;
    for (const [c, range] of left.ranges.entries()) if (c < this.#ranges.length) this.#ranges[c] = range;
  }

  get #growthStep(): number {
    const { t } = this.plan.levels[0].shard;
    return Math.ceil(GROWTH_TIME_POINTS / t) * t;
  }

  async #writeArrays(timePoints: number): Promise<void> {
    for (const level of this.plan.levels) {
      await this.#write(join(level.arrayPath, 'zarr.json'), arrayMetadata(this.plan, level, timePoints));
    }
  }

  #writeImage(): Promise<void> {
    const { pixelSizeUm, omeName, stageDirection = ALONG_THE_PICTURE, acquisition = null } = this.#options.description;
    const { firstPixelUm = null, axes = NO_AXES } = this.#options.description;
    const { source, groupPath, position } = this.plan;
    const { bitDepth } = source.extra;
    const metadata = imageMetadata(this.plan, {
      name:
        position && this.plan.layout && this.plan.layout.positions.length > 1 ? `${omeName} ${position.name}` : omeName,
      pixelSizeUm,
      stageDirection,
      acquisition,
      bitDepth: typeof bitDepth === 'number' ? bitDepth : null,
      firstPixelUm,
      axes,
      placeUm: this.#course.placeUm,
      measuredIntervalS: this.#course.intervalS,
      ranges: this.#ranges,
    });
    return this.#write(join(groupPath, 'zarr.json'), metadata);
  }

  #write(path: string, metadata: Record<string, unknown>): Promise<void> {
    const { storeDir, clock } = this.#options;
    return writeMetadata(join(storeDir, path), metadata, clock, storeDir);
  }
}

/** Planes are numbered in C order of the shard. */
function placeInShard({ shard, geometry }: LevelPlan, t: number, c: number, z: number): ShardPlace {
  const { planes } = geometry;
  const plane = (atC: number, atZ: number) =>
    (t * shard.c * planes.c + c * planes.c + atC) * shard.z * planes.z + z * planes.z + atZ;
  return {
    frame: (t * shard.c + c) * shard.z + z,
    planes: Array.from({ length: planes.c * planes.z }, (_, at) => plane(Math.floor(at / planes.z), at % planes.z)),
  };
}
