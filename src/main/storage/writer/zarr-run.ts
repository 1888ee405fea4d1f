import { mkdir } from 'node:fs/promises';
import type { FrameIndex, FrameMeta, PixelArray, SourceInfo } from '../../../sdk/storage/index.ts';
import { type Clock, RedsunError } from '../../../sdk/util/index.ts';
import type { FrameGeometry } from '../layout/frame-geometry.ts';
import {
  type FramePlace,
  type ImagePlan,
  placeOf,
  planImages,
  type SourcePlan,
  type StorageFormat,
} from '../layout/image-plan.ts';
import type { PlacedChunks } from '../layout/shard-index.ts';
import { writeGroups } from '../layout/store-groups.ts';
import type { JournalLine } from '../run/journal.ts';
import { LineFile } from '../run/line-file.ts';
import type { DiskGate, WriteKind } from '../target/disk-gate.ts';
import { writeFailed } from '../target/write-failed.ts';
import { workAreaBytes } from './frame-levels.ts';
import { FrameRing, fullError } from './frame-ring.ts';
import { type FrameTracker, neverWritten } from './frame-tracker.ts';
import { type FrameShard, ImageStore, type SourceDescription } from './image-store.ts';
import { PostponedLevels } from './postponed-levels.ts';
import { RunSync } from './run-sync.ts';
import type { ShardFile } from './shard-file.ts';
import type { Elsewhere } from './shard-location.ts';
import { WorkerPool } from './worker-pool.ts';
import type { FrameRoom, StoredFrame, WrittenFrame } from './write-task.ts';

/** Shards that are kept open for their next frame. */
const MAX_OPEN_SHARDS = 64;

/** What the host knows about a frame when it arrives. */
export interface FrameContext {
  /** Place in the acquisition; absent: the next one in the order of the layout. */
  readonly index?: FrameIndex;
  /** Positions asked for, by name. */
  readonly asked: Readonly<Record<string, unknown>>;
  /** Positions read back, by name. */
  readonly read: Readonly<Record<string, unknown>>;
  /** Settings changed since the frame before. */
  readonly changed: Readonly<Record<string, unknown>>;
}

export interface StoreTarget {
  /** Must not exist yet, unless a run is resumed. */
  readonly storeDir: string;
  readonly journalPath: string;
  /** Where it is recorded how many frames are on the disk. Absent: nowhere. */
  readonly countsPath?: string;
  /** An interrupted run goes on in its store. Absent: the store is new. */
  readonly resumed?: ResumedStore;
  /** Holds frames back while the disk is full or gone. Absent: the run fails then. */
  readonly gate?: DiskGate;
}

/** What an interrupted run left. */
export interface ResumedStore {
  /** What the journal tells. */
  readonly lines: readonly JournalLine[];
  /** Number, in the journal, of the first frame of each camera that comes now. */
  readonly firstFrame: number;
}

export interface ZarrRunOptions {
  readonly target: StoreTarget;
  readonly sources: readonly SourceInfo[];
  readonly trackers: ReadonlyMap<string, FrameTracker>;
  readonly format: StorageFormat;
  readonly workerPath: string;
  readonly workers: number;
  readonly ringBytes: number;
  readonly clock: Clock;
  readonly describe: (sourceName: string) => SourceDescription;
  readonly frameContext: (sourceName: string, frameNumber: number) => FrameContext;
  readonly onProgress: () => void;
  /** Hears what an operator should know. */
  readonly onNotice: (message: string) => void;
}

interface AcceptedFrame {
  readonly tracker: FrameTracker;
  readonly number: number;
  readonly slot: number;
  readonly place: FramePlace;
  readonly store: ImageStore;
  readonly time: number;
  readonly context: FrameContext;
  /** How many levels are written with it; the others are made when the run is over. */
  readonly levels: number;
}

/** What the threads are given of a frame. */
interface FrameToWrite extends Pick<AcceptedFrame, 'place' | 'slot'> {
  /** The slot is empty; it lies there. */
  readonly readBack?: StoredFrame;
}

/** The store of one run, from the first metadata to the last sync. */
export class ZarrRun {
  readonly ring: FrameRing;
  /** Of pixels, all levels, as they lie on the disk. */
  bytesWritten = 0;
  readonly #options: ZarrRunOptions;
  readonly #plans: ReadonlyMap<string, SourcePlan>;
  readonly #images: readonly ImageStore[];
  readonly #storeOf = new Map<unknown, ImageStore>();
  readonly #openShards = new Set<ShardFile>();
  readonly #inFlight = new Set<Promise<void>>();
  #pool: WorkerPool | null = null;
  #journal: LineFile | null = null;
  readonly #sync: RunSync;
  #failure: RedsunError | null = null;
  /** Files that are still written to go on there; links in the store lead to them. Null: everything lies in the store. */
  #otherFolder: string | null = null;
  readonly #postponed = new PostponedLevels();
  #hasPostponed = false;

  /** Plans the store; nothing is written before `open`. @throws RedsunError `store/shape`, `store/layout`. */
  constructor(options: ZarrRunOptions) {
    this.#options = options;
    const { sources, trackers, target, clock, onProgress, onNotice } = options;
    const capacities = new Map(sources.map(({ name }) => [name, trackers.get(name)?.capacity ?? 0]));
    const plans = planImages(sources, capacities, options.format);
    const elsewhere: Elsewhere = {
      folder: () => this.#otherFolder,
      letGo: (path) => this.#pool?.closeFile(path),
    };
    this.#plans = new Map(plans.map((plan) => [plan.source.name, plan]));
    this.#images = plans.flatMap(({ source, images }) =>
      images.map((plan) => {
        const description = options.describe(source.name);
        const lines = target.resumed?.lines.filter(({ array }) => array === plan.arrayPath);
        const resumed = lines && { resumed: lines };
        const { storeDir } = target;
        const store = new ImageStore({ plan, storeDir, description, clock, elsewhere, ...resumed });
        this.#storeOf.set(plan, store);
        return store;
      }),
    );
    this.#sync = new RunSync({
      storeDir: target.storeDir,
      countsPath: target.countsPath,
      firstFrame: this.#firstFrame,
      images: this.#images,
      trackers,
      clock,
      pass: (sync) => this.#pass(target.storeDir, 'records', sync),
      onProgress,
      onNotice,
      onFailure: (cause) => this.#fail(cause),
    });
    this.ring = new FrameRing({
      frameBytes: Math.max(1, ...this.#images.map(({ plan }) => plan.geometry.frameBytes)),
      ringBytes: options.ringBytes,
      cameras: sources.length,
      workers: options.workers,
      workAreaBytes: Math.max(0, ...this.#images.map(({ plan }) => workAreaOf(plan))),
    });
  }

  /** Writes the metadata and starts the threads. Leaves no thread and no open file behind when it fails. */
  async open(): Promise<void> {
    const { target, workerPath, workers } = this.#options;
    try {
      await mkdir(target.storeDir, { recursive: target.resumed !== undefined });
      for (const image of this.#images) await image.create();
      await writeGroups(
        target.storeDir,
        this.#images.map(({ plan }) => plan),
        this.#plans.size,
        this.#options.clock,
      );
      this.#journal = await LineFile.open(target.journalPath, target.gate);
      this.#pool = new WorkerPool(workerPath, workers, this.ring);
      await this.#sync.start(this.#journal);
    } catch (cause) {
      await this.#journal?.close();
      throw writeFailed(target.storeDir, cause);
    }
  }

  /** What the store holds, by name of source. */
  get plans(): ReadonlyMap<string, SourcePlan> {
    return this.#plans;
  }

  /** Takes over a copy of a frame whose dtype and length were checked. */
  accept(source: SourceInfo, tracker: FrameTracker, frame: PixelArray, meta: FrameMeta): void {
    if (this.#failure) throw this.#failure;
    const plan = this.#plans.get(source.name);
    if (!plan) throw new RedsunError('store/not-open', `${source.name}: was not prepared when the store was opened`);
    const number = tracker.accepted;
    const context = this.#options.frameContext(source.name, number);
    const place = placeOf(plan, number, context.index);
    const slot = this.ring.put(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength));
    if (slot === null) throw fullError(source.name, this.ring.slots);
    tracker.accepted++;
    const time = meta.time ?? this.#options.clock.now();
    const store = this.#storeOf.get(place.image) as ImageStore;
    const levels = this.#levelsNow(source, place);
    const work = this.#persist({ tracker, number, slot, place, store, time, context, levels })
      .catch((cause: unknown) => this.#fail(cause))
      .then(() => {
        this.#inFlight.delete(work);
        this.#options.onProgress();
      });
    this.#inFlight.add(work);
  }

  /** From the next frame on, files lie below `folder`: new ones are made there, those not yet full are moved when they are written to. */
  goOnIn(folder: string): void {
    this.#otherFolder = folder;
  }

  /** Finishes what was taken over, makes the metadata honest and syncs. @throws RedsunError `store/write-failed`. */
  async close(): Promise<void> {
    this.#sync.stop();
    await this.#options.target.gate?.giveUp();
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
    await this.#sync.settled();
    if (!this.#failure) await this.#try(() => this.#makePostponedLevels());
    // Each step is tried whatever became of the others: after a failure, what was acknowledged must still be readable.
    for (const image of this.#images) {
      for (const shard of image.shards) await this.#try(() => shard.seal());
      await this.#try(() => image.finish());
    }
    await this.#try(() => this.#sync.syncJournal());
    await this.#try(() => this.#sync.requirePlaces());
    await this.#try(async () => this.#journal?.close());
    await this.#try(async () => this.#pool?.end());
    await this.#sync.finish();
    for (const tracker of this.#options.trackers.values()) {
      tracker.end(this.#failure ?? neverWritten(tracker.name, tracker.accepted));
    }
    this.ring.fail(this.#failure ?? new RedsunError('store/closed', 'the store was closed'));
    this.#options.onProgress();
    if (this.#failure) throw this.#failure;
  }

  async #persist(frame: AcceptedFrame): Promise<void> {
    const { tracker, number, slot, place, store, time, context } = frame;
    const { arrayPath } = place.image;
    const shards = store.shardsOf(place).slice(0, frame.levels);
    for (const { shard } of shards) this.#touch(shard);
    const [written] = await Promise.all([
      this.#pass(shards[0]?.shard.path ?? arrayPath, 'pixels', () =>
        this.#write({ place, slot }, place.image.geometry, shards, []),
      ).finally(() => this.ring.release(slot)),
      this.#pass(arrayPath, 'records', () => store.hold(place.t)),
    ]);
    store.noteWritten(place, { time, asked: context.asked, read: context.read }, written);
    if (shards.length < place.image.levels.length) {
      this.#postponed.add({ place, store, finest: written.placed[0] as PlacedChunks });
    }
    this.bytesWritten += placedBytes(written);
    const { t, p } = place;
    const { planes } = place.image.geometry;
    const [c, z] = [place.c * planes.c, place.z * planes.z];
    const line: JournalLine = {
      array: arrayPath,
      frame: this.#firstFrame + number,
      index: { t, p, c, z },
      time,
      asked: context.asked,
      read: context.read,
      changed: context.changed,
      crc32c: hex(written.crc32c),
      ...(written.planeCrc32c.length > 0 && { planes: { ...planes, crc32c: written.planeCrc32c.map(hex) } }),
    };
    tracker.committed(number, () => this.#track(this.#acknowledge(tracker, number, line)));
    for (const { shard, expected } of shards) {
      if (shard.committedFrames === expected && shard.isQuiet) await this.#seal(shard);
    }
  }

  /** Waits out a disk that is full, where somebody can see to it; then all of `write` is done again. */
  #pass<Result>(path: string, kind: WriteKind, write: () => Promise<Result>): Promise<Result> {
    return this.#options.target.gate?.pass(path, kind, write) ?? write();
  }

  /**
   * Takes room in the shard of each level in turn, has a thread write them all, and enters them from the coarsest to the finest.
   * @param shards - by level; null: not that one.
   */
  #write(
    from: FrameToWrite,
    geometry: FrameGeometry,
    shards: readonly (FrameShard | null)[],
    rooms: readonly (FrameRoom | null)[],
  ): Promise<WrittenFrame> {
    const level = rooms.length;
    const next = shards[level];
    if (next) {
      return next.shard.put(next.place, async (room) => {
        const written = await this.#write(from, geometry, shards, [...rooms, room]);
        return { placed: written.placed[level] as PlacedChunks, result: written };
      });
    }
    if (next === null) return this.#write(from, geometry, shards, [...rooms, null]);
    const { place, slot, readBack } = from;
    const { source, compression } = place.image;
    return this.#threads.write({
      slotOffset: this.ring.offsetOf(slot),
      ...(readBack && { readBack }),
      geometry,
      dtype: source.dtype,
      compression,
      targets: rooms.map((room, at) => {
        const shard = shards[at]?.shard;
        return room && shard ? { geometry: shard.geometry, path: shard.path, room } : null;
      }),
    });
  }

  /** All levels while there is time; when the ring is half full, what is asked for most comes first: the frames themselves. */
  #levelsNow(source: SourceInfo, { image }: FramePlace): number {
    if (image.levels.length === 1 || 2 * this.ring.freeSlots >= this.ring.slots) return image.levels.length;
    if (!this.#hasPostponed) {
      this.#options.onNotice(
        `${source.name}: ${this.ring.slots - this.ring.freeSlots} of ${this.ring.slots} frames wait for the disk, ` +
          'so coarser levels are made when the run is over',
      );
    }
    this.#hasPostponed = true;
    return 1;
  }

  /** The cameras are done by now, so the ring is empty. */
  async #makePostponedLevels(): Promise<void> {
    const { storeDir } = this.#options.target;
    const atOnce = Math.min(this.#options.workers + 1, this.ring.slots);
    await this.#postponed.makeAll(storeDir, atOnce, async (place, frame, geometry, shards) => {
      const [slot, readBack] = frame instanceof Uint8Array ? [this.ring.put(frame)] : [this.ring.take(), frame];
      if (slot === null) throw fullError(place.image.source.name, this.ring.slots);
      for (const one of shards) if (one) this.#touch(one.shard);
      const source = { place, slot, ...(readBack && { readBack }) };
      await this.#write(source, geometry, shards, []).finally(() => this.ring.release(slot));
    });
  }

  async #acknowledge(tracker: FrameTracker, number: number, line: JournalLine): Promise<void> {
    await this.#journal?.append(line);
    tracker.acknowledge(number);
    this.#options.onProgress();
  }

  async #seal(shard: ShardFile): Promise<void> {
    this.#openShards.delete(shard);
    this.#threads.closeFile(shard.path);
    await shard.seal();
  }

  get #firstFrame(): number {
    return this.#options.target.resumed?.firstFrame ?? 0;
  }

  get #threads(): WorkerPool {
    if (!this.#pool) throw new RedsunError('store/not-open', `${this.#options.target.storeDir}: not open`);
    return this.#pool;
  }

  /** Keeps the number of open files bounded when many positions are visited in turn. */
  #touch(shard: ShardFile): void {
    this.#openShards.delete(shard);
    this.#openShards.add(shard);
    if (this.#openShards.size <= MAX_OPEN_SHARDS) return;
    for (const other of this.#openShards) {
      if (other === shard || !other.isOpenAndIdle) continue;
      this.#openShards.delete(other);
      this.#track(other.release());
      return;
    }
  }

  /** Work that nobody waits for but `close`. */
  #track(work: Promise<void>): void {
    const tracked: Promise<void> = work
      .catch((cause: unknown) => this.#fail(cause))
      .then(() => void this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
  }

  async #try(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #fail(cause: unknown): void {
    if (this.#failure) return;
    this.#failure = writeFailed(this.#options.target.storeDir, cause);
    this.#sync.giveUp();
    this.ring.fail(this.#failure);
    for (const tracker of this.#options.trackers.values()) tracker.end(this.#failure);
  }
}

/** What a thread needs to work in for a frame of this image, also when it is read back to make its coarser levels. */
function workAreaOf({ geometry, levels, compression }: ImagePlan): number {
  const geometries = levels.map((level) => level.geometry);
  return workAreaBytes([geometry, ...geometries.slice(1)], compression);
}

function placedBytes({ placed }: WrittenFrame): number {
  let sum = 0;
  for (const level of placed) for (const length of level?.byteLengths ?? []) sum += length;
  return sum;
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
