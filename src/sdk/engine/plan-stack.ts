import { asError, RedsunError } from '../util/errors.ts';
import { isMsg, type Msg, type Plan } from './msg.ts';
import { begun, PlanLedger, stepCounted } from './plan-ledger.ts';

/** What a plan is told at its `yield`. */
export type Answer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: Error };

/** How the last plan came to its end. */
export type PlanEnd =
  | { readonly kind: 'ended'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly error: Error };

interface Level {
  readonly plan: Plan;
  /** What it is told when it is taken further: an error when there is one. */
  value: unknown;
  error: Error | null;
  /** Its result is the answer to the plan below. */
  readonly replay: boolean;
}

/** Plans on top of plans: a resumed run puts the replay of its messages on top of the plan that was broken off. */
export class PlanStack {
  readonly #ledger = new PlanLedger();
  #levels: Level[] = [];
  #end: PlanEnd | null = null;

  get empty(): boolean {
    return this.#levels.length === 0;
  }

  /** How the last plan ended; null while there is one. */
  get end(): PlanEnd | null {
    return this.#end;
  }

  /** Plans that were called without `yield*` so far: how often, by name. */
  get forgotten(): ReadonlyMap<string, number> {
    return this.#ledger.forgotten;
  }

  push(plan: Plan): void {
    this.#levels.push({ plan: begun(plan), value: undefined, error: null, replay: false });
  }

  /** Repeats messages. `handsOver`: the last answer is what the plan below still waits for. */
  pushReplay(messages: readonly Msg[], handsOver: boolean): void {
    this.#levels.push({ plan: replayPlan(messages, handsOver), value: undefined, error: null, replay: true });
  }

  /** Drops every plan as it stands: `return()` would run `finally` blocks, and those may yield. */
  clear(): void {
    this.#levels = [];
  }

  /** What the plan on top is told next. */
  answer(value: unknown): void {
    const top = this.#levels[this.#levels.length - 1];
    if (!top) return;
    top.value = value;
    top.error = null;
  }

  /** What is thrown into the plan on top next. */
  throwInto(error: Error): void {
    const top = this.#levels[this.#levels.length - 1];
    if (top) top.error = error;
  }

  /** Takes the plan on top one step further. Null: there was no message, because a plan ended or yielded something else. */
  next(): Msg | null {
    const top = this.#levels[this.#levels.length - 1];
    if (!top) return null;
    try {
      const step = stepCounted(this.#ledger, top.plan, top.value, top.error);
      if (step.done) {
        this.#pop(top, { kind: 'ended', result: step.value });
        return null;
      }
      if (isMsg(step.value)) return step.value;
      top.error = notAMessage(step.value);
      return null;
    } catch (thrown) {
      this.#pop(top, { kind: 'failed', error: asError(thrown) });
      return null;
    }
  }

  #pop({ replay }: Level, end: PlanEnd): void {
    this.#levels.pop();
    if (this.empty) this.#end = end;
    else if (end.kind === 'failed') this.throwInto(end.error);
    else if (replay && end.result) this.#answerAs(end.result as Answer);
  }

  #answerAs(answer: Answer): void {
    if (answer.kind === 'value') this.answer(answer.value);
    else this.throwInto(answer.error);
  }
}

function notAMessage(yielded: unknown): RedsunError {
  const isPlan = typeof yielded === 'object' && yielded !== null && 'next' in yielded;
  const isFunction = typeof yielded === 'function';
  const hint = isPlan ? ' A plan inside a plan needs `yield*`.' : isFunction ? ' Call it, with `yield*`.' : '';
  const shown = isFunction ? `the function ${yielded.name || '(without a name)'}` : String(yielded);
  return new RedsunError('engine/not-a-message', `The plan yielded ${shown}, which is no message.${hint}`);
}

/** @returns the answer to the last message, when the plan below still waits for it. */
function* replayPlan(messages: readonly Msg[], handsOver: boolean): Plan<Answer | null> {
  let value: unknown;
  for (const message of messages) value = yield message;
  return handsOver && messages.length > 0 ? { kind: 'value', value } : null;
}
