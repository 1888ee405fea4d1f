// After each test of the SDK and of devices: nothing that it started goes on. A test that leaves a timer on purpose lets its time pass.
// Rejections that nobody handles fail a test run by themselves.
import { beforeEach, expect } from 'vitest';
import { ManualClock } from '../../src/sdk/testing/manual-clock.ts';

const clocks = new Set<ManualClock>();
const { setTimeout: setTestTimeout } = ManualClock.prototype;
ManualClock.prototype.setTimeout = function (this: ManualClock, callback, delayMs) {
  clocks.add(this);
  return setTestTimeout.call(this, callback, delayMs);
};

/** The SDK has no timers but those of its clocks; a global one is a mistake of a test, or of something new. */
const running = new Set<unknown>();
const { setTimeout: setGlobalTimeout, clearTimeout: clearGlobalTimeout } = globalThis;

/** A whole host is not meant: what it throttles may end a little later. */
const CHECKED = /\/(src\/sdk|plugins|tests\/golden)\/(?!sunflare-app)/;

beforeEach(({ onTestFinished, task }) => {
  if (!CHECKED.test(task.file.filepath)) return;
  // Registered first, called last: what a test itself does when it has finished comes before.
  onTestFinished(nothingIsLeft);
  clocks.clear();
  running.clear();
  globalThis.setTimeout = ((callback: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) => {
    const timer = setGlobalTimeout(() => {
      running.delete(timer);
      callback(...args);
    }, delayMs);
    running.add(timer);
    return timer;
  }) as typeof setTimeout;
  globalThis.clearTimeout = (timer) => {
    running.delete(timer);
    clearGlobalTimeout(timer);
  };
});

function nothingIsLeft(): void {
  globalThis.setTimeout = setGlobalTimeout;
  globalThis.clearTimeout = clearGlobalTimeout;
  expect(
    [...clocks].reduce((sum, { pending }) => sum + pending, 0),
    'timers left on a clock',
  ).toBe(0);
  expect(running.size, 'timers left').toBe(0);
}
