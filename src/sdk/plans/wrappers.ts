import { isStageable } from '../device/protocols.ts';
import type { Plan } from '../engine/msg.ts';
import { closeRun, openRun, stage, unstage } from './stubs.ts';

/** Runs `last` after `plan`, however it ends; the plan's own error goes on. */
export function* finalize<Result>(plan: Plan<Result>, last: () => Plan<unknown>): Plan<Result> {
  let result: Result;
  try {
    result = yield* plan;
  } catch (error) {
    yield* last();
    throw error;
  }
  yield* last();
  return result;
}

/** Opens a run before and closes it after. If the plan fails, the engine closes it with the reason. */
export function* withRun<Result>(plan: Plan<Result>, metadata: Record<string, unknown>): Plan<Result> {
  yield* openRun(metadata);
  const result = yield* plan;
  yield* closeRun();
  return result;
}

/** Stages the devices before and unstages them after, in reverse, however the plan ends. */
export function* withStaged<Result>(devices: Iterable<object>, plan: () => Plan<Result>): Plan<Result> {
  const staged: Parameters<typeof stage>[0][] = [];
  function* inner(): Plan<Result> {
    for (const device of devices) {
      if (!isStageable(device)) continue;
      staged.unshift(device);
      yield* stage(device);
    }
    return yield* plan();
  }
  return yield* finalize(inner(), function* () {
    for (const device of staged) yield* unstage(device);
  });
}
