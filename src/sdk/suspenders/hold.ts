import type { Clock } from '../util/clock.ts';
import { onAbort } from '../util/disposable.ts';

/** Something that plans wait for. It ends once. */
export class Hold {
  readonly #clock: Clock;
  readonly #ended: Promise<void>;
  #end: (error: Error | null) => void = () => {};
  #timer: Disposable | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#ended = new Promise((resolve, reject) => {
      this.#end = (error) => (error ? reject(error) : resolve());
    });
    // A failure that nobody waits for is told to the next one who does.
    this.#ended.catch(() => {});
  }

  /** Resolves at the end; rejects when `signal` aborts first. */
  async until(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const listener = onAbort(signal, () => reject(signal.reason));
      this.#ended.then(resolve, reject).finally(() => listener[Symbol.dispose]());
    });
  }

  /** Ends it `delayMs` from now, unless `keep` comes first. The first call counts. */
  releaseAfter(delayMs: number, then: () => void): void {
    this.#timer ??= this.#clock.setTimeout(() => {
      this.release();
      then();
    }, delayMs);
  }

  /** It goes on after all. */
  keep(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
  }

  /** Ends it now. */
  release(): void {
    this.keep();
    this.#end(null);
  }

  /** Ends it as failed: who waits hears why. */
  fail(error: Error): void {
    this.keep();
    this.#end(error);
  }
}
