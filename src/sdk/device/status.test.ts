import { describe, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { finishedStatus, InvalidState, Status, StatusTimeoutError, statusOf, WaitTimeoutError } from './status.ts';

/** Collects what is thrown where nobody can catch it, in place of the process. */
async function uncaughtDuring(action: () => void): Promise<unknown[]> {
  const previous = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const thrown: unknown[] = [];
  process.on('uncaughtException', (error) => thrown.push(error));
  try {
    action();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of previous) process.on('uncaughtException', listener);
  }
  return thrown;
}

describe('a new status', () => {
  test('is pending, without timeout or settle time', () => {
    const status = new Status();
    expect(status).toMatchObject({ done: false, success: false, error: null, timeout: null, settleTime: 0 });
    expect(status.callbacks).toEqual([]);
    expect(new Status({ settleTime: null }).settleTime).toBe(0);
  });

  test('keeps a negative settle time as it is and does not wait for it', () => {
    const status = new Status({ settleTime: -1 });
    status.setFinished();
    expect([status.settleTime, status.done]).toEqual([-1, true]);
  });

  test('that is to count time needs a clock', () => {
    expect(() => new Status({ timeout: 1 })).toThrow(expect.objectContaining({ code: 'status/no-clock' }));
  });
});

describe('setFinished', () => {
  test('is done and successful as soon as it returns', async () => {
    const status = new Status();
    status.setFinished();
    expect([status.done, status.success]).toEqual([true, true]);
    expect(await status.exception()).toBeNull();
    await expect(status.wait()).resolves.toBeUndefined();
  });

  test.each([
    ['setFinished', (status: Status) => status.setFinished()],
    ['setException', (status: Status) => status.setException(new Error('late'))],
  ])('a later %s is a mistake', (_name, again) => {
    const status = new Status({ label: 'z: move' });
    status.setFinished();
    expect(() => again(status)).toThrow(InvalidState);
    expect(() => again(status)).toThrow(
      'Either set_finished() or set_exception() has already been called on Status(z: move, done=true, success=true)',
    );
    expect(status.success).toBe(true);
  });

  test('takes the settle time, and is a mistake the second time meanwhile', async () => {
    const clock = new ManualClock();
    const status = new Status({ settleTime: 0.5, clock });
    status.setFinished();
    expect([status.done, status.success]).toEqual([false, false]);
    expect(() => status.setFinished()).toThrow(InvalidState);
    await clock.advance(499);
    expect(status.done).toBe(false);
    await clock.advance(1);
    expect([status.done, status.success]).toEqual([true, true]);
  });
});

describe('setException', () => {
  test('fails at once, settle time or not, with the very same error', async () => {
    const status = new Status({ settleTime: 10, clock: new ManualClock() });
    const error = new Error('bad move');
    status.setException(error);
    expect([status.done, status.success]).toEqual([true, false]);
    expect(await status.exception()).toBe(error);
    await expect(status.wait()).rejects.toBe(error);
    expect(() => status.setFinished()).toThrow(InvalidState);
    expect(() => status.setException(error)).toThrow(InvalidState);
  });

  test.each([
    ['a string', 'x', "Expected an Exception, got 'x'"],
    ['a class', Error, 'Expected an Exception, got Error'],
    ['StatusTimeoutError', new StatusTimeoutError('x'), 'StatusTimeoutError has special significance'],
    ['WaitTimeoutError', new WaitTimeoutError('x'), 'WaitTimeoutError has special significance'],
  ])('%s is refused, and the status can still be set', (_what, thrown, message) => {
    const status = new Status();
    const refused = expect.objectContaining({ code: 'value/invalid', message: expect.stringContaining(message) });
    expect(() => status.setException(thrown as Error)).toThrow(refused);
    expect(status.done).toBe(false);
    status.setFinished();
    expect(status.success).toBe(true);
  });

  test('rejects nothing that nobody waits for', async () => {
    const rejections: unknown[] = [];
    const listener = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', listener);
    new Status().setException(new Error('nobody waits'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(rejections).toEqual([]);
  });
});

describe('the own timeout', () => {
  test('counts from construction and fails the status', async () => {
    const clock = new ManualClock();
    const status = new Status({ timeout: 2, label: 'z: move', clock });
    const seen: boolean[] = [];
    status.addCallback(({ success }) => seen.push(success));
    await clock.advance(1999);
    expect(status.done).toBe(false);
    await clock.advance(1);
    expect([status.done, status.success, seen]).toEqual([true, false, [false]]);
    await expect(status.wait()).rejects.toThrow(
      'Status Status(z: move, done=false, success=false) failed to complete in specified timeout.',
    );
    expect(await status.exception()).toBeInstanceOf(StatusTimeoutError);
  });

  test('of zero fails at the first chance', async () => {
    const clock = new ManualClock();
    const status = new Status({ timeout: 0, clock });
    await clock.advance(0);
    expect(status.error).toBeInstanceOf(StatusTimeoutError);
  });

  test('is followed by one late call in silence; the next is a mistake', async () => {
    for (const late of ['setFinished', 'setException'] as const) {
      const clock = new ManualClock();
      const status = new Status({ timeout: 1, clock });
      await clock.advance(1000);
      status[late](new Error('late'));
      expect(status.error).toBeInstanceOf(StatusTimeoutError);
      expect(() => status.setFinished()).toThrow(InvalidState);
    }
  });

  test('is lengthened by the settle time', async () => {
    const clock = new ManualClock();
    const status = new Status({ timeout: 1, settleTime: 0.5, clock });
    await clock.advance(1499);
    expect(status.done).toBe(false);
    await clock.advance(1);
    expect(status.error).toBeInstanceOf(StatusTimeoutError);
  });

  test('fails a status that was finished in time but settles beyond it', async () => {
    const clock = new ManualClock();
    const status = new Status({ timeout: 1, settleTime: 0.5, clock });
    await clock.advance(1200);
    status.setFinished();
    await clock.advance(300);
    expect(status.error).toBeInstanceOf(StatusTimeoutError);
    expect(() => status.setFinished()).toThrow(InvalidState);
  });

  test('leaves no timer behind when the status is done', () => {
    const clock = new ManualClock();
    new Status({ timeout: 5, clock }).setFinished();
    new Status({ timeout: 5, clock }).setException(new Error('x'));
    expect(clock.pending).toBe(0);
  });
});

describe('wait and exception with a timeout', () => {
  test.each(['wait', 'exception'] as const)('%s gives up, and the status goes on', async (method) => {
    const clock = new ManualClock();
    const status = new Status({ clock });
    for (const timeout of [0, 0.05]) {
      const answer = clock.run<unknown>(status[method](timeout));
      await expect(answer).rejects.toThrow(new WaitTimeoutError('Status has not completed yet.'));
    }
    expect(status.done).toBe(false);
    status.setFinished();
    await expect(status[method](0)).resolves.toBe(method === 'wait' ? undefined : null);
  });

  test('the timer goes with the answer', async () => {
    const clock = new ManualClock();
    const status = new Status({ clock });
    const waiting = status.wait(10);
    status.setFinished();
    await waiting;
    expect(clock.pending).toBe(0);
  });
});

describe('callbacks', () => {
  test('run once each in order, after done is true, with the status; duplicates twice', () => {
    const status = new Status();
    const seen: unknown[] = [];
    const first = (other: Status) => seen.push(['first', other === status, other.done, other.success]);
    status.addCallback(first);
    status.addCallback(() => seen.push('second'));
    status.addCallback(first);
    expect(status.callbacks).toHaveLength(3);
    status.setFinished();
    const one = ['first', true, true, true];
    expect(seen).toEqual([one, 'second', one]);
    expect(status.callbacks).toEqual([]);
  });

  test('one that throws is reported and the next still run', async () => {
    const seen: string[] = [];
    const boom = new Error('boom');
    const thrown = await uncaughtDuring(() => {
      const status = new Status();
      status.addCallback(() => {
        throw boom;
      });
      status.addCallback(() => seen.push('next'));
      status.setFinished();
    });
    expect([seen, thrown]).toEqual([['next'], [boom]]);
  });

  test('on a done status run at once, are not kept, and their error is the caller’s', () => {
    const status = finishedStatus();
    const seen: boolean[] = [];
    status.addCallback(({ done }) => seen.push(done));
    expect([seen, status.callbacks]).toEqual([[true], []]);
    const throwing = () => {
      throw new Error('boom');
    };
    expect(() => status.addCallback(throwing)).toThrow('boom');
  });
});

describe('statusOf', () => {
  test('ends as the work ends', async () => {
    const clock = new ManualClock();
    const good = statusOf(() => clock.sleep(10), { label: 'good', clock });
    const bad = statusOf(() => Promise.reject(new Error('jammed')), { label: 'bad', clock });
    expect(good.done).toBe(false);
    await clock.advance(10);
    expect([good.success, bad.error?.message]).toEqual([true, 'jammed']);
  });

  test('names itself and the time when that is up, and aborts the work', async () => {
    const clock = new ManualClock();
    let aborted = false;
    const work = (signal: AbortSignal) =>
      clock.sleep(1e6, signal).catch((reason) => {
        aborted = true;
        throw reason;
      });
    const status = statusOf(work, { label: 'z: move to 5 um', clock, timeoutMs: 200 });
    await clock.advance(200);
    expect(status.error).toMatchObject({ code: 'device/timeout', message: 'z: move to 5 um: not done after 200 ms' });
    expect([aborted, clock.pending]).toEqual([true, 0]);
  });

  test.each([true, false])('stops with the signal from outside, given before: %s', async (before) => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const reason = new Error('stopped');
    if (before) controller.abort(reason);
    const options = { label: 'z', clock, signal: controller.signal, timeoutMs: 500 };
    const status = statusOf((signal) => clock.sleep(1000, signal), options);
    controller.abort(reason);
    await clock.advance(0);
    expect(status.error).toBe(reason);
    expect(clock.pending).toBe(0);
  });
});
