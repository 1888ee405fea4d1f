import { asError, RedsunError } from '../util/errors.ts';
import { isMsg, type Msg, type Plan } from './msg.ts';

/** What a plan is told at its `yield`. */
export type Answer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: Error };

export type Step =
  | { readonly kind: 'message'; readonly message: Msg }
  /** The plan on top is over; the one below goes on. */
  | { readonly kind: 'popped' }
  | { readonly kind: 'ended'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly error: Error };

interface Level {
  readonly plan: Plan;
  /** What it is told when it is taken further. */
  answer: Answer;
  /** Its result is the answer to the plan below. */
  readonly replay: boolean;
}

/** Plans on top of plans: a resumed run puts the replay of its messages on top of the plan that was broken off. */
export class PlanStack {
  #levels: Level[] = [];

  get empty(): boolean {
    return this.#levels.length === 0;
  }

  push(plan: Plan): void {
    this.#levels.push({ plan, answer: { kind: 'value', value: undefined }, replay: false });
  }

  /** Repeats messages. `handsOver`: the last answer is what the plan below still waits for. */
  pushReplay(messages: readonly Msg[], handsOver: boolean): void {
    const plan = replayPlan(messages, handsOver);
    this.#levels.push({ plan, answer: { kind: 'value', value: undefined }, replay: true });
  }

  /** Drops every plan as it stands: `return()` would run `finally` blocks, and those may yield. */
  clear(): void {
    this.#levels = [];
  }

  /** Sets what the plan on top is told next. */
  answer(answer: Answer): void {
    const top = this.#levels[this.#levels.length - 1];
    if (top) top.answer = answer;
  }

  /** Takes the plan on top one step further. */
  next(): Step {
    const top = this.#levels[this.#levels.length - 1];
    if (!top) return { kind: 'ended', result: undefined };
    const { plan, answer, replay } = top;
    try {
      const step = answer.kind === 'error' ? plan.throw(answer.error) : plan.next(answer.value);
      if (!step.done) return { kind: 'message', message: messageOf(step.value) };
      this.#levels.pop();
      if (this.empty) return { kind: 'ended', result: step.value };
      if (replay && step.value) this.answer(step.value as Answer);
      return { kind: 'popped' };
    } catch (thrown) {
      const error = asError(thrown);
      this.#levels.pop();
      if (this.empty) return { kind: 'failed', error };
      this.answer({ kind: 'error', error });
      return { kind: 'popped' };
    }
  }
}

function messageOf(yielded: unknown): Msg {
  if (isMsg(yielded)) return yielded;
  const isPlan = typeof yielded === 'object' && yielded !== null && 'next' in yielded;
  const hint = isPlan ? ' A plan inside a plan needs `yield*`.' : '';
  throw new RedsunError('engine/not-a-message', `The plan yielded ${String(yielded)}, which is no message.${hint}`);
}

/** @returns the answer to the last message, when the plan below still waits for it. */
function* replayPlan(messages: readonly Msg[], handsOver: boolean): Plan<Answer | null> {
  let value: unknown;
  for (const message of messages) value = yield message;
  return handsOver && messages.length > 0 ? { kind: 'value', value } : null;
}
