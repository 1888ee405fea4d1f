import { asError, RedsunError } from '../../util/index.ts';
import type { Awaitable } from '../protocols.ts';
import { Status } from '../status.ts';

interface Move<Target> {
  readonly target: Target;
  readonly status: Status;
  readonly controller: AbortController;
}

/** One move at a time. A newer one gives the one before it up; its status fails then, or finishes where the stop was a calm one. */
export class MoveInHand<Target> {
  readonly #device: string;
  readonly #onEnd: () => void;
  #move: Move<Target> | null = null;

  /** @param onEnd - called when it stands still, before the status knows */
  constructor(device: string, onEnd: () => void) {
    this.#device = device;
    this.#onEnd = onEnd;
  }

  /** Where it is going; null: it stands still. */
  get target(): Target | null {
    return this.#move?.target ?? null;
  }

  /** True while it moves. */
  get isMoving(): boolean {
    return this.#move !== null;
  }

  /** Of the move to `target` that is going on; null: there is none. */
  statusTo(target: Target): Status | null {
    return this.#move?.target === target ? this.#move.status : null;
  }

  /** Begins a move. @param words - of the target, for people: `12.5 um`. @param work - resolves when it has arrived; the signal aborts it */
  start(target: Target, words: string, work: (signal: AbortSignal) => Awaitable<void>): Status {
    const superseded = `${this.#device}: the move was given up for one to ${words}`;
    this.giveUp(new RedsunError('device/superseded', superseded));
    const status = new Status({ label: `${this.#device}: move to ${words}` });
    const move: Move<Target> = { target, status, controller: new AbortController() };
    this.#move = move;
    const end = (error: Error | null) => {
      if (this.#move === move) this.#finish(move, error);
    };
    const working = new Promise<void>((resolve) => resolve(work(move.controller.signal)));
    working.then(
      () => end(null),
      (thrown: unknown) => end(asError(thrown)),
    );
    return status;
  }

  /** Ends the move where it is: with `error`, or as done. Nothing where there is none. */
  giveUp(error: Error | null): void {
    const move = this.#move;
    if (!move) return;
    move.controller.abort(error ?? new RedsunError('device/stopped', `${this.#device}: stopped`));
    if (this.#move === move) this.#finish(move, error);
  }

  #finish(move: Move<Target>, error: Error | null): void {
    this.#move = null;
    this.#onEnd();
    if (error) move.status.setException(error);
    else move.status.setFinished();
  }
}
