import { expect, test } from 'vitest';
import { ManualClock } from './manual-clock.ts';

test('timers fire in order of time, then of their making, and the clock shows their time', async () => {
  const clock = new ManualClock(1000);
  const fired: string[] = [];
  clock.setTimeout(() => fired.push(`late at ${clock.monotonicMs()}`), 20);
  clock.setTimeout(() => fired.push(`first at ${clock.monotonicMs()}`), 10);
  clock.setTimeout(() => fired.push('second'), 10);
  clock.setTimeout(() => fired.push('never'), 15)[Symbol.dispose]();
  await clock.advance(19);
  expect(fired).toEqual(['first at 10', 'second']);
  await clock.advance(1);
  expect(fired).toEqual(['first at 10', 'second', 'late at 20']);
  expect([clock.now(), clock.pending]).toEqual([1000.02, 0]);
});

test('run() lets as much time pass as the work needs, and sees when it waits for nothing', async () => {
  const clock = new ManualClock();
  const work = async () => {
    for (let i = 0; i < 3; i++) await clock.sleep(1000);
    return clock.monotonicMs();
  };
  expect(await clock.run(work())).toBe(3000);
  await expect(clock.run(new Promise(() => {}))).rejects.toMatchObject({ code: 'clock/deadlock' });
});

test('a sleep ends with its signal', async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const sleep = expect(clock.sleep(1000, controller.signal)).rejects.toThrow('enough');
  controller.abort(new Error('enough'));
  await sleep;
  expect(clock.pending).toBe(0);
});
