// Status, against sunflare 0.11.1, recorded in golden_status.json. Time is a manual clock.
import { afterAll, describe, expect, test } from 'vitest';
import type { StatusOptions } from '../../src/sdk/device/index.ts';
import {
  InvalidState,
  Status,
  StatusTimeoutError,
  UnknownStatusFailure,
  WaitTimeoutError,
} from '../../src/sdk/engine/index.ts';
import { createLogger, LogBuffer } from '../../src/sdk/log/index.ts';
import { ManualClock } from '../../src/sdk/testing/index.ts';
import { RedsunError, ValueError } from '../../src/sdk/util/index.ts';
import { type Json, listedDeviations, outcome, Replayed, recorded, text } from './replay.ts';

const golden = await recorded('golden_status');
const replayed = new Replayed(golden);
afterAll(() => expect(replayed.forgotten).toEqual([]));

const DEVIATIONS = [
  'status: callbacks run at once',
  'status: what the compiler refuses',
  'status: one family of errors',
];
test('each deviation has its row', async () => {
  const listed = await listedDeviations();
  expect(DEVIATIONS.filter((title) => !listed.includes(`| ${title} |`))).toEqual([]);
});

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** A status with everything that hears of it. */
function setUp(options: StatusOptions = {}) {
  const clock = new ManualClock();
  const log = new LogBuffer();
  const logger = createLogger('s', () => clock.now(), log.write);
  const make = (more: StatusOptions = {}) => new Status({ clock, logger, ...more });
  const lines = () => log.records.map(({ level, message }) => [level.toUpperCase(), text(message)]);
  return { clock, make, lines, status: make(options) };
}

/** What `action` comes to when time goes on for `seconds`. */
async function passing(clock: ManualClock, seconds: number, action: () => Promise<unknown>): Promise<Json> {
  const ended = outcome(action);
  await clock.advance(seconds * 1000);
  return ended;
}

/** s that pass until `action` settles. */
async function duration(clock: ManualClock, action: () => Promise<unknown>): Promise<number> {
  const begin = clock.monotonicMs();
  await clock.run(action().catch(() => {}));
  return (clock.monotonicMs() - begin) / 1000;
}

const boom = () => {
  throw new RangeError('boom');
};

describe('a new status', () => {
  test('has the recorded defaults', () => {
    const { status, make } = setUp();
    expect({
      timeout: status.timeout,
      settle_time: status.settleTime,
      done: status.done,
      success: status.success,
      callbacks: status.callbacks.length,
    }).toEqual(golden[replayed.key('defaults')]);
    expect(make({ settleTime: null }).settleTime).toBe(golden[replayed.key('settle_none')]);
    const both = make({ timeout: 3, settleTime: 2 });
    expect([both.timeout, both.settleTime]).toEqual(golden[replayed.key('int_coerced')]);
    both.setException(new Error('enough'));
    expect({ v: make({ settleTime: -1 }).settleTime }).toEqual(golden[replayed.key('negative_settle')]);
  });

  test('status: what the compiler refuses', () => {
    const { status, make } = setUp();
    expect(golden[replayed.key('positional_args_rejected')].error).toBe('TypeError');
    // @ts-expect-error options have names
    () => new Status(1);
    expect(golden[replayed.key('set_timeout_attr')].error).toBe('AttributeError');
    expect(() => {
      // @ts-expect-error what is allowed does not change
      status.timeout = 3;
    }).toThrow(TypeError);
    expect(golden[replayed.key('add_callback_none_pending')]).toEqual({ ok: null });
    expect(golden[replayed.key('add_callback_none_done')].error).toBe('TypeError');
    const done = make();
    done.setFinished();
    // @ts-expect-error null cannot be called
    expect(() => done.addCallback(null)).toThrow(TypeError);
  });

  test('is not done after a wait that was too short', async () => {
    const { status, clock } = setUp();
    for (const [key, seconds, call] of [
      ['wait_timeout_pending', 0.01, 'wait'],
      ['exception_timeout_pending', 0.01, 'exception'],
      ['wait_timeout_zero', 0, 'wait'],
    ] as const) {
      expect([key, await passing(clock, seconds, () => status[call](seconds))]).toEqual([
        key,
        golden[replayed.key(key)],
      ]);
    }
  });
});

describe('finishing', () => {
  test('status: callbacks run at once', async () => {
    const { status, lines } = setUp();
    const order: unknown[] = [];
    const bad = () => {
      order.push(['bad']);
      boom();
    };
    status.addCallback((st) => order.push(['cb1', st.done, st.success, st === status]));
    // Python tells that this one is not on its main thread; there is one thread here.
    status.addCallback(() => order.push(['cb2', false]));
    status.addCallback(bad);
    status.addCallback(() => order.push(['cb_after_bad']));
    const before = status.callbacks.length;
    status.setFinished();
    const recordedFinish = golden[replayed.key('finish_callbacks')];
    expect(recordedFinish.log).toEqual([
      ['ERROR', expect.stringContaining('An error was raised on a background thread while running the callback')],
    ]);
    expect(lines()).toEqual([['ERROR', 'An error was raised while running the callback bad (<it>): boom']]);
    const late: unknown[] = [];
    // On the main thread, as recorded: in the turn of the caller.
    status.addCallback(() => late.push([true]));
    expect({ calls: late, held: status.callbacks.length }).toEqual(golden[replayed.key('late_callback_sync')]);
    expect(golden[replayed.key('late_callback_raises')].message).toBe('boom');
    expect(() => status.addCallback(bad)).toThrow('boom');
    expect({
      order,
      callbacks_before: before,
      callbacks_after: status.callbacks.length,
      done: status.done,
      success: status.success,
      exception: await status.exception(),
      log: recordedFinish.log,
    }).toEqual(recordedFinish);
    expect(await outcome(() => status.setFinished())).toEqual(golden[replayed.key('finish_twice')]);
    expect(await outcome(() => status.setException(new Error('x')))).toEqual(
      golden[replayed.key('exception_after_finish')],
    );
    // A wait of the reference may be over before the callbacks are; here they are over first.
    expect(golden[replayed.key('wait_returns_before_callbacks_complete')]).toBe(true);
    const { status: second } = setUp();
    let called = false;
    second.addCallback(() => (called = true));
    const waiting = second.wait();
    second.setFinished();
    await waiting;
    expect(called).toBe(true);
  });

  test('with an error: the very same one, at once, and only once', async () => {
    const { status } = setUp();
    const error = new ValueError('bad move');
    status.setException(error);
    expect({
      wait: await outcome(() => status.wait(1)),
      exception_repr: `${(await status.exception(1))?.name}('${status.error?.message}')`,
      done: status.done,
      success: status.success,
      again: await outcome(() => status.setFinished()),
      again_exc: await outcome(() => status.setException(new ValueError(''))),
      same_instance: (await status.exception()) === error,
    }).toEqual(golden[replayed.key('set_exception')]);
  });

  test('with what is no error is refused, and does not count as the one call', async () => {
    const { make } = setUp();
    for (const [key, value] of [
      ['set_exception_class', ValueError],
      ['set_exception_string', 'x'],
      ['set_exception_StatusTimeoutError', new StatusTimeoutError('x')],
      ['set_exception_WaitTimeoutError', new WaitTimeoutError('x')],
    ] as const) {
      expect([key, await outcome(() => make().setException(value as Error))]).toEqual([key, golden[replayed.key(key)]]);
    }
    const status = make();
    expect(() => status.setException(new StatusTimeoutError('x'))).toThrow(ValueError);
    status.setFinished();
    expect({ ok: status.success }).toEqual(golden[replayed.key('banned_exc_does_not_consume_call')]);
  });

  test.each([
    ['plain_TimeoutError_allowed', new TimeoutError('plain')],
    ['BaseException_allowed', Object.assign(new Error('ki'), { name: 'KeyboardInterrupt' })],
  ])('%s', async (key, error) => {
    const { status } = setUp();
    status.setException(error);
    expect(await outcome(() => status.wait(1))).toEqual(golden[replayed.key(key)]);
  });

  test('twice the same callback is two callbacks', () => {
    const { status } = setUp();
    const callback = () => {};
    status.addCallback(callback);
    status.addCallback(callback);
    expect(status.callbacks.length).toBe(golden[replayed.key('dup_callbacks')]);
  });
});

describe('the time-out', () => {
  test('fails the status, is logged, and lets one late call pass', async () => {
    const { status, clock, lines } = setUp({ timeout: 0.05 });
    const begin = clock.monotonicMs();
    const wait = await passing(clock, 0.05, () => status.wait(2));
    const elapsed = (clock.monotonicMs() - begin) / 1000;
    const seen: unknown[] = [];
    status.addCallback((st) => seen.push([st.done, st.success]));
    expect({
      wait,
      elapsed_ok: elapsed > 0.04 && elapsed < 0.5,
      done: status.done,
      success: status.success,
      late_cb: seen,
      log: lines(),
      late_finish_ignored: await outcome(() => status.setFinished()),
      success_after: status.success,
      second_finish: await outcome(() => status.setFinished()),
    }).toEqual(golden[replayed.key('status_timeout')]);
  });

  test('a late error is ignored once, too', async () => {
    const { status, clock } = setUp({ timeout: 0.05 });
    await clock.advance(50);
    expect({
      set: await outcome(() => status.setException(new ValueError('late'))),
      exc: (await status.exception(0))?.name,
      then_finish: await outcome(() => status.setFinished()),
    }).toEqual(golden[replayed.key('timeout_then_set_exception_ignored')]);
  });

  test('of zero fails at once', async () => {
    const { status, clock } = setUp({ timeout: 0 });
    expect(await passing(clock, 0, () => status.wait(1))).toEqual(golden[replayed.key('timeout_zero')]);
  });
});

describe('the settle time', () => {
  test('comes after success', async () => {
    const { status, clock } = setUp({ settleTime: 0.1 });
    status.setFinished();
    const done = status.done;
    const waited = await duration(clock, () => status.wait(2));
    expect({ done_immediately: done, waited_ge_settle: waited >= 0.08, success: status.success }).toEqual(
      golden[replayed.key('settle')],
    );
  });

  test('does not hold up an error', async () => {
    const { status, clock } = setUp({ settleTime: 0.2 });
    status.setException(new ValueError('e'));
    const r = await outcome(() => status.wait(2));
    expect({ r, fast: (await duration(clock, () => status.wait(2))) < 0.15 }).toEqual(
      golden[replayed.key('settle_not_applied_to_exception')],
    );
  });

  test('adds to the time-out, and may push a success past it', async () => {
    const first = setUp({ timeout: 0.05, settleTime: 0.1 });
    const elapsed = await duration(first.clock, () => first.status.wait(2));
    expect({
      r: await outcome(() => first.status.wait(2)),
      'elapsed_between_0.14_and_0.5': elapsed >= 0.14 && elapsed < 0.5,
    }).toEqual(golden[replayed.key('timeout_plus_settle')]);

    const second = setUp({ timeout: 0.05, settleTime: 0.1 });
    await second.clock.advance(100);
    second.status.setFinished();
    const r = await passing(second.clock, 2, () => second.status.wait(2));
    expect({ r, success: second.status.success }).toEqual(
      golden[replayed.key('set_finished_after_timeout_but_settle_pushes_past_deadline')],
    );

    const third = setUp({ timeout: 0.05, settleTime: 0.1 });
    third.status.setFinished();
    const early = await passing(third.clock, 2, () => third.status.wait(2));
    expect({ r: early, success: third.status.success }).toEqual(
      golden[replayed.key('set_finished_early_settle_within_total')],
    );
  });

  test('leaves no timer behind', async () => {
    const { clock, make } = setUp();
    for (const options of [{ timeout: 5 }, { settleTime: 1 }, { timeout: 5, settleTime: 1 }]) {
      const status = make(options);
      status.setFinished();
      await clock.run(status.wait(10));
    }
    expect(clock.pending).toBe(0);
  });
});

test('status: one family of errors', () => {
  const chains: Record<string, string[]> = golden[replayed.key('error_mro')];
  const ours = [InvalidState, UnknownStatusFailure, StatusTimeoutError, WaitTimeoutError];
  expect(ours.map((type) => type.name)).toEqual(Object.keys(chains));
  for (const type of ours) {
    const error = new type('x');
    expect([error.name, error instanceof RedsunError, error.message]).toEqual([type.name, true, 'x']);
  }
  expect(new Set(ours.map((type) => new type('x').code)).size).toBe(ours.length);
});

test('is what a plan takes for a status', () => {
  const { status } = setUp();
  const members = ['done', 'success', 'addCallback', 'exception'].every((member) => member in status);
  expect(members).toBe(golden[replayed.key('isinstance_bluesky_Status')]);
});
