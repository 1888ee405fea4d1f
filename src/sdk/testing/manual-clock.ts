import { type Clock, sleepWith } from '../util/clock.ts';
import { toDisposable } from '../util/disposable.ts';
import { RedsunError } from '../util/errors.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Promise chains longer than this that wait for no timer are taken for a deadlock. */
const TURNS_WITHOUT_TIMER = 5000;
/** Promise chains shorter than this end before the next timer fires. */
const TURNS_BETWEEN_TIMERS = 500;

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly #startS: number;
  readonly #timers = new Set<Timer>();
  #elapsedMs = 0;
  #order = 0;

  /** @param startS - Unix time of the start, s. */
  constructor(startS = 1_800_000_000) {
    this.#startS = startS;
  }

  now(): number {
    return this.#startS + this.#elapsedMs / 1000;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  setTimeout(callback: () => void, delayMs: number): Disposable {
    const timer: Timer = { dueMs: this.#elapsedMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.add(timer);
    return toDisposable(() => this.#timers.delete(timer));
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepWith((callback, delay) => this.setTimeout(callback, delay), delayMs, signal);
  }

  /** Timers that have not fired. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `durationMs` pass: timers fire in order, and promises settle in between. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#elapsedMs + durationMs;
    await turns(TURNS_BETWEEN_TIMERS);
    for (let timer = this.#next(); timer !== null && timer.dueMs <= endMs; timer = this.#next()) {
      this.#fire(timer);
      await turns(TURNS_BETWEEN_TIMERS);
    }
    this.#elapsedMs = endMs;
    await turns(TURNS_BETWEEN_TIMERS);
  }

  /** Lets as much time pass as `work` needs. @throws RedsunError `clock/deadlock` when it waits for no timer. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    work.then(done, done);
    for (let idle = 0; idle < TURNS_WITHOUT_TIMER; ) {
      await turns(TURNS_BETWEEN_TIMERS);
      if (settled) return work;
      const timer = this.#next();
      if (timer === null) idle += TURNS_BETWEEN_TIMERS;
      else {
        idle = 0;
        this.#fire(timer);
      }
    }
    throw new RedsunError('clock/deadlock', `Nothing is left to wait for at ${this.#elapsedMs} ms, and it is not done`);
  }

  #next(): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) {
      const earlier = next === null || timer.dueMs < next.dueMs;
      if (earlier || (timer.dueMs === next?.dueMs && timer.order < next.order)) next = timer;
    }
    return next;
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#elapsedMs = Math.max(this.#elapsedMs, timer.dueMs);
    timer.callback();
  }
}

/** Lets promise callbacks run. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}
