import { onAbort } from '../util/disposable.ts';
import { RedsunError } from '../util/errors.ts';

/** Who waits for a frame to be readable. */
export class Acknowledgements {
  readonly #waiting = new Set<{ look(): void; giveUp(): void }>();

  /** Resolves when `reached()`; rejects with the signal's reason, and when nothing more will come. @param what - for messages. */
  wait(reached: () => boolean, what: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        listening[Symbol.dispose]();
        this.#waiting.delete(waiter);
        settle();
      };
      const waiter = {
        look: () => {
          if (reached()) end(resolve);
        },
        giveUp: () => end(() => reject(new RedsunError('store/closed', `${what} will not come: the store is closed`))),
      };
      this.#waiting.add(waiter);
      const listening = onAbort(signal, () => queueMicrotask(() => end(() => reject(signal.reason))));
      waiter.look();
    });
  }

  /** More frames can be read. */
  look(): void {
    for (const waiter of [...this.#waiting]) waiter.look();
  }

  /** No more frames will come. */
  giveUp(): void {
    for (const waiter of [...this.#waiting]) waiter.giveUp();
  }
}
