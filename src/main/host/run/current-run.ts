import type { RunStop } from 'redsun/sdk/events';
import type { PlanEstimate } from 'redsun/sdk/plans';
import type { PlanItem } from '../../../shared/channels/acquisition.ts';
import { type NeededRoom, neededRoom } from '../../storage/layout/needed-room.ts';
import type { RunReserve } from '../../storage/run/run-reserve.ts';
import type { DiskGate } from '../../storage/target/disk-gate.ts';
import type { LongPath } from '../../storage/target/path-length.ts';
import type { DocumentSpool } from '../documents/document-spool.ts';
import type { BoundPlan } from '../plans/plan-registry.ts';
import type { RunPlace, RunStorage } from '../run-storage/run-storage.ts';
import { plannedFrames } from './run-cost.ts';
import type { RunServices } from './run-services.ts';

/** A run from its start to its end. */
export interface CurrentRun {
  readonly item: PlanItem;
  readonly place: RunPlace;
  readonly bound: BoundPlan;
  /** What was said of it before. */
  readonly predicted: PlanEstimate;
  /** On the way to the files of the run. */
  readonly documents: DocumentSpool;
  /** Holds what is written back while the disk is full. */
  readonly gate: DiskGate;
  /** Room for the records of a run whose disk is full. */
  readonly reserve: RunReserve;
  readonly startedAt: number;
  /** Images go on there, as the disk of the run folder is full; null: they lie in the run folder. */
  linkedFolder: string | null;
  /** Seconds of pauses that are over: they do not count as work. */
  pausedS: number;
  acquired: number;
  /** One sentence for what it does. */
  step: string;
  /** What a suspender holds it up for; null: nothing. */
  waitsFor: string | null;
  /** Who paused it last at a window or a terminal; null: nobody. */
  pausedBy: string | null;
  uids: string[];
  stop: RunStop | null;
}

/** What is known of a run before it begins. */
export type KnownRun = Pick<
  CurrentRun,
  'item' | 'place' | 'documents' | 'bound' | 'predicted' | 'gate' | 'reserve' | 'startedAt'
>;

/** A run that stores images keeps room for its records. */
export async function beginRun(known: KnownRun): Promise<CurrentRun> {
  if (known.place.folder && known.bound.cameras.length > 0) await known.reserve.keepIn(known.place.folder);
  return {
    ...known,
    linkedFolder: null,
    pausedS: 0,
    acquired: 0,
    step: 'Starting',
    waitsFor: null,
    pausedBy: null,
    uids: [],
    stop: null,
  };
}

/** Room that the frames of a plan take on the disk, with the cameras as they are set now. */
export function roomIn({ writer, format }: RunStorage, bound: BoundPlan): NeededRoom {
  return neededRoom(plannedFrames(bound, writer.sources, format));
}

/** What is wrong with the length of the paths that an item will make; null: nothing. */
export function longPathOf(
  item: PlanItem,
  bound: BoundPlan,
  { storage, platform }: Pick<RunServices, 'storage' | 'platform'>,
): LongPath | null {
  return storage.longPath(item.name, plannedFrames(bound, storage.writer.sources, storage.format), platform);
}

/** The same of one frame of each camera. */
export function exposureBytes(bound: BoundPlan, storage: RunStorage): number {
  const { layout: _all, ...rest } = bound;
  return roomIn(storage, { ...rest, frames: 1 }).bytes;
}

/** How many frames outlive a power cut. Null: a writer of a bundle does not say, and memory is no disk. */
export function knownDurable({ counts: { durable, bytesWritten }, keeps }: RunStorage): number | null {
  return keeps === 'runs' && bytesWritten !== null ? durable : null;
}
