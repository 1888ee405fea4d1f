import type { Awaitable } from '../protocols.ts';

/** `next` of a value that may have to be waited for: at once where it need not. */
export function awaited<Value, Result>(value: Awaitable<Value>, next: (value: Value) => Result): Awaitable<Result> {
  return value instanceof Promise ? value.then(next) : next(value as Value);
}
