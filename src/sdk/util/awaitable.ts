/** A value that may take its time. */
type Awaitable<T> = T | Promise<T>;

/**
 * `next(value)` at once when `value` is there, else when it has come. Unlike `await` it costs no turn of the event loop:
 * devices that answer at once are read several hundred thousand times per second.
 */
export function after<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** All values at once when all are there, else when the last has come. Rejects with the first error. */
export function allOf<T extends readonly unknown[]>(
  values: {
    readonly [K in keyof T]: Awaitable<T[K]>;
  },
): Awaitable<T> {
  return values.some((value) => value instanceof Promise)
    ? (Promise.all(values) as unknown as Promise<T>)
    : (values as unknown as T);
}

/** `step` for one item after the other; nothing else begins while one takes its time. */
export function inTurn<T>(items: Iterable<T>, step: (item: T) => Awaitable<void>): Awaitable<void> {
  const rest = items[Symbol.iterator]();
  for (let item = rest.next(); !item.done; item = rest.next()) {
    const busy = step(item.value);
    if (busy instanceof Promise) return busy.then(() => inTurn({ [Symbol.iterator]: () => rest }, step));
  }
}
