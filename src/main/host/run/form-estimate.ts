import { asError } from 'redsun/sdk/util';
import type { Estimate, PlanItem } from '../../../shared/channels/acquisition.ts';
import { freeBytesBelow } from '../../storage/target/preflight.ts';
import type { Survey } from '../../storage/target/target-survey.ts';
import type { BoundPlan } from '../plans/plan-registry.ts';
import { longPathOf, roomIn } from './current-run.ts';
import { bytesPerSecond, roomProblem, speedProblem } from './run-cost.ts';
import type { RunServices } from './run-services.ts';

export interface EstimateOptions {
  readonly host: RunServices;
  /** A run goes on or begins: its disk is not to be disturbed. */
  readonly busy: boolean;
  readonly signal: AbortSignal;
}

/** What the form says of an item before it is started. @param check - throws what is wrong with it. */
export async function estimateForForm(
  check: () => Promise<BoundPlan>,
  item: PlanItem,
  { host, busy, signal }: EstimateOptions,
): Promise<Estimate> {
  const freeBytes = (await freeBytesBelow(host.baseFolder).catch(() => null)) ?? 0;
  try {
    const bound = await check();
    const [told, survey] = await Promise.all([host.estimator.forForm(item, bound, signal), surveyOf(host, busy)]);
    const { kind, moves, messages, seconds, learnt, notes } = told;
    const room = roomIn(host.storage, bound);
    const neededBytesPerS = bytesPerSecond(room, seconds);
    const diskBytesPerS = survey?.writeBytesPerS ?? null;
    const problems: Estimate['problems'] = bound.advice.map((advice) => ({ ...advice, severity: 'advice' as const }));
    const keeps = host.storage.keeps === 'runs';
    const tooLarge = keeps ? roomProblem(room, freeBytes) : null;
    const tooSlow = keeps ? speedProblem(room, neededBytesPerS, diskBytesPerS) : null;
    for (const problem of [tooLarge, tooSlow, longPathOf(item, bound, host)])
      if (problem) problems.push({ field: '', ...problem });
    for (const { weight, message } of survey?.limits ?? []) {
      if (weight === 'advice') problems.push({ field: '', severity: 'advice', message });
    }
    return {
      kind,
      frames: bound.frames ?? 0,
      bytes: room.bytes,
      bytesKind: room.kind,
      moves,
      messages,
      seconds,
      learnt,
      notes: [...notes],
      freeBytes,
      neededBytesPerS,
      diskBytesPerS,
      problems,
    };
  } catch (thrown) {
    signal.throwIfAborted();
    const message = asError(thrown).message;
    return {
      kind: 'unknown',
      frames: 0,
      bytes: 0,
      bytesKind: 'exact',
      moves: 0,
      messages: 0,
      seconds: null,
      learnt: 0,
      notes: [],
      freeBytes,
      neededBytesPerS: null,
      diskBytesPerS: null,
      problems: [{ field: '', severity: 'error', message }],
    };
  }
}

function surveyOf({ survey, storage }: RunServices, busy: boolean): Promise<Survey | null> {
  return busy || storage.keeps === 'nothing' ? Promise.resolve(survey.known) : survey.take();
}
