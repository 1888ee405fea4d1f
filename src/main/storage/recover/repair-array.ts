import { join } from 'node:path';
import { crc32c } from '@node-rs/crc32';
import type { Clock } from '../../../sdk/util/index.ts';
import { readRawPlane } from '../../../shared/stores/index.ts';
import { writeMetadata } from '../layout/metadata-file.ts';
import { isEmpty, isWhole, type PlaceEntries, readShard, writeIndex } from '../layout/shard-on-disk.ts';
import { type ArrayOnDisk, keyOf, type PlaneAt, type ShardKey, withTimePoints } from '../run/array-on-disk.ts';
import type { PlanesPerFrame } from '../run/image-on-disk.ts';
import type { JournalLine } from '../run/journal.ts';
import { framesIn, type ShardFrame } from './frames-in-shard.ts';
import type { KeptBytes } from './kept-bytes.ts';
import type { ProgressCount } from './recovery-progress.ts';
import { searchPlanes } from './search-planes.ts';
import { type UnlistedFate, wasWritten } from './unlisted-frames.ts';

/** What was found in an array, in frames. */
export interface ArrayFindings {
  readonly path: string;
  /** Of which the journal tells. */
  readonly acknowledged: number;
  /** That can be read, those found again included. */
  readonly found: number;
  /** That were being written when it ended: the journal does not tell of them, and they are cut off. */
  readonly torn: number;
  /** Of which the journal tells and that are not there: the disk has lost them. */
  readonly lost: readonly JournalLine[];
  readonly shape: readonly number[];
  /** All planes that can be read. */
  readonly planes: readonly PlaneAt[];
  /** In words. */
  readonly repairs: readonly string[];
  readonly problems: readonly string[];
}

export interface RepairOptions {
  /** What becomes of frames of which the journal does not tell. */
  readonly unlisted: UnlistedFate;
  /** The journal is missing, or has lost lines: it may have told of more frames. */
  readonly isJournalLost: boolean;
  /** Reads every frame and compares it with its checksum. */
  readonly readsPixels: boolean;
  /** False: only looks. */
  readonly writes: boolean;
  readonly clock: Clock;
  /** Keeps what is replaced. */
  readonly kept?: KeptBytes;
  readonly count?: ProgressCount;
  readonly signal?: AbortSignal;
}

/** Makes the indexes of an array's shards and its shape say what is there. @param lines - of the journal, of this array. */
export async function repairArray(
  array: ArrayOnDisk,
  lines: readonly JournalLine[],
  planesPerFrame: PlanesPerFrame,
  options: RepairOptions,
): Promise<ArrayFindings> {
  const repairs: string[] = [];
  const problems: string[] = [];
  const byFrame = linesByFrame(lines);
  const kept = new Map<string, ShardFrame>();
  let torn = 0;
  for (const shard of array.shards) {
    options.signal?.throwIfAborted();
    const outcome = await repairShard(array, shard, byFrame, planesPerFrame, options);
    torn += outcome.torn;
    for (const frame of outcome.kept) kept.set(frame.key, frame);
    repairs.push(...outcome.repairs);
    problems.push(...outcome.problems);
  }
  const lost = [...byFrame].filter(([key]) => !kept.has(key)).map(([, line]) => line);
  const planes = [...kept.values()].flatMap((frame) => frame.planes.map(({ at }) => at));
  const timePoints = planes.reduce((most, [t]) => Math.max(most, t + 1), 0);
  const before = array.info.shape[0] as number;
  if (before !== timePoints) {
    repairs.push(`${array.info.path}: the shape had ${before} time points, ${timePoints} were written`);
    if (options.writes) await writeTimePoints(array, timePoints, options);
  }
  const shape = [timePoints, ...array.info.shape.slice(1)];
  const { path } = array.info;
  return { path, acknowledged: byFrame.size, found: kept.size, torn, lost, shape, planes, repairs, problems };
}

/** The shape of an array gets so many time points. */
export async function writeTimePoints(
  array: ArrayOnDisk,
  timePoints: number,
  { clock, kept }: Pick<RepairOptions, 'clock' | 'kept'>,
): Promise<void> {
  const shape = [timePoints, ...array.info.shape.slice(1)];
  const path = join(array.folder, 'zarr.json');
  await kept?.file(path);
  await writeMetadata(path, { ...array.metadata, shape }, clock);
}

/** By place; of a frame that was taken again the newest line, in whatever order they stand. */
function linesByFrame(lines: readonly JournalLine[]): ReadonlyMap<string, JournalLine> {
  const newest = new Map<string, JournalLine>();
  for (const line of lines) {
    const key = keyOf([line.index.t, line.index.c, line.index.z]);
    const other = newest.get(key);
    if (!other || !(line.time < other.time)) newest.set(key, line);
  }
  return newest;
}

interface ShardOutcome {
  readonly kept: readonly ShardFrame[];
  readonly torn: number;
  readonly repairs: readonly string[];
  readonly problems: readonly string[];
}

async function repairShard(
  array: ArrayOnDisk,
  shardKey: ShardKey,
  journal: ReadonlyMap<string, JournalLine>,
  planesPerFrame: PlanesPerFrame,
  options: RepairOptions,
): Promise<ShardOutcome> {
  const [t, c, z] = array.extent;
  const shard = await readShard(shardKey.path, t * c * z, array.chunksPerPlane);
  const nothing: PlaceEntries = Array.from({ length: array.chunksPerPlane }, () => null);
  const places = shard.places ?? Array.from({ length: t * c * z }, () => nothing);
  const after = [...places];
  const kept: ShardFrame[] = [];
  const missing: ShardFrame[] = [];
  let torn = 0;
  for (const frame of framesIn(array, shardKey, journal, planesPerFrame)) {
    const fate = await judge(array, shardKey.path, frame, places, options);
    if (frame.line) options.count?.add('frames', 1);
    if (fate === 'kept') kept.push(frame);
    else {
      if (frame.line) missing.push(frame);
      if (fate === 'torn') torn++;
      for (const { place } of frame.planes) after[place] = nothing;
    }
  }
  const mismatched = missing.filter(({ planes }) =>
    planes.some(({ place }) => !isEmpty(places[place] as PlaceEntries)),
  );
  const again = await findAgain(array, shardKey.path, missing, after, options.signal);
  kept.push(...again);
  const name = `${array.info.path}/c/${shardKey.at.join('/')}/0/0`;
  const bad = mismatched.filter((frame) => !again.includes(frame)).length;
  const repairs: string[] = [];
  const problems: string[] = [];
  if (!shard.places) repairs.push(`${name}: the index was broken; ${again.length} frames were found again`);
  else if (again.length > 0) repairs.push(`${name}: ${again.length} frames that its index had not are found again`);
  if (torn > 0) repairs.push(`${name}: ${torn} frames of which the journal does not tell are cut off`);
  if (bad > 0) repairs.push(`${name}: ${bad} frames do not match their checksums and are taken out`);
  if (!shard.places && options.isJournalLost) {
    problems.push(`${name}: the index was broken, and without a whole journal nobody can tell which frames it had`);
  }
  if (repairs.length > 0 && options.writes) await writeIndex(shard, after, options.kept);
  return { kept, torn, repairs, problems };
}

/** What becomes of a frame. `bad`: it was acknowledged, and is not what it was. */
async function judge(
  array: ArrayOnDisk,
  shardPath: string,
  frame: ShardFrame,
  places: readonly PlaceEntries[],
  { unlisted, readsPixels, signal }: RepairOptions,
): Promise<'empty' | 'torn' | 'bad' | 'kept'> {
  const { planes, line } = frame;
  const entries = planes.map(({ place }) => places[place] as PlaceEntries);
  if (entries.every(isEmpty)) return 'empty';
  if (!line && (unlisted === 'cut' || !entries.every(isWhole))) return 'torn';
  if (!line) return unlisted === 'keep' || (await wasWritten(array, shardPath, frame, places)) ? 'kept' : 'torn';
  if (!entries.every(isWhole)) return 'bad';
  if (!readsPixels) return 'kept';
  for (const { at, crc32c: expected } of planes) {
    if (expected !== null && !(await matches(array, at, expected, signal))) return 'bad';
  }
  return 'kept';
}

async function matches(
  array: ArrayOnDisk,
  at: PlaneAt,
  expected: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const raw = await readRawPlane(array.source, withTimePoints(array, at[0] + 1), at, signal);
    const checksum = crc32c(new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength));
    return checksum === Number.parseInt(expected, 16);
  } catch (error) {
    signal?.throwIfAborted();
    // What cannot be decoded is as lost as what was decoded to something else.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** Enters frames that the index does not have and the file does. @returns those of which every plane was found. */
async function findAgain(
  array: ArrayOnDisk,
  path: string,
  missing: readonly ShardFrame[],
  places: PlaceEntries[],
  signal: AbortSignal | undefined,
): Promise<ShardFrame[]> {
  const wanted = missing.flatMap(({ planes }) => planes.flatMap((plane) => plane.crc32c ?? []));
  const found = await searchPlanes(array, path, new Set(wanted), signal);
  const again = missing.filter(({ planes }) => planes.every((plane) => found.has(plane.crc32c ?? '')));
  for (const { planes } of again) {
    for (const { place, crc32c: checksum } of planes) places[place] = found.get(checksum ?? '') as PlaceEntries;
  }
  return again;
}
