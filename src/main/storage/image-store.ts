import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../sdk/util/index.ts';
import { writeFileAtomic } from './atomic-file.ts';
import type { FramePlace, ImagePlan } from './image-plan.ts';
import type { JournalLine } from './journal.ts';
import { arrayMetadata, imageMetadata } from './ome-metadata.ts';
import { readLeftMetadata, requireSameArray } from './recover/left-metadata.ts';
import { ShardFile } from './shard-file.ts';
import type { WrittenFrame } from './write-task.ts';

/** Where nobody knows how many time points come, the shape is written ahead in steps of at least this many. */
const GROWTH_TIME_POINTS = 256;

export interface SourceDescription {
  /** Edge of a pixel in the specimen, um; null when nobody knows the magnification. */
  readonly pixelSizeUm: number | null;
  /** Name of the camera's images for people. */
  readonly omeName: string;
}

export interface ImageStoreOptions {
  readonly plan: ImagePlan;
  readonly storeDir: string;
  readonly description: SourceDescription;
  readonly clock: Clock;
  /** An interrupted run goes on: what the journal tells of this image. Absent: the image is new. */
  readonly resumed?: readonly JournalLine[];
}

/** One image on disk: its metadata and its shards. */
export class ImageStore {
  readonly plan: ImagePlan;
  readonly #options: ImageStoreOptions;
  readonly #shards = new Map<string, ShardFile>();
  readonly #ranges: ([number, number] | null)[];
  #declared: number;
  #growing: Promise<void> = Promise.resolve();
  #writtenTimePoints = 0;
  #first = { t: Number.POSITIVE_INFINITY, time: 0 };
  #last = { t: -1, time: 0 };

  constructor(options: ImageStoreOptions) {
    this.plan = options.plan;
    this.#options = options;
    this.#ranges = new Array<[number, number] | null>(options.plan.sizes.c).fill(null);
    this.#declared = options.plan.sizes.t ?? this.#growthStep;
  }

  get shards(): Iterable<ShardFile> {
    return this.#shards.values();
  }

  /** Writes the metadata, the shape ahead of the frames. @throws RedsunError `store/resume-mismatch` when other frames are there. */
  async create(): Promise<void> {
    if (this.#options.resumed) await this.#adopt(this.#options.resumed);
    await mkdir(join(this.#options.storeDir, this.plan.arrayPath), { recursive: true });
    await this.#writeImage();
    await this.#writeArray(this.#declared);
  }

  /** The shard of a place, and the number of the place in it. */
  shardOf({ t, c, z }: FramePlace): { readonly shard: ShardFile; readonly place: number; readonly expected: number } {
    const { shard: extent, sizes, arrayPath, geometry } = this.plan;
    const at = [Math.floor(t / extent.t), Math.floor(c / extent.c), Math.floor(z / extent.z)] as const;
    const key = `c/${at[0]}/${at[1]}/${at[2]}/0/0`;
    let shard = this.#shards.get(key);
    if (!shard) {
      const path = join(this.#options.storeDir, arrayPath, key);
      shard = new ShardFile({
        path,
        geometry,
        frames: extent.t * extent.c * extent.z,
        resumed: this.#options.resumed !== undefined,
      });
      this.#shards.set(key, shard);
    }
    const inside = (size: number | null, from: number, length: number) =>
      Math.min(length, (size ?? from + length) - from);
    return {
      shard,
      place: ((t % extent.t) * extent.c + (c % extent.c)) * extent.z + (z % extent.z),
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
        .then(() => this.#writeArray(declared))
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
  noteWritten(place: FramePlace, time: number, frame: WrittenFrame): void {
    const { t, c } = place;
    this.#noteTime(t, time);
    if (!Number.isFinite(frame.low) || !Number.isFinite(frame.high)) return;
    const range = this.#ranges[c];
    this.#ranges[c] = range ? [Math.min(range[0], frame.low), Math.max(range[1], frame.high)] : [frame.low, frame.high];
  }

  /** The honest shape: as many time points as were written. */
  async finish(): Promise<void> {
    await this.#growing.catch(() => {});
    await this.#writeArray(this.#writtenTimePoints);
    await this.#writeImage();
  }

  /** Takes over what an interrupted run left, so that the metadata in the end tell of all of it. */
  async #adopt(lines: readonly JournalLine[]): Promise<void> {
    const left = await readLeftMetadata(join(this.#options.storeDir, this.plan.groupPath));
    if (!left) return;
    requireSameArray(this.plan, left);
    for (const { index, time } of lines) this.#noteTime(index.t, time);
    this.#declared = Math.max(this.#declared, Math.ceil(this.#writtenTimePoints / this.#growthStep) * this.#growthStep);
    if (this.plan.sizes.t !== null) this.#declared = this.plan.sizes.t;
    for (const [c, range] of left.ranges.entries()) if (c < this.#ranges.length) this.#ranges[c] = range;
  }

  #noteTime(t: number, time: number): void {
    this.#writtenTimePoints = Math.max(this.#writtenTimePoints, t + 1);
    if (t < this.#first.t) this.#first = { t, time };
    if (t > this.#last.t) this.#last = { t, time };
  }

  get #growthStep(): number {
    const { t } = this.plan.shard;
    return Math.ceil(GROWTH_TIME_POINTS / t) * t;
  }

  #writeArray(timePoints: number): Promise<void> {
    return this.#write(join(this.plan.arrayPath, 'zarr.json'), arrayMetadata(this.plan, timePoints));
  }

  #writeImage(): Promise<void> {
    const { pixelSizeUm, omeName } = this.#options.description;
    const { source, groupPath, position } = this.plan;
    const { bitDepth } = source.extra;
    const passed = this.#last.t - this.#first.t;
    const metadata = imageMetadata(this.plan, {
      name:
        position && this.plan.layout && this.plan.layout.positions.length > 1 ? `${omeName} ${position.name}` : omeName,
      pixelSizeUm,
      bitDepth: typeof bitDepth === 'number' ? bitDepth : null,
      measuredIntervalS: passed > 0 ? (this.#last.time - this.#first.time) / passed : null,
      ranges: this.#ranges,
    });
    return this.#write(join(groupPath, 'zarr.json'), metadata);
  }

  #write(path: string, metadata: Record<string, unknown>): Promise<void> {
    return writeMetadata(join(this.#options.storeDir, path), metadata, this.#options.clock);
  }
}

export async function writeMetadata(path: string, metadata: Record<string, unknown>, clock: Clock): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, `${JSON.stringify(metadata, null, 2)}\n`, clock);
}
