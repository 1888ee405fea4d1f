import type { Logger } from '../log/logger.ts';
import type { Clock } from '../util/clock.ts';
import { asError, RedsunError, ValueError } from '../util/errors.ts';

/** Second call of `setFinished` or `setException`. Code `status/invalid-state`. */
export class InvalidState extends RedsunError<'status/invalid-state'> {
  /** @param message - which status. */
  constructor(message: string) {
    super('status/invalid-state', message);
    this.name = 'InvalidState';
  }
}

/** The status' own timeout expired. Code `status/timeout`. */
export class StatusTimeoutError extends RedsunError<'status/timeout'> {
  /** @param message - which status. */
  constructor(message: string) {
    super('status/timeout', message);
    this.name = 'StatusTimeoutError';
  }
}

/** `wait` or `exception` was given a timeout, and it expired. Code `status/wait-timeout`. */
export class WaitTimeoutError extends RedsunError<'status/wait-timeout'> {
  /** @param message - which status. */
  constructor(message: string) {
    super('status/wait-timeout', message);
    this.name = 'WaitTimeoutError';
  }
}

/** A device reported a failure without a reason. Part of the seed's API; nothing in Redsun throws it. Code `status/unknown-failure`. */
export class UnknownStatusFailure extends RedsunError<'status/unknown-failure'> {
  /** @param message - what is known. */
  constructor(message: string) {
    super('status/unknown-failure', message);
    this.name = 'UnknownStatusFailure';
  }
}

/** How long something may take, and who hears of it. */
export interface StatusOptions {
  /** Seconds from construction until it fails by itself; null: never. */
  readonly timeout?: number | null;
  /** Seconds between `setFinished` and done. Counts towards the timeout. */
  readonly settleTime?: number | null;
  /** What is going on, for messages: `z: move to 12.5 um`. */
  readonly label?: string;
  /** Counts the time-out and the settle time; needed when there is one of them, or a timeout in `wait`. */
  readonly clock?: Clock;
  /** Hears of time-outs, and of callbacks that throw. Without one those errors are thrown in a microtask. */
  readonly logger?: Logger;
}

type State =
  | { readonly kind: 'pending' }
  | { readonly kind: 'settling' }
  | { readonly kind: 'done'; readonly error: Error | null; readonly calls: number };

/**
 * The state of something that takes time: a move, an exposure. It is done once, with or without an error; late calls are ignored once,
 * as the operation may report after its time was up. `done` is true as soon as `setFinished()` without settle time has returned.
 */
export class Status {
  readonly #options: StatusOptions;
  #state: State = { kind: 'pending' };
  #callbacks: ((status: Status) => void)[] = [];
  #timers: Disposable[] = [];

  /** @param options - time-out and settle time, s. @throws RedsunError `status/no-clock` for a timeout without a clock. */
  constructor(options: StatusOptions = {}) {
    this.#options = options;
    if (this.timeout !== null) {
      const deadlineMs = (this.timeout + this.settleTime) * 1000;
      this.#timers.push(this.#requireClock().setTimeout(() => this.#expire(), deadlineMs));
    }
  }

  /** Seconds from construction until it fails by itself, the settle time added; null: never. */
  get timeout(): number | null {
    return this.#options.timeout ?? null;
  }

  /** Seconds between `setFinished` and done. Negative: as 0. */
  get settleTime(): number {
    return this.#options.settleTime ?? 0;
  }

  /** What is going on, for messages. */
  get label(): string {
    return this.#options.label ?? 'status';
  }

  /** Finished, with or without an error. Never false again. */
  get done(): boolean {
    return this.#state.kind === 'done';
  }

  /** Done without an error. */
  get success(): boolean {
    return this.#state.kind === 'done' && this.#state.error === null;
  }

  /** What it failed with; null while pending and after success. */
  get error(): Error | null {
    return this.#state.kind === 'done' ? this.#state.error : null;
  }

  /** Who is to be called when it is done; empty after that. */
  get callbacks(): readonly ((status: Status) => void)[] {
    return [...this.#callbacks];
  }

  /** Done, after the settle time. Once ignored when the time was up before. @throws InvalidState when the status was set before. */
  setFinished(): void {
    if (!this.#claim()) return;
    if (this.settleTime > 0) {
      this.#state = { kind: 'settling' };
      this.#timers.push(this.#requireClock().setTimeout(() => this.#finish(null, 1), this.settleTime * 1000));
    } else this.#finish(null, 1);
  }

  /**
   * Failed, at once, whatever the settle time. Once ignored when the time was up before.
   * @throws InvalidState when the status was set before; ValueError for anything but an Error, and for the two time-out errors of this module.
   */
  setException(error: Error): void {
    if (!(error instanceof Error)) throw new ValueError(`Expected an Exception, got ${representation(error)}`);
    if (error instanceof StatusTimeoutError || error instanceof WaitTimeoutError) {
      throw new ValueError(
        `${error.name} has special significance and cannot be set as the exception. Use a plain TimeoutError or some other subclass thereof.`,
      );
    }
    if (this.#claim()) this.#finish(error, 1);
  }

  /** The error that it ended with, or null. @param timeout - s; null: as long as it takes. @throws WaitTimeoutError after `timeout` s. */
  async exception(timeout: number | null = null): Promise<Error | null> {
    await this.#settled(timeout);
    return this.error;
  }

  /** Resolves when done; rejects with the error that it ended with. @param timeout - s; null: as long as it takes. @throws WaitTimeoutError after `timeout` s. */
  async wait(timeout: number | null = null): Promise<void> {
    const error = await this.exception(timeout);
    if (error) throw error;
  }

  /** Called once, when done; at once when it already is, and then what it throws is thrown here. */
  addCallback(callback: (status: Status) => void): void {
    if (this.done) callback(this);
    else this.#callbacks.push(callback);
  }

  /** For messages: what is going on, and how far it is. */
  toString(): string {
    return `Status(${this.label}, done=${this.done}, success=${this.success})`;
  }

  /** True when this call may set the outcome; the one late call after a timeout is swallowed. */
  #claim(): boolean {
    if (this.#state.kind === 'pending') return true;
    if (this.#state.kind === 'done' && this.#state.calls === 0) {
      this.#state = { ...this.#state, calls: 1 };
      return false;
    }
    throw new InvalidState(`Either set_finished() or set_exception() has already been called on ${this}`);
  }

  #expire(): void {
    if (this.done) return;
    const calls = this.#state.kind === 'settling' ? 1 : 0;
    this.#options.logger?.warning(`${this} has timed out`);
    this.#finish(new StatusTimeoutError(`Status ${this} failed to complete in specified timeout.`), calls);
  }

  #finish(error: Error | null, calls: number): void {
    if (this.done) return;
    this.#state = { kind: 'done', error, calls };
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers = [];
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) {
      try {
        callback(this);
      } catch (thrown) {
        this.#report(asError(thrown), callback);
      }
    }
  }

  #report(error: Error, callback: (status: Status) => void): void {
    const { logger } = this.#options;
    if (logger) {
      logger.error(
        `An error was raised while running the callback ${callback.name || 'of'} (${this}): ${error.message}`,
      );
      return;
    }
    queueMicrotask(() => {
      throw error;
    });
  }

  #settled(timeout: number | null): Promise<void> {
    if (this.done) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer =
        timeout === null
          ? null
          : this.#requireClock().setTimeout(
              () => reject(new WaitTimeoutError('Status has not completed yet.')),
              timeout * 1000,
            );
      this.addCallback(() => {
        timer?.[Symbol.dispose]();
        resolve();
      });
    });
  }

  #requireClock(): Clock {
    const { clock } = this.#options;
    if (!clock) throw new RedsunError('status/no-clock', `${this.label}: a timeout or settle time needs a clock`);
    return clock;
  }
}

/** A value as it stands in a program. */
function representation(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'function' ? value.name : String(value);
}

/** A status that is already done. */
export function finishedStatus(label = 'done'): Status {
  const status = new Status({ label });
  status.setFinished();
  return status;
}

/** What work is, and how it may be ended. */
export interface StatusOfOptions {
  /** What is going on, for messages: `z: move to 12.5 um`. */
  readonly label: string;
  /** Counts `timeoutMs`. */
  readonly clock: Clock;
  /** After this long `work`'s signal aborts and the status fails. */
  readonly timeoutMs?: number;
  /** Aborts the work from outside: what `stop()` of the device pulls. */
  readonly signal?: AbortSignal;
}

/** The status of an asynchronous piece of work; it fails with what the work rejects with. */
export function statusOf(work: (signal: AbortSignal) => Promise<void>, options: StatusOfOptions): Status {
  const status = new Status({ label: options.label });
  const controller = new AbortController();
  const settle = (error: Error | null) => {
    if (status.done) return;
    timer?.[Symbol.dispose]();
    options.signal?.removeEventListener('abort', onOuterAbort);
    if (error) status.setException(error);
    else status.setFinished();
  };
  const onOuterAbort = () => controller.abort(options.signal?.reason);
  const { timeoutMs } = options;
  const timer =
    timeoutMs === undefined
      ? null
      : options.clock.setTimeout(() => {
          const error = new RedsunError('device/timeout', `${options.label}: not done after ${timeoutMs} ms`);
          controller.abort(error);
          settle(error);
        }, timeoutMs);
  if (options.signal?.aborted) controller.abort(options.signal.reason);
  else options.signal?.addEventListener('abort', onOuterAbort, { once: true });
  work(controller.signal).then(
    () => settle(null),
    (thrown: unknown) => settle(asError(thrown)),
  );
  return status;
}
