import { onAbort } from './disposable.ts';

interface Waiter {
  readonly isReached: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Those who wait for something to come true, each until its signal gives it up. They are let go in the order in which they came. */
export class WaitingList {
  readonly #waiters = new Set<Waiter>();

  /**
   * Resolves when `isReached()`: at once, or when somebody says `look`.
   * @throws the reason of `signal`; what `fail` was given
   */
  until(isReached: () => boolean, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (isReached()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        this.#waiters.delete(waiter);
        listener[Symbol.dispose]();
        settle();
      };
      const waiter: Waiter = {
        isReached,
        resolve: () => end(resolve),
        reject: (reason) => end(() => reject(reason)),
      };
      this.#waiters.add(waiter);
      const listener = onAbort(signal, () => waiter.reject(signal.reason));
    });
  }

  /** Something has changed: whoever waited for just that goes on. */
  look(): void {
    for (const waiter of this.#waiters) if (waiter.isReached()) waiter.resolve();
  }

  /** It will not come true: for those who wait now. */
  fail(reason: unknown): void {
    for (const waiter of this.#waiters) waiter.reject(reason);
  }
}
