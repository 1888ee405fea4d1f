import { type Clock, sleepWith, toDisposable } from 'redsun/sdk/util';

/** The page's own time. */
export function browserClock(): Clock {
  const setTimer: Clock['setTimeout'] = (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return toDisposable(() => clearTimeout(timer));
  };
  return {
    now: () => Date.now() / 1000,
    monotonicMs: () => performance.now(),
    setTimeout: setTimer,
    sleep: (delayMs, signal) => sleepWith(setTimer, delayMs, signal),
  };
}
