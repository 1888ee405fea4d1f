import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'redsun/sdk/log';
import type { FrameIndex } from 'redsun/sdk/storage';
import { asError } from 'redsun/sdk/util';
import type { SafetyAct } from '../../../shared/guardian/safety-act.ts';
import type { RunPlace } from '../run-storage/run-storage.ts';

/** Frames that are remembered: what a fast camera may deliver between an act of the guardian and the moment when the host hears of it. */
const REMEMBERED = 10_000;
/** More frames than these are counted, not named. */
const NAMED_FRAMES = 5;
const FILE_NAME = 'guardian.jsonl';

/** A frame as the journal names it, by its camera and its place. */
export interface InterruptedFrame {
  readonly camera: string;
  readonly index: FrameIndex | null;
  /** When it came from the camera, Unix time, s: somewhat after the `time` of the journal. */
  readonly arrived: number;
}

/** A line of `guardian.jsonl` in a run folder: an act, and the frames that are stored although the light went out in their exposure. */
export type GuardedRunLine = SafetyAct & { readonly frames: readonly InterruptedFrame[] };

/** Remembers the last frames of a run, and which of them an act of the guardian has fallen into. */
export class InterruptedFrames {
  #frames: InterruptedFrame[] = [];

  /** A run begins. */
  reset(): void {
    this.#frames = [];
  }

  /** A frame was handed to the writer. @param arrived - when, Unix time, s. */
  add(camera: string, index: FrameIndex | null, arrived: number): void {
    this.#frames.push({ camera, index, arrived });
    if (this.#frames.length > 2 * REMEMBERED) this.#frames = this.#frames.slice(-REMEMBERED);
  }

  /** Frames that were not there yet when the act began: since then it was dark. */
  in({ time }: SafetyAct): readonly InterruptedFrame[] {
    return this.#frames.filter(({ arrived }) => arrived >= time);
  }
}

/** Writes an act down beside the journal of the run that it interrupted. @throws what the disk says */
export async function recordInRun(folder: string, line: GuardedRunLine): Promise<void> {
  await appendFile(join(folder, FILE_NAME), `${JSON.stringify(line)}\n`);
}

/** Says which frames an act of the guardian has spoilt, and keeps that with the run. */
export function tellInterrupted(
  act: SafetyAct,
  { folder, name }: Pick<RunPlace, 'folder' | 'name'>,
  remembered: InterruptedFrames,
  logger: Logger,
): void {
  const frames = remembered.in(act);
  if (frames.length > 0) {
    const which = frames.slice(0, NAMED_FRAMES).map(frameInWords).join(', ');
    const more = frames.length > NAMED_FRAMES ? ` and ${frames.length - NAMED_FRAMES} more` : '';
    logger.warning(`${name}: the light went out while these frames were exposed: ${which}${more}`);
  }
  if (folder === '') return;
  recordInRun(folder, { ...act, frames }).catch((thrown: unknown) => logger.error(asError(thrown).message));
}

/** A frame as a person would name it: `camera t0 p0 c0 z2`. */
export function frameInWords({ camera, index, arrived }: InterruptedFrame): string {
  const place = Object.entries(index ?? {}).map(([axis, at]) => `${axis}${at}`);
  return [camera, ...(place.length > 0 ? place : [new Date(arrived * 1000).toISOString()])].join(' ');
}
