import type { Clock } from 'redsun/sdk/util';

/** Runs `apply` with the newest value at most once per `intervalMs`: at once when it has been quiet, else at the end of the interval. */
export function paced<Value>(
  clock: Pick<Clock, 'setTimeout' | 'monotonicMs'>,
  intervalMs: number,
  apply: (value: Value) => void,
): (value: Value) => void {
  let appliedMs = Number.NEGATIVE_INFINITY;
  let waiting: { readonly value: Value } | null = null;
  const run = (value: Value) => {
    appliedMs = clock.monotonicMs();
    apply(value);
  };
  return (value) => {
    if (waiting !== null) {
      waiting = { value };
      return;
    }
    const dueMs = appliedMs + intervalMs - clock.monotonicMs();
    if (dueMs <= 0) return run(value);
    waiting = { value };
    clock.setTimeout(() => {
      const last = waiting;
      waiting = null;
      if (last !== null) run(last.value);
    }, dueMs);
  };
}

/** Sends the newest value, one at a time: what comes while one is under way replaces what waits. */
export function latestOnly<Value>(send: (value: Value) => Promise<unknown>): (value: Value) => void {
  let busy = false;
  let waiting: { readonly value: Value } | null = null;
  const run = async (value: Value) => {
    busy = true;
    try {
      await send(value);
    } finally {
      busy = false;
      const next = waiting;
      waiting = null;
      if (next !== null) void run(next.value);
    }
  };
  return (value) => {
    if (busy) waiting = { value };
    else void run(value);
  };
}
