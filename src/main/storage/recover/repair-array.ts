import { join } from 'node:path';
import { crc32c } from '@node-rs/crc32';
import type { Clock } from '../../../sdk/util/index.ts';
import { readRawPlane } from '../../../shared/stores/index.ts';
import type { JournalLine } from '../journal.ts';
import { writeMetadata } from '../metadata-file.ts';
import { type ArrayOnDisk, type FrameAt, frameAt, type ShardKey, withTimePoints } from './array-on-disk.ts';
import { searchFrames } from './search-frames.ts';
import { isEmpty, isWhole, type PlaceEntries, readShard, type ShardOnDisk, writeIndex } from './shard-on-disk.ts';

/** What was found in an array, in frames. */
export interface ArrayFindings {
  readonly path: string;
  /** Of which the journal tells. */
  readonly acknowledged: number;
  /** That can be read, those found again included. */
  readonly found: number;
  /** That were being written when it ended: nobody was told of them, and they are cut off. */
  readonly torn: number;
  /** Of which the journal tells and that are not there: the disk has lost them. */
  readonly lost: readonly JournalLine[];
  readonly shape: readonly number[];
  /** In words. */
  readonly repairs: readonly string[];
}

export interface RepairOptions {
  /** Whether there is a journal; without one, what can be read counts. */
  readonly hasJournal: boolean;
  /** Reads every frame and compares it with its checksum. */
  readonly readsPixels: boolean;
  /** False: only looks. */
  readonly writes: boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Makes the indexes of an array's shards and its shape say what is there. @param lines - of the journal, of this array. */
export async function repairArray(
  array: ArrayOnDisk,
  lines: readonly JournalLine[],
  options: RepairOptions,
): Promise<ArrayFindings> {
  const repairs: string[] = [];
  const byPlace = new Map(lines.map((line) => [keyOf([line.index.t, line.index.c, line.index.z]), line]));
  const kept = new Set<string>();
  let torn = 0;
  for (const shard of array.shards) {
    options.signal?.throwIfAborted();
    const outcome = await repairShard(array, shard, byPlace, options);
    torn += outcome.torn;
    for (const key of outcome.kept) kept.add(key);
    repairs.push(...outcome.repairs);
  }
  const lost = options.hasJournal ? [...byPlace].filter(([key]) => !kept.has(key)).map(([, line]) => line) : [];
  const timePoints = [...kept].reduce((most, key) => Math.max(most, Number(key.split(' ')[0]) + 1), 0);
  const before = array.info.shape[0] as number;
  const shape = [timePoints, ...array.info.shape.slice(1)];
  if (before !== timePoints) {
    repairs.push(`${array.info.path}: the shape had ${before} time points, ${timePoints} were written`);
    if (options.writes) {
      await writeMetadata(join(array.folder, 'zarr.json'), { ...array.metadata, shape }, options.clock);
    }
  }
  return { path: array.info.path, acknowledged: byPlace.size, found: kept.size, torn, lost, shape, repairs };
}

export function keyOf([t, c, z]: FrameAt): string {
  return `${t} ${c} ${z}`;
}

interface ShardOutcome {
  readonly kept: readonly string[];
  readonly torn: number;
  readonly repairs: readonly string[];
}

async function repairShard(
  array: ArrayOnDisk,
  key: ShardKey,
  journal: ReadonlyMap<string, JournalLine>,
  options: RepairOptions,
): Promise<ShardOutcome> {
  const [t, c, z] = array.extent;
  const shard = await readShard(key.path, t * c * z, array.chunksPerFrame);
  const judged = shard.places
    ? await judge(array, key, shard.places, journal, options)
    : await rebuild(array, key, t * c * z, journal);
  const repairs: string[] = [];
  const name = `${array.info.path}/c/${key.at.join('/')}/0/0`;
  if (!shard.places) repairs.push(`${name}: the index was broken; ${judged.kept.length} frames were found again`);
  if (judged.torn > 0) repairs.push(`${name}: ${judged.torn} frames that nobody was told of are cut off`);
  if (judged.bad > 0) repairs.push(`${name}: ${judged.bad} frames do not match their checksums and are taken out`);
  const changed = !shard.places || judged.torn > 0 || judged.bad > 0;
  if (changed && options.writes) await writeIndex(shard as ShardOnDisk, judged.places);
  return { kept: judged.kept, torn: judged.torn, repairs };
}

interface Judged {
  readonly places: readonly PlaceEntries[];
  readonly kept: readonly string[];
  readonly torn: number;
  readonly bad: number;
}

/** Which frames of an index that can be read may stay in it. */
async function judge(
  array: ArrayOnDisk,
  shard: ShardKey,
  places: readonly PlaceEntries[],
  journal: ReadonlyMap<string, JournalLine>,
  options: RepairOptions,
): Promise<Judged> {
  const kept: string[] = [];
  const after: PlaceEntries[] = [];
  let torn = 0;
  let bad = 0;
  for (const [place, entries] of places.entries()) {
    const at = frameAt(array, shard, place);
    const key = keyOf(at);
    const line = journal.get(key);
    const fate = isEmpty(entries)
      ? 'empty'
      : !isWhole(entries) || (options.hasJournal && !line)
        ? 'torn'
        : line && options.readsPixels && !(await matches(array, at, line, options.signal))
          ? 'bad'
          : 'kept';
    if (fate === 'kept') kept.push(key);
    if (fate === 'torn') torn++;
    if (fate === 'bad') bad++;
    after.push(fate === 'kept' ? entries : entries.map(() => null));
  }
  return { places: after, kept, torn, bad };
}

async function matches(
  array: ArrayOnDisk,
  at: FrameAt,
  line: JournalLine,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const raw = await readRawPlane(array.source, withTimePoints(array, at[0] + 1), at, signal);
    const checksum = crc32c(new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength));
    return checksum === Number.parseInt(line.crc32c, 16);
  } catch (error) {
    signal?.throwIfAborted();
    // What cannot be decoded is as lost as what was decoded to something else.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** A new index from what the journal knows of the shard's frames. */
async function rebuild(
  array: ArrayOnDisk,
  shard: ShardKey,
  places: number,
  journal: ReadonlyMap<string, JournalLine>,
): Promise<Judged> {
  const keys = Array.from({ length: places }, (_, place) => keyOf(frameAt(array, shard, place)));
  const wanted = keys.map((key) => journal.get(key)?.crc32c ?? null);
  const found = await searchFrames(array, shard.path, new Set(wanted.filter((checksum) => checksum !== null)));
  const nothing: PlaceEntries = Array.from({ length: array.chunksPerFrame }, () => null);
  const entries = wanted.map((checksum) => (checksum === null ? null : (found.get(checksum) ?? null)));
  return {
    places: entries.map((place) => place ?? nothing),
    kept: keys.filter((_, place) => entries[place]),
    torn: 0,
    bad: 0,
  };
}
