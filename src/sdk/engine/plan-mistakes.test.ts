import { describe, expect, test } from 'vitest';
import { count, finalizeWrapper, mv, nothing, pchain, runWrapper, sleep, triggerAndRead } from '../plans/index.ts';
import { FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import { asError } from '../util/errors.ts';
import { msg, type Plan, planMessageOf } from './msg.ts';
import { planFunction } from './plan-ledger.ts';

async function faultsOf(plan: Plan): Promise<string[]> {
  const { engine, clock, faults } = recordingEngine();
  await clock.run(engine.run(plan)).catch(() => {});
  return faults.map(({ message }) => message);
}

async function errorOf(plan: Plan): Promise<Error> {
  const { engine, clock } = recordingEngine();
  return clock.run(engine.run(plan)).then(
    () => expect.fail('it did not fail'),
    (thrown: unknown) => asError(thrown),
  );
}

describe('a call without yield*', () => {
  test('of a stub is told at the end', async () => {
    function* plan(): Plan<void> {
      yield* nothing();
      sleep(1);
    }
    expect(await faultsOf(plan())).toEqual(['The plan called sleep once without running it: `yield*` is missing']);
  });

  test('of a plan, again and again, is told once with its number', async () => {
    const det = new FakeDetector('det');
    function* plan(): Plan<void> {
      for (let round = 0; round < 3; round++) {
        count([det]);
        yield* nothing();
      }
    }
    expect(await faultsOf(plan())).toEqual(['The plan called count 3 times without running it: `yield*` is missing']);
  });

  test('of a plan of one`s own made with planFunction is told by its name', async () => {
    const blink = planFunction('blink', function* (): Plan<void> {
      yield* nothing();
    });
    function* plan(): Plan<void> {
      blink();
      yield* blink();
    }
    expect(await faultsOf(plan())).toEqual(['The plan called blink once without running it: `yield*` is missing']);
  });

  test('is told where the plan fails, too', async () => {
    function* plan(): Plan<void> {
      mv([[new FakeAxis('z'), 1]]);
      yield* nothing();
      throw new Error('not there');
    }
    expect(await faultsOf(plan())).toEqual(['The plan called mv once without running it: `yield*` is missing']);
  });

  test('is not told of plans that begin later, in wrappers, or before the engine ran', async () => {
    const det = new FakeDetector('det');
    const before = count([det]);
    function* plan(): Plan<void> {
      const later = sleep(1);
      yield* before;
      yield* pchain(nothing(), nothing());
      yield* finalizeWrapper(runWrapper(triggerAndRead([det])), () => nothing());
      yield* later;
    }
    expect(await faultsOf(plan())).toEqual([]);
  });

  test('yields what is no message when it is yielded', async () => {
    function* plan(): Plan<void> {
      yield sleep(1) as never;
    }
    expect((await errorOf(plan())).message).toMatch(
      /yielded .*, which is no message. A plan inside a plan needs `yield\*`/,
    );
  });
});

describe('an error of a plan', () => {
  test('keeps its own stack and says which message was executed', async () => {
    function* thrownHere(): Plan<void> {
      yield msg('null', null, ['before']);
      throw new Error('oops');
    }
    const error = await errorOf(thrownHere());
    expect(error.stack).toContain('thrownHere');
    expect(planMessageOf(error)).toBe('null("before")');
  });

  test('of a device says which message it was', async () => {
    const axis = new FakeAxis('z');
    axis.set = () => {
      throw new Error('no power');
    };
    const error = await errorOf(mv([[axis, 12.5]]));
    expect([error.message, planMessageOf(error)]).toEqual(['no power', 'set(z, 12.5)']);
  });

  test('that says which number was yielded instead of a message', async () => {
    function* plan(): Plan<void> {
      yield 7 as never;
    }
    expect((await errorOf(plan())).message).toBe('The plan yielded 7, which is no message.');
  });
});
