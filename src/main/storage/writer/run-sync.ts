import { dirname } from 'node:path';
import { type Clock, hasCode } from '../../../sdk/util/index.ts';
import { SamePlace } from '../files/same-place.ts';
import { CountsFile } from '../run/counts-file.ts';
import type { LineFile } from '../run/line-file.ts';
import type { FrameTracker } from './frame-tracker.ts';
import type { ImageStore } from './image-store.ts';

const SYNC_EVERY_MS = 1500;

const UNSYNCED =
  'a sync failed, so that nobody knows any more which of the newest frames are on the disk: from here on none counts as durable';

export interface RunSyncOptions {
  readonly storeDir: string;
  /** Where it is recorded how many frames are on the disk. Absent: nowhere. */
  readonly countsPath?: string | undefined;
  /** Number, in the journal, of the first frame of each camera. */
  readonly firstFrame: number;
  readonly images: readonly Pick<ImageStore, 'shards'>[];
  readonly trackers: ReadonlyMap<string, FrameTracker>;
  readonly clock: Clock;
  /** Does `sync`, and waits out a disk that is full. */
  readonly pass: (sync: () => Promise<void>) => Promise<void>;
  readonly onProgress: () => void;
  readonly onNotice: (message: string) => void;
  /** Hears what nobody waits out. */
  readonly onFailure: (cause: unknown) => void;
}

/** Brings a store to the disk every now and then while it is written: what was acknowledged before is durable then, which is recorded. */
export class RunSync {
  readonly #options: RunSyncOptions;
  readonly #counts: CountsFile | null;
  #journal: LineFile | null = null;
  #places: readonly SamePlace[] = [];
  #timer: Disposable | null = null;
  #syncing: Promise<void> = Promise.resolve();
  #isStopped = false;
  #canSync = true;

  constructor(options: RunSyncOptions) {
    this.#options = options;
    const { countsPath, onNotice } = options;
    this.#counts = countsPath === undefined ? null : new CountsFile(countsPath, onNotice);
  }

  /** The store is made by now. */
  async start(journal: LineFile): Promise<void> {
    this.#journal = journal;
    const { storeDir } = this.#options;
    this.#places = [await SamePlace.of(dirname(storeDir)), await SamePlace.of(storeDir)];
    this.#schedule();
  }

  /** @throws RedsunError `target/moved` when the run folder was deleted or moved while it is written to. */
  async requirePlaces(): Promise<void> {
    for (const place of this.#places) await place.require();
    await this.#journal?.requirePlace();
  }

  /** No sync begins after this one; what goes on, `settled` waits for. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  /** Resolves when no sync goes on. Never rejects. */
  settled(): Promise<void> {
    return this.#syncing;
  }

  /** The run failed: no more counts as durable. */
  giveUp(): void {
    this.#canSync = false;
    this.stop();
  }

  /** The last one, when all shards are sealed. @throws what keeps the journal from the disk. */
  async syncJournal(): Promise<void> {
    if (!(await this.#journal?.sync())) this.#canSync = false;
  }

  /** All is written and synced, or the run failed: says so in the counts. Never rejects. */
  async finish(): Promise<void> {
    if (this.#canSync) for (const tracker of this.#options.trackers.values()) tracker.durable = tracker.acknowledged;
    await this.#recordCounts();
    await this.#counts?.close();
  }

  #schedule(): void {
    const { clock, pass, onFailure } = this.#options;
    this.#timer = clock.setTimeout(() => {
      this.#syncing = pass(() => this.#sync())
        .then(() => this.#recordCounts(), onFailure)
        .then(() => {
          if (!this.#isStopped) this.#schedule();
        });
    }, SYNC_EVERY_MS);
  }

  async #sync(): Promise<void> {
    const { trackers, onProgress } = this.#options;
    const acknowledged = [...trackers.values()].map((tracker) => [tracker, tracker.acknowledged] as const);
    await this.requirePlaces();
    if (acknowledged.every(([tracker, count]) => tracker.durable === count)) return;
    // Where something cannot be synced, nothing more is durable.
    if (!(await this.#syncAll())) this.#canSync = false;
    if (this.#canSync) for (const [tracker, count] of acknowledged) tracker.durable = count;
    onProgress();
  }

  /** @returns false where a file system cannot sync: that of the store, or of a folder that it goes on in. */
  async #syncAll(): Promise<boolean> {
    const { images, storeDir, onNotice } = this.#options;
    let synced = true;
    try {
      for (const image of images) {
        for (const shard of image.shards) if (shard.hasUnsyncedData) synced = (await shard.sync()) && synced;
      }
      return ((await this.#journal?.sync()) ?? false) && synced;
    } catch (error) {
      // A file that was moved is as good as before when it is back.
      if (hasCode(error, 'target/moved')) throw error;
      // What the system could not write it may have dropped, and the next sync says that all is well.
      if (this.#canSync) onNotice(`${storeDir}: ${UNSYNCED}`);
      this.#canSync = false;
      throw error;
    }
  }

  /** For when a sync is over. */
  async #recordCounts(): Promise<void> {
    const { clock, trackers, firstFrame } = this.#options;
    const cameras = [...trackers.values()].map(
      ({ name, acknowledged, durable }) => [name, { acknowledged, durable }] as const,
    );
    await this.#counts?.record({ time: clock.now(), first_frame: firstFrame, cameras: Object.fromEntries(cameras) });
  }
}
