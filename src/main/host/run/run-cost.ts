import { type Camera, isCamera } from 'redsun/sdk/device';
import type { PlanEstimate } from 'redsun/sdk/plans';
import type { SourceInfo } from 'redsun/sdk/storage';
import type { RunResult } from '../../../shared/channels/acquisition.ts';
import { defaultAxes, frameAxesOf } from '../../storage/layout/frame-geometry.ts';
import type { StorageFormat } from '../../storage/layout/image-plan.ts';
import type { NeededRoom, PlannedFrames, PlannedSource } from '../../storage/layout/needed-room.ts';
import { readableBytes } from '../../storage/target/preflight.ts';
import type { BoundPlan } from '../plans/plan-registry.ts';

/** From what was done so far; before the first frames from the plan's own estimate. */
export function timeLeft(
  workedS: number,
  acquired: number,
  total: number | null,
  planned: { low: number; high: number },
): { low: number; high: number } | null {
  if (total === null || total === 0) return null;
  if (acquired < 3) return { low: Math.max(0, planned.low - workedS), high: Math.max(0, planned.high - workedS) };
  const left = (workedS / acquired) * (total - acquired);
  return { low: left * 0.95, high: left * 1.1 };
}

/** What was said of a run before it began. Frames are those that were asked for: an estimate leaves out what it takes to come too late. */
export function predictionOf(
  { seconds, kind, exposures }: PlanEstimate,
  { cameras, frames }: Pick<BoundPlan, 'cameras' | 'frames'>,
): Pick<RunResult, 'predictedS' | 'expectedFrames'> {
  const estimated = kind === 'unknown' ? null : exposures;
  const expectedFrames = frames === null ? estimated : frames * cameras.length;
  return { predictedS: seconds, expectedFrames: cameras.length === 0 ? null : expectedFrames };
}

/** How a run compares to what was said before: `, predicted 1.0–1.4 s, 12 frames expected`. */
export function comparedWords({ predictedS, expectedFrames, frames }: RunResult): string {
  const time = predictedS ? `, predicted ${predictedS.low.toFixed(1)}–${predictedS.high.toFixed(1)} s` : '';
  const expected = expectedFrames !== null && expectedFrames !== frames ? `, ${expectedFrames} frames expected` : '';
  return time + expected;
}

/** That a run was ended before its time, in good order: `Stopped after 17 of 126 frames`. */
export function stoppedWords(frames: number, { expectedFrames }: Pick<RunResult, 'expectedFrames'>): string {
  return expectedFrames === null ? 'Stopped' : `Stopped after ${frames} of ${expectedFrames} frames`;
}

/** How many frames surely outlive a power cut: `, all on the disk`. Empty where there are none, or nobody knows. */
export function durableWords(frames: number, durable: number | null): string {
  if (frames === 0 || durable === null) return '';
  return durable >= frames ? ', all on the disk' : `, ${durable} of them known to be on the disk`;
}

/** What is known of the frames of a plan. @param declared - what cameras told the writer of their frames. */
export function plannedFrames(
  { cameras, frames, layout }: BoundPlan,
  declared: ReadonlyMap<string, Pick<SourceInfo, 'shape' | 'extra'>>,
  format: StorageFormat,
): PlannedFrames {
  const sources = cameras.filter(isCamera).map((camera) => plannedSource(camera, declared.get(camera.name)));
  return { sources, frames, layout: layout ?? null, format };
}

/** Why a run does not fit, in words; null: it does, or compression may make it fit. */
export function roomProblem(room: NeededRoom, freeBytes: number): RoomProblem | null {
  if (room.bytes <= freeBytes) return null;
  const free = readableBytes(freeBytes);
  if (room.kind === 'exact') {
    return { severity: 'error', message: `Needs ${readableBytes(room.bytes)}, ${free} are free` };
  }
  const percent = Math.floor((100 * freeBytes) / room.bytes);
  return {
    severity: 'advice',
    message: `Needs up to ${readableBytes(room.bytes)}, ${free} are free: fits if compression leaves ${percent} % or less`,
  };
}

/** What must be free for a run to be started: nobody knows beforehand how well images compress. */
export function leastBytes({ bytes, kind }: NeededRoom): number {
  return kind === 'exact' ? bytes : 0;
}

/** What a run asks of the disk, bytes per second on average; null: nobody knows how long it takes. */
export function bytesPerSecond({ bytes }: NeededRoom, seconds: PlanEstimate['seconds']): number | null {
  return seconds && seconds.low > 0 ? bytes / seconds.low : null;
}

/** That a disk is too slow, in words; null: it is not, or nobody knows. Such a run is started all the same, and waits for the disk. */
export function speedProblem(
  { kind }: NeededRoom,
  neededPerS: number | null,
  writtenPerS: number | null,
): RoomProblem | null {
  if (neededPerS === null || writtenPerS === null || neededPerS <= writtenPerS) return null;
  const upTo = kind === 'atMost' ? 'up to ' : '';
  return {
    severity: 'advice',
    message: `Needs ${upTo}${readableBytes(neededPerS)}/s, the disk takes ${readableBytes(writtenPerS)}/s: frames wait for it, and the run takes longer`,
  };
}

interface RoomProblem {
  readonly severity: 'error' | 'advice';
  readonly message: string;
}

/** With the settings that the camera has now; its planes and colours are known from what it declared. */
function plannedSource(
  { name, dtype, frameShape: [height, width] }: Camera,
  declared: Pick<SourceInfo, 'shape' | 'extra'> | undefined,
): PlannedSource {
  if (!declared) return { name, dtype, shape: [height, width] };
  const { shape, extra } = declared;
  const axes = frameAxesOf(name, extra) ?? defaultAxes(shape);
  const now = { y: height, x: width };
  return {
    name,
    dtype,
    shape: shape.map((length, at) => (axes[at] === 'y' || axes[at] === 'x' ? now[axes[at]] : length)),
    extra: axes.length > 2 ? { axes } : {},
  };
}
