import type { Msg, Plan } from './msg.ts';

interface Entry {
  /** Made and not yet begun. */
  count: number;
  /** Stands in for the iterator of a plan: `yield*` asks for it once, when it begins. */
  readonly begin: (this: Plan) => Plan;
}

/**
 * Plans that are made while another one runs, until they begin: a call without `yield*` makes a plan that never does, and would be
 * missed by nobody.
 */
export class PlanLedger {
  readonly #entries = new Map<string, Entry>();

  /** How often plans were made and not begun, by name. */
  get forgotten(): ReadonlyMap<string, number> {
    return new Map([...this.#entries].filter(([, { count }]) => count > 0).map(([name, { count }]) => [name, count]));
  }

  /** Counts `plan` until it begins. */
  made(plan: Plan, name: string): void {
    const entry = this.#entries.get(name) ?? this.#add(name);
    entry.count++;
    (plan as { [Symbol.iterator]: unknown })[Symbol.iterator] = entry.begin;
  }

  #add(name: string): Entry {
    const entry: Entry = {
      count: 0,
      begin() {
        entry.count--;
        (this as { [Symbol.iterator]: unknown })[Symbol.iterator] = itself;
        return this;
      },
    };
    this.#entries.set(name, entry);
    return entry;
  }
}

function itself(this: Plan): Plan {
  return this;
}

/** Of the plan that is being taken a step further. A generator knows no engine: whoever steps it says whose plans it makes. */
let current: PlanLedger | null = null;

/** Takes a plan one step further, with an answer or an error; plans that it makes meanwhile are counted. */
export function stepCounted(
  ledger: PlanLedger,
  plan: Plan,
  value: unknown,
  error: Error | null,
): IteratorResult<Msg, unknown> {
  const outer = current;
  current = ledger;
  try {
    return error === null ? plan.next(value) : plan.throw(error);
  } finally {
    current = outer;
  }
}

/** Counts a plan that was made just now. @returns the plan. */
export function counted<P extends Plan>(plan: P, name: string): P {
  current?.made(plan, name);
  return plan;
}

/** Tells that somebody takes `plan` further by hand, without `yield*`. @returns the plan. */
export function begun<P extends Plan<unknown>>(plan: P): P {
  return plan[Symbol.iterator]() as P;
}

/**
 * Makes a plan function whose calls are missed when `yield*` is forgotten: the engine tells of it at the end of the call.
 * @param name - for that message. @param make - a generator function. @returns the function to call. @typeParam F - its type.
 */
export function planFunction<F extends (...args: never[]) => Plan<unknown>>(name: string, make: F): F {
  const defined = (...args: never[]) => {
    const plan = make(...args);
    current?.made(plan, name);
    return plan;
  };
  return Object.defineProperty(defined, 'name', { value: name }) as F;
}
