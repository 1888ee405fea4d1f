import { type Clock, sleepWith, toDisposable } from 'redsun/sdk/util';

/** The computer's own time. The guardian waits for seconds only. */
export const guardianClock: Clock = {
  now: () => Date.now() / 1000,
  monotonicMs: () => performance.now(),
  setTimeout: startTimer,
  sleep: (delayMs, signal) => sleepWith(startTimer, delayMs, signal),
};

function startTimer(callback: () => void, delayMs: number): Disposable {
  const timer = setTimeout(callback, Math.max(0, Math.ceil(delayMs)));
  return toDisposable(() => clearTimeout(timer));
}
