import { cpus } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { FrameMeta, FrameSink, PixelArray, PixelType, SourceInfo } from '../../../sdk/storage/index.ts';
import { type Clock, type NewUid, RedsunError } from '../../../sdk/util/index.ts';
import type { Compression } from '../../../shared/config/compression.ts';
import type { SourcePlan, StorageFormat } from '../layout/image-plan.ts';
import { readStoreFormat } from '../run/store-format.ts';
import { FrameTracker, neverWritten } from './frame-tracker.ts';
import type { SourceDescription } from './image-store.ts';
import { ImageWriter } from './image-writer.ts';
import { type FrameContext, type StoreTarget, ZarrRun } from './zarr-run.ts';

export type { SourceDescription } from './image-store.ts';
export type { FrameContext, StoreTarget } from './zarr-run.ts';

/** One cuts frames while the other waits for the disk. */
const LEAST_WORKERS = 2;
/** Each takes room for frames that it works on. */
const MOST_WORKERS = 8;
const DEFAULT_RING_BYTES = 192 * 1024 * 1024;
const COUNTS_EVERY_MS = 100;

/** How far frames have come: in the ring; readable from the store and in the journal; synced to the disk. */
export interface FrameCounts {
  readonly accepted: number;
  readonly acknowledged: number;
  readonly durable: number;
}

/** The state of a store while it is written. */
export interface StoreCounts extends FrameCounts {
  readonly sources: Readonly<Record<string, FrameCounts>>;
  readonly slots: number;
  readonly freeSlots: number;
  /** Pixels as they lie on the disk, all levels: less than came where they are compressed. */
  readonly bytesWritten: number;
}

export interface ZarrWriterOptions {
  /** Module of the worker threads: `writer-worker.ts`, or what it was bundled to. */
  readonly workerPath: string;
  readonly workers?: number;
  /** Memory between cameras and disk. */
  readonly ringBytes?: number;
  /** Default: none. */
  readonly compression?: Compression;
  /** Resolutions of each image, the full one included. Default 1. */
  readonly levels?: number;
  readonly clock: Clock;
  readonly newUid?: NewUid;
  readonly describe: (sourceName: string) => SourceDescription;
  readonly frameContext: (sourceName: string, frameNumber: number) => FrameContext;
  /** Called at most every 100 ms while counts change, and once at the end. */
  readonly onCounts?: (counts: StoreCounts) => void;
  /** Hears what an operator should know: that coarser levels are made after the run. */
  readonly onNotice?: (message: string) => void;
}

const ARRAY_TYPES: Readonly<Record<PixelType, { readonly name: string }>> = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  float32: Float32Array,
};

/**
 * Writes OME-Zarr 0.5 (Zarr 3, sharded). The calling thread only copies frames into shared memory; worker threads cut and write them.
 * A frame is acknowledged when its pixels, the index of its shard and its journal line were handed to the operating system.
 */
export class ZarrWriter extends ImageWriter {
  readonly #options: ZarrWriterOptions;
  readonly #trackers = new Map<string, FrameTracker>();
  #target: StoreTarget | null = null;
  #run: ZarrRun | null = null;
  /** Outlives the run: the last stream documents are collected after the store was closed. */
  #plans: ReadonlyMap<string, SourcePlan> = new Map();
  /** Of the frames of this run, among those of the store: more than 0 when it resumes another. */
  #firstFrame = 0;
  /** Of the run that ended last. */
  #bytesWritten = 0;
  #countsTimer: Disposable | null = null;

  constructor(name: string, options: ZarrWriterOptions) {
    super(name, options.newUid ? { newUid: options.newUid } : {});
    this.#options = options;
  }

  override get mimetype(): string {
    return 'application/x-zarr';
  }

  /** Where the next run goes. Before each kickoff. */
  setTarget(target: StoreTarget): void {
    this.#target = target;
  }

  /** How frames are stored. */
  get format(): StorageFormat {
    return { compression: this.#options.compression ?? 'none', levels: this.#options.levels ?? 1 };
  }

  /** The store that is open goes on in `folder`, below which nothing else lies. @throws RedsunError `store/not-open`. */
  goOnIn(folder: string): void {
    if (!this.#run) throw notOpen(this.name);
    this.#run.goOnIn(folder);
  }

  get counts(): StoreCounts {
    const sources: Record<string, FrameCounts> = {};
    const sum = { accepted: 0, acknowledged: 0, durable: 0 };
    for (const { name, accepted, acknowledged, durable } of this.#trackers.values()) {
      sources[name] = { accepted, acknowledged, durable };
      sum.accepted += accepted;
      sum.acknowledged += acknowledged;
      sum.durable += durable;
    }
    const { slots = 0, freeSlots = 0 } = this.#run?.ring ?? {};
    return { ...sum, sources, slots, freeSlots, bytesWritten: this.#bytesWritten + (this.#run?.bytesWritten ?? 0) };
  }

  override prepare(name: string, capacity = 0): FrameSink {
    const sink = super.prepare(name, capacity);
    this.#trackers.set(name, new FrameTracker(name, capacity));
    return sink;
  }

  override async complete(name: string): Promise<void> {
    this.#trackers.get(name)?.close();
    await super.complete(name);
  }

  override ready(signal: AbortSignal): Promise<void> {
    if (!this.#run) return Promise.reject(notOpen(this.name));
    return this.#run.ring.ready(signal);
  }

  override acknowledged(name: string, index: number, signal: AbortSignal): Promise<void> {
    const tracker = this.#trackers.get(name);
    if (!tracker) return Promise.reject(notOpen(name));
    return tracker.wait(index, signal);
  }

  protected override acknowledgedOf(source: SourceInfo): number {
    return this.#trackers.get(source.name)?.acknowledged ?? 0;
  }

  protected override async openStore(active: readonly SourceInfo[]): Promise<void> {
    const target = this.#target;
    if (!target) throw new RedsunError('store/no-target', `${this.name}: nobody said where the store goes`);
    if (active.length === 0) throw new RedsunError('store/no-source', `${this.name}: no camera was prepared`);
    this.#target = null;
    const { workerPath, clock, describe, frameContext } = this.#options;
    const names = new Set(active.map(({ name }) => name));
    const format = await this.#formatOf(target);
    const run = new ZarrRun({
      target,
      sources: active,
      format,
      trackers: new Map([...this.#trackers].filter(([name]) => names.has(name))),
      workerPath,
      workers: this.#options.workers ?? workersFor(format),
      ringBytes: this.#options.ringBytes ?? DEFAULT_RING_BYTES,
      clock,
      describe,
      frameContext,
      onProgress: () => this.#reportSoon(),
      onNotice: (message) => this.#options.onNotice?.(message),
    });
    await run.open();
    this.#bytesWritten = 0;
    this.storePath = pathToFileURL(target.storeDir).href;
    this.#plans = run.plans;
    this.#firstFrame = target.resumed?.firstFrame ?? 0;
    for (const name of [...this.#trackers.keys()]) if (!names.has(name)) this.#trackers.delete(name);
    this.#run = run;
  }

  /** A run that goes on stays with what its store is made of, whatever the session has come to say. */
  async #formatOf({ storeDir, resumed }: StoreTarget): Promise<StorageFormat> {
    const { compression, levels } = this.format;
    const left = resumed ? await readStoreFormat(storeDir) : null;
    if (left && (left.compression !== compression || left.levels !== levels)) {
      this.#options.onNotice?.(
        `${storeDir}: goes on as it began, with compression ${left.compression} and levels ${left.levels}; ` +
          `the session says compression ${compression} and levels ${levels}`,
      );
    }
    return left ?? this.format;
  }

  protected override storeFrame(source: SourceInfo, frame: PixelArray, meta: FrameMeta): void {
    const tracker = this.#trackers.get(source.name);
    if (tracker?.closed) throw neverWritten(source.name, tracker.accepted);
    if (!tracker || !this.#run || !this.isOpen) throw notOpen(source.name);
    checkFrame(source, frame);
    if (tracker.capacity > 0 && tracker.accepted >= tracker.capacity) {
      throw new RedsunError(
        'store/over-capacity',
        `${source.name}: frame ${tracker.accepted} is one more than the ${tracker.capacity} that were announced`,
      );
    }
    this.#run.accept(source, tracker, frame, meta);
    this.#reportSoon();
  }

  protected override async finalize(): Promise<void> {
    const run = this.#run;
    try {
      await run?.close();
    } finally {
      this.#countsTimer?.[Symbol.dispose]();
      this.#countsTimer = null;
      this.#bytesWritten = run?.bytesWritten ?? 0;
      this.#run = null;
      this.#options.onCounts?.(this.counts);
    }
  }

  protected override resourceParameters(source: SourceInfo): Record<string, unknown> {
    const plan = this.#plans.get(source.name);
    const images = plan?.images ?? [];
    const { geometry } = images[0] ?? {};
    return {
      ...super.resourceParameters(source),
      dataset: images[0]?.arrayPath ?? '',
      arrays: images.map(({ arrayPath }) => arrayPath),
      chunk_shape: geometry ? [1, geometry.chunkHeightPx, geometry.chunkWidthPx] : [],
      join_method: 'concat',
      ...(this.#firstFrame > 0 && { first_frame: this.#firstFrame }),
      order: plan?.layout?.order ?? ['t'],
      sizes: plan?.layout ? { ...plan.layout.sizes } : { t: images[0]?.sizes.t ?? null, p: 1, c: 1, z: 1 },
    };
  }

  #reportSoon(): void {
    const { onCounts, clock } = this.#options;
    if (!onCounts || this.#countsTimer) return;
    this.#countsTimer = clock.setTimeout(() => {
      this.#countsTimer = null;
      onCounts(this.counts);
    }, COUNTS_EVERY_MS);
  }
}

/** Compressing takes all cores; frames as they are wait for the disk only. */
function workersFor({ compression }: StorageFormat): number {
  return compression === 'none' ? LEAST_WORKERS : Math.min(MOST_WORKERS, Math.max(LEAST_WORKERS, cpus().length));
}

function checkFrame(source: SourceInfo, frame: PixelArray): void {
  const type = ARRAY_TYPES[source.dtype].name;
  const pixels = source.shape.reduce((product, length) => product * length, 1);
  // By name, as frames may come from another realm.
  const given = Object.prototype.toString.call(frame).slice(8, -1);
  if (given !== type && !(type === 'Uint8Array' && given === 'Uint8ClampedArray')) {
    throw new RedsunError('store/shape', `${source.name}: a frame of ${given}, but ${source.dtype} was declared`);
  }
  if (frame.length !== pixels) {
    throw new RedsunError(
      'store/shape',
      `${source.name}: a frame of ${frame.length} pixels, but [${source.shape.join(', ')}] was declared`,
    );
  }
}

function notOpen(name: string): RedsunError {
  return new RedsunError('store/not-open', `${name}: the store is not open`);
}
