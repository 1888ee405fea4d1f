import type { RunProgress } from '../../../shared/channels/acquisition.ts';
import { type CurrentRun, roomIn } from './current-run.ts';
import { timeLeft } from './run-cost.ts';
import type { RunServices } from './run-services.ts';
import { type GoingRun, isHeld, pauseReasonOf } from './run-state.ts';

type ProgressServices = Pick<RunServices, 'clock' | 'duty' | 'engine' | 'latch' | 'storage'>;

/** How a run gets on. */
export function progressOf(state: GoingRun, services: ProgressServices): RunProgress {
  const { run } = state;
  const { clock, duty, storage } = services;
  const { acknowledged, durable, slots, freeSlots, bytesWritten } = storage.counts;
  const nowS = clock.now();
  const pausedS = run.pausedS + (isHeld(state) ? nowS - state.pause.sinceS : 0);
  const elapsedS = nowS - run.startedAt;
  const { frames, cameras } = run.bound;
  const total = frames === null ? null : frames * Math.max(1, cameras.length);
  const diskFault = run.gate.fault?.message ?? null;
  const pauseReason = pauseReasonOf(state);
  const hold = diskFault ?? pauseReason;
  return {
    phase: state.kind,
    name: run.place.name,
    plan: run.item.name,
    uid: run.uids[0] ?? '',
    startedAt: run.startedAt,
    elapsedS,
    predictedS: run.predicted.seconds,
    leftS: timeLeft(elapsedS - pausedS, run.acquired, total, run.predicted.seconds ?? run.bound.seconds),
    total,
    acquired: run.acquired,
    acknowledged,
    durable,
    buffer: slots > 0 ? (slots - freeSlots) / slots : 0,
    bytesWritten: bytesWritten ?? (total ? (roomIn(storage, run.bound).bytes / total) * acknowledged : 0),
    now: nowOf(run, hold),
    folder: run.place.folder,
    runId: run.place.id,
    diskFault,
    pauseReason,
    isBeingMadeSafe: duty.isActing,
    pauseWords: isHeld(state) ? (diskFault ?? pauseWordsOf(state, services)) : null,
    waitsFor: run.waitsFor,
    linkedFolder: run.linkedFolder,
  };
}

function nowOf({ step, waitsFor }: CurrentRun, hold: string | null): string {
  if (hold !== null) return `Paused: ${hold}`;
  return waitsFor === null ? step : `Held up: ${waitsFor}`;
}

function pauseWordsOf(state: GoingRun, { engine, latch }: Pick<ProgressServices, 'engine' | 'latch'>): string {
  if (latch.pulled) return 'STOP was pressed';
  const reason = pauseReasonOf(state) ?? engine.pauseMessage;
  if (reason) return reason;
  const { pausedBy } = state.run;
  return pausedBy === null ? 'the plan asked for it' : `${pausedBy} paused it`;
}
