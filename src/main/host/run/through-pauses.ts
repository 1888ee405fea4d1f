import { type RunEngine, RunEngineInterrupted } from 'redsun/sdk/engine';
import { asError } from 'redsun/sdk/util';

/** A plan from its start to its end: each pause ends what the engine promised, and each time it goes on there is a new promise. */
export class ThroughPauses {
  readonly #engine: RunEngine;
  #goesOn: Promise<unknown> | null = null;
  #wake: (() => void) | null = null;

  constructor(engine: RunEngine) {
    this.#engine = engine;
  }

  /** The paused plan goes on. */
  goOn(): void {
    this.#goesOn = this.#engine.resume();
    this.#wake?.();
  }

  /** @returns why the plan did not come to its own end; null: it did. Never rejects. */
  async toEnd(first: Promise<unknown>): Promise<Error | null> {
    let going = first;
    for (;;) {
      const error = await going.then(
        () => null,
        (thrown: unknown) => asError(thrown),
      );
      const resumed = error instanceof RunEngineInterrupted ? await this.#resumedOrIdle() : null;
      if (resumed === null) return error;
      going = resumed.going;
    }
  }

  /** After a pause: what the engine does next, or null when it was ended. Resuming may have come first. */
  async #resumedOrIdle(): Promise<{ readonly going: Promise<unknown> } | null> {
    while (!this.#goesOn && this.#engine.state !== 'idle') {
      await new Promise<void>((resolve) => {
        const connection = this.#engine.stateChanged.connect((state) => state === 'idle' && this.#wake?.());
        this.#wake = () => {
          connection[Symbol.dispose]();
          resolve();
        };
      });
    }
    const going = this.#goesOn;
    this.#goesOn = null;
    this.#wake = null;
    return going && { going };
  }
}
