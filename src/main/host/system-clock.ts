import { type Clock, sleepWith, toDisposable } from 'redsun/sdk/util';

/** Longest delay that setTimeout takes, ms; longer ones are slept in pieces. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The computer's own time. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  monotonicMs: () => performance.now(),
  setTimeout: startTimer,
  sleep: (delayMs, signal) => sleepWith(startTimer, delayMs, signal),
};

function startTimer(callback: () => void, delayMs: number): Disposable {
  let timer: ReturnType<typeof setTimeout>;
  const start = (leftMs: number) => {
    timer =
      leftMs > MAX_DELAY_MS
        ? setTimeout(() => start(leftMs - MAX_DELAY_MS), MAX_DELAY_MS)
        : setTimeout(callback, Math.max(0, Math.ceil(leftMs)));
  };
  start(delayMs);
  return toDisposable(() => clearTimeout(timer));
}
