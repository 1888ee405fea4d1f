import { isControlException } from '../engine/errors.ts';
import { type Msg, msg, type Plan } from '../engine/msg.ts';
import { begun, planFunction } from '../engine/plan-ledger.ts';

/** What runs in place of a message, and after it. Null: nothing, the message itself. */
export interface Insertion {
  /** In place of the message; its result is the answer to it. */
  readonly head?: Plan | null;
  /** After that. */
  readonly tail?: Plan | null;
}

/** A plan of one message. */
export function* singleMessage<Result>(message: Msg): Plan<Result> {
  return yield message;
}

/** The messages of a list. */
export function* eachMessage(messages: Iterable<Msg>): Plan<void> {
  // With `yield*` a list would be thrown into, and it cannot be.
  for (const message of messages) yield message;
}

/**
 * Inserts plans before, in place of and after messages. Inserted messages are looked at, too; a message that was looked at once
 * passes, so that a head may yield the message that it stands for.
 */
export function* planMutator<Result>(plan: Plan<Result>, process: (message: Msg) => Insertion | null): Plan<Result> {
  const seen = new WeakSet<Msg>();

  function* mutated<R>(inner: Plan<R>): Plan<R> {
    let step = begun(inner).next();
    while (!step.done) {
      let answer: unknown;
      try {
        answer = yield* replaced(step.value);
      } catch (error) {
        step = inner.throw(error);
        continue;
      }
      step = inner.next(answer);
    }
    return step.value;
  }

  function* replaced(message: Msg): Plan<unknown> {
    if (seen.has(message)) return yield message;
    seen.add(message);
    const { head = null, tail = null } = process(message) ?? {};
    if (!head && !tail) return yield message;
    const answer = yield* mutated(head ?? singleMessage(message));
    if (tail) yield* mutated(tail);
    return answer;
  }

  return yield* mutated(plan);
}

/** Changes messages one by one. @param process - gives what is yielded instead; null: nothing is, and the plan gets no answer. */
export function* msgMutator<Result>(plan: Plan<Result>, process: (message: Msg) => Msg | null): Plan<Result> {
  let step = begun(plan).next();
  while (!step.done) {
    let answer: unknown;
    try {
      const message = process(step.value);
      answer = message ? yield message : undefined;
    } catch (error) {
      step = plan.throw(error);
      continue;
    }
    step = plan.next(answer);
  }
  return step.value;
}

/** One plan after the other. @returns their results. */
export function* pchain(...plans: readonly Plan[]): Plan<readonly unknown[]> {
  const results: unknown[] = [];
  try {
    for (const plan of plans) results.push(yield* plan);
  } catch (error) {
    if (isControlException(error)) for (const plan of plans) plan.return(undefined);
    throw error;
  }
  return results;
}

/** Gives every message without a run key this one. */
export function setRunKeyWrapper<Result>(plan: Plan<Result>, run: string): Plan<Result> {
  return msgMutator(plan, (message) => (message.run === null ? { ...message, run } : message));
}

/** Adds metadata to every run of the plan; it counts before that of the plan. */
export function injectMdWrapper<Result>(plan: Plan<Result>, md: Readonly<Record<string, unknown>>): Plan<Result> {
  return msgMutator(plan, (message) =>
    message.command === 'open_run' ? { ...message, kwargs: { ...message.kwargs, ...md } } : message,
  );
}

/** A plan as a part of another one: without its runs and without staging. @returns the metadata of its runs. */
export function* stubWrapper(plan: Plan): Plan<Readonly<Record<string, unknown>>> {
  const metadata: Record<string, unknown> = {};
  yield* msgMutator(plan, (message) => {
    if (message.command === 'open_run') Object.assign(metadata, message.kwargs);
    return ['open_run', 'close_run', 'stage', 'unstage'].includes(message.command) ? null : message;
  });
  return metadata;
}

/** Whether messages from here on are repeated after a pause. @returns what holds now. */
export const rewindable = planFunction('rewindable', function* (wanted: boolean | null = null): Plan<boolean> {
  return yield msg('rewindable', null, [wanted]);
});
