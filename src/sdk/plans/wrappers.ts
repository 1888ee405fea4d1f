import { isControlException, RequestAbort, RequestStop } from '../engine/errors.ts';
import { type Msg, msg, type Plan } from '../engine/msg.ts';
import { listedSubscribers, type Subscribers } from '../engine/subscriptions.ts';
import type { Suspender } from '../engine/suspension.ts';
import { asError } from '../util/errors.ts';
import { rootAncestor, separateDevices } from './devices.ts';
import { type Insertion, planMutator, rewindable } from './mutators.ts';
import { closeRun, openRun, pause, stageAll, subscribe, unstageAll, unsubscribe } from './stubs.ts';

/** Runs `last` after `plan`, however it ends; the plan's own error goes on. Not when the plan is halted. */
export function* finalizeWrapper<Result>(
  plan: Plan<Result>,
  last: () => Plan<unknown>,
  { pauseForDebug = false }: { readonly pauseForDebug?: boolean } = {},
): Plan<Result> {
  let result: Result;
  try {
    result = yield* plan;
  } catch (error) {
    // In `finally` it would run for a halted plan, too.
    if (pauseForDebug) yield* pause();
    yield* last();
    throw error;
  }
  yield* last();
  return result;
}

/** What is done as a plan ends. */
export interface ContingencyOptions {
  /** After an error. With `autoRaise` false its result is that of the plan. */
  readonly exceptPlan?: (error: Error) => Plan<unknown>;
  /** After success. */
  readonly elsePlan?: () => Plan<unknown>;
  /** At last, in any case. */
  readonly finalPlan?: () => Plan<unknown>;
  /** Pauses after an error, before anything else. */
  readonly pauseForDebug?: boolean;
  /** False: an error that `exceptPlan` has dealt with does not go on. Default true. */
  readonly autoRaise?: boolean;
}

/** `try`, `except`, `else` and `finally` for plans. */
export function contingencyWrapper<Result>(plan: Plan<Result>, options: ContingencyOptions): Plan<Result | unknown> {
  const { finalPlan } = options;
  const inner = withoutFinal(plan, options);
  return finalPlan ? finalizeWrapper(inner, finalPlan) : inner;
}

function* withoutFinal<Result>(
  plan: Plan<Result>,
  { exceptPlan, elsePlan, pauseForDebug = false, autoRaise = true }: ContingencyOptions,
): Plan<Result | unknown> {
  let result: Result;
  try {
    result = yield* plan;
  } catch (thrown) {
    if (pauseForDebug) yield* pause();
    if (!exceptPlan) throw thrown;
    const instead = yield* exceptPlan(asError(thrown));
    if (autoRaise) throw thrown;
    return instead;
  }
  if (elsePlan) yield* elsePlan();
  return result;
}

/** Opens a run before and closes it after; a plan that fails closes it with the reason. @returns the uid of the run. */
export function* runWrapper(plan: Plan, metadata: Readonly<Record<string, unknown>> = {}): Plan<string> {
  const uid = yield* openRun(metadata);
  // Written out rather than made of other wrappers: every message of a plan passes through each of them.
  try {
    yield* plan;
  } catch (thrown) {
    yield* closeFailedRun(asError(thrown));
    throw thrown;
  }
  yield* closeRun();
  return uid;
}

function closeFailedRun(error: Error): Plan<string> {
  if (!isControlException(error)) return closeRun('fail', error.message);
  if (error instanceof RequestStop) return closeRun('success');
  return closeRun('abort', (error instanceof RequestAbort ? error.reason : error.message) || null);
}

/** Stages the devices before and unstages them after, in reverse, however the plan ends. */
export function* stageWrapper<Result>(plan: Plan<Result>, devices: Iterable<object>): Plan<Result> {
  const roots = separateDevices([...devices].map(rootAncestor));
  let result: Result;
  try {
    yield* stageAll(roots);
    result = yield* plan;
  } catch (error) {
    // In `finally` it would run for a halted plan, too.
    yield* unstageAll([...roots].reverse());
    throw error;
  }
  yield* unstageAll([...roots].reverse());
  return result;
}

/** Stages each device when it is first read, set, triggered or kicked off, and unstages all at the end. */
export function* lazilyStageWrapper<Result>(plan: Plan<Result>): Plan<Result> {
  const staged: object[] = [];
  const insert = (message: Msg): Insertion | null => {
    const { obj } = message;
    if (typeof obj !== 'object' || obj === null || staged.includes(obj)) return null;
    if (!['read', 'set', 'trigger', 'kickoff'].includes(message.command)) return null;
    function* head(): Plan<unknown> {
      const root = rootAncestor(obj as object);
      const result: unknown = yield msg('stage', root);
      staged.push(...(Array.isArray(result) && result.length > 0 ? result : [root]));
      return yield message;
    }
    return { head: head() };
  };
  return yield* finalizeWrapper(planMutator(plan, insert), () => unstageAll([...staged].reverse()));
}

/** Callbacks hear of the documents of this plan only. */
export function* subsWrapper<Result>(plan: Plan<Result>, subscribers: Subscribers): Plan<Result> {
  const tokens: number[] = [];
  function* inner(): Plan<Result> {
    for (const [name, callback] of listedSubscribers(subscribers)) tokens.push(yield* subscribe(name, callback));
    return yield* plan;
  }
  return yield* finalizeWrapper(inner(), function* () {
    for (const token of tokens) yield* unsubscribe(token);
  });
}

/** Suspenders hold up this plan only. */
export function* suspendWrapper<Result>(plan: Plan<Result>, suspenders: readonly Suspender[]): Plan<Result> {
  function* inner(): Plan<Result> {
    for (const suspender of suspenders) yield msg('install_suspender', null, [suspender]);
    return yield* plan;
  }
  return yield* finalizeWrapper(inner(), function* () {
    for (const suspender of suspenders) yield msg('remove_suspender', null, [suspender]);
  });
}

/** Messages of the plan are repeated after a pause, or not. */
export function* rewindableWrapper<Result>(plan: Plan<Result>, wanted: boolean): Plan<Result> {
  if (wanted) return yield* plan;
  const before = yield* rewindable();
  if (before) yield* rewindable(false);
  return yield* finalizeWrapper(plan, function* () {
    if (before) yield* rewindable(true);
  });
}
