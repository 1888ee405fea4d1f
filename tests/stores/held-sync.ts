import type { Clock } from '../../src/sdk/util/index.ts';
import { systemClock } from './ramp-store.ts';

const SYNC_EVERY_MS = 1500;

/** A clock with which a writer syncs when it is told to, and not by itself. */
export function syncWhenTold(): { readonly clock: Clock; readonly sync: () => void } {
  let sync = () => {};
  const clock: Clock = {
    ...systemClock,
    setTimeout(callback, delayMs) {
      if (delayMs !== SYNC_EVERY_MS) return systemClock.setTimeout(callback, delayMs);
      sync = callback;
      return { [Symbol.dispose]: () => {} };
    },
  };
  return { clock, sync: () => sync() };
}
