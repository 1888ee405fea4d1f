import type { RunEngine } from 'redsun/sdk/engine';
import type { Clock } from 'redsun/sdk/util';

/** Time that stands still while the run is paused, by whomever: what is due then is due as much later. */
export class WorkClock {
  readonly #clock: Clock;
  #pausedMs = 0;
  #pausedSinceMs: number | null = null;

  constructor(engine: Pick<RunEngine, 'stateChanged'>, clock: Clock) {
    this.#clock = clock;
    engine.stateChanged.connect((state) => {
      const isPaused = state === 'pausing' || state === 'paused';
      const nowMs = clock.monotonicMs();
      if (isPaused) this.#pausedSinceMs ??= nowMs;
      else if (this.#pausedSinceMs !== null) {
        this.#pausedMs += nowMs - this.#pausedSinceMs;
        this.#pausedSinceMs = null;
      }
    });
  }

  /** Monotonic, s. */
  readonly nowS = (): number => ((this.#pausedSinceMs ?? this.#clock.monotonicMs()) - this.#pausedMs) / 1000;
}
