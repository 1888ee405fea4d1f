import type { Writer } from 'redsun/sdk/storage';
import type { RunRecord } from '../../storage/catalogue/run-record.ts';
import type { StorageFormat } from '../../storage/layout/image-plan.ts';
import type { PlannedFrames } from '../../storage/layout/needed-room.ts';
import type { RunFolder } from '../../storage/run/run-folder.ts';
import type { DiskGate } from '../../storage/target/disk-gate.ts';
import type { LongPath } from '../../storage/target/path-length.ts';
import type { TargetProblem } from '../../storage/target/preflight.ts';
import type { ResumedStore } from '../../storage/writer/zarr-run.ts';
import type { DocumentSink } from '../documents/document-sink.ts';

/** How far the frames of a run have come; slots are those of the buffer, 0: there is none. */
export interface StorageCounts {
  readonly acknowledged: number;
  readonly durable: number;
  readonly slots: number;
  readonly freeSlots: number;
  /** Of the chunks, compressed as they are; null: the writer does not say. */
  readonly bytesWritten: number | null;
}

/** Keeps the documents of a run. */
export interface RunSink extends DocumentSink {
  /** After `flush`. @throws RedsunError `store/write-failed` */
  close(): Promise<void>;
}

/** A run that is about to start. */
export interface RunPlace {
  /** `mda_0003`. */
  readonly name: string;
  /** Names it among the runs of the session: `2026-11-22/mda_0003`. */
  readonly id: string;
  /** Empty: nothing of it is kept. */
  readonly folder: string;
  readonly documents: RunSink;
  /** Takes away what was made for a run that then was none. False: something else lies there, which stays. After `documents.close`. */
  discard(): Promise<boolean>;
}

/** What becomes of the runs of a session: its key `storage.writer`. */
export interface RunStorage {
  readonly writer: Writer;
  /** `nothing`: no run leaves a trace on the disk. */
  readonly keeps: 'runs' | 'nothing';
  readonly counts: StorageCounts;
  /** How frames are stored; what a writer of a bundle does with them nobody else knows, and plain frames are reckoned with. */
  readonly format: StorageFormat;
  /** Runs of which nothing was kept, newest first. */
  readonly unkept: readonly RunRecord[];
  /** Why a run of so many bytes must not start; or, with `folder`, must not go on there. */
  check(bytes: number, folder?: string): Promise<readonly TargetProblem[]>;
  /** What is wrong with the length of the paths that a new run of `plan` would make, as far as they are known; null: nothing. */
  longPath(plan: string, frames: PlannedFrames, platform: NodeJS.Platform): LongPath | null;
  /** Place for a new run; the writer's next store goes there. */
  begin(plan: string, gate: DiskGate): Promise<RunPlace>;
  /** The same files again, from where they end. @throws RedsunError `recover/not-resumable` where that cannot be. */
  resume(folder: RunFolder, store: ResumedStore, gate: DiskGate): Promise<RunPlace>;
  /**
   * What is to come of a run goes on below `chosen`; the run folder has links to it.
   * @returns the folder made there. @throws RedsunError `target/no-links` where that cannot be.
   */
  goOnIn(chosen: string, place: RunPlace): Promise<string>;
}
