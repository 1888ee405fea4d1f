import type { Clock } from 'redsun/sdk/util';

/** Calls `action` at once and then at most every `intervalMs`; the last request is never lost. */
export function throttle(action: () => void, intervalMs: number, clock: Clock): () => void {
  let state: 'idle' | 'resting' | 'asked' = 'idle';
  const rest = () => {
    clock.setTimeout(() => {
      if (state === 'asked') {
        state = 'resting';
        action();
        rest();
      } else state = 'idle';
    }, intervalMs);
  };
  return () => {
    if (state !== 'idle') {
      state = 'asked';
      return;
    }
    state = 'resting';
    action();
    rest();
  };
}
