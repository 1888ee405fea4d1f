import { asError, RedsunError } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import type { Awaitable } from '../protocols.ts';
import { Status } from '../status.ts';
import { Tail } from './tail.ts';

interface Move<Target> {
  readonly target: Target;
  readonly status: Status;
  readonly controller: AbortController;
  readonly timer: Disposable | null;
}

/** How moves are timed, and who hears of their end. */
export interface MoveOptions {
  /** Of the session. */
  readonly clock: DeviceContext['clock'];
  /** A move that takes longer has failed, ms. Absent: it may take for ever. */
  readonly deadlineMs?: number | undefined;
  /** Called when it stands still, before the status knows. `error`: why it is not where it should be; null: it is, or was stopped. */
  readonly onEnd: (error: Error | null) => void;
}

/**
 * One move at a time. A newer one gives the one before it up, and begins when that has halted; the status of the older one fails at once,
 * or finishes where the stop was a calm one.
 */
export class MoveInHand<Target> {
  readonly #device: string;
  readonly #options: MoveOptions;
  readonly #tail: Tail;
  #move: Move<Target> | null = null;

  constructor(device: string, options: MoveOptions) {
    this.#device = device;
    this.#options = options;
    this.#tail = new Tail(device, options.clock);
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
    const { clock, deadlineMs } = this.#options;
    const late = () => {
      const error = new RedsunError('device/timeout', `${this.#device}: not at ${words} after ${deadlineMs} ms`);
      if (this.#move === move) this.giveUp(error);
    };
    const timer = deadlineMs === undefined ? null : clock.setTimeout(late, deadlineMs);
    const move: Move<Target> = { target, status, controller: new AbortController(), timer };
    this.#move = move;
    const end = (error: Error | null) => {
      if (this.#move === move) this.#finish(move, error);
    };
    this.#tail.run(move.controller.signal, work).then(
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
    move.timer?.[Symbol.dispose]();
    this.#options.onEnd(error);
    if (error) move.status.setException(error);
    else move.status.setFinished();
  }
}
