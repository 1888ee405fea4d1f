import { onAbort, toDisposable } from './disposable.ts';

/** The only source of time: injected, so that tests can hold it still. */
export interface Clock {
  /** Unix time, s. */
  now(): number;
  /** Time that never goes back, ms, from an arbitrary origin. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`; dispose to cancel. Delays over 2^31 ms are allowed. */
  setTimeout(callback: () => void, delayMs: number): Disposable;
  /** Resolves after `delayMs`; rejects with the signal's reason when aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** `clock.sleep` for a clock that has only `setTimeout`. */
export function sleepWith(
  setTimer: (callback: () => void, delayMs: number) => Disposable,
  delayMs: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimer(() => {
      listener[Symbol.dispose]();
      resolve();
    }, delayMs);
    const listener = signal
      ? onAbort(signal, () => {
          timer[Symbol.dispose]();
          reject(signal.reason);
        })
      : toDisposable(() => {});
  });
}
