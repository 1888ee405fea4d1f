import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { msg, type Plan } from '../engine/msg.ts';
import type { SuspendRequest, SuspendTarget } from '../engine/suspension.ts';
import type { Reading } from '../events/documents.ts';
import { checkpoint, count, openRun, sleep, suspendWrapper, triggerAndRead } from '../plans/index.ts';
import { closeRun } from '../plans/stubs.ts';
import { FakeDetector } from '../testing/fake-devices.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import {
  SuspendBoolHigh,
  SuspendBoolLow,
  SuspendCeil,
  SuspenderBase,
  SuspendFloor,
  SuspendInBand,
  SuspendOutBand,
  SuspendWhenChanged,
  SuspendWhenOutsideBand,
  type WatchedSignal,
} from './index.ts';

type Heard = (readings: Record<string, Reading>) => void;

/** A value that tests put. */
class FakeSignal implements WatchedSignal {
  readonly name: string;
  readonly heard = new Set<Heard>();
  value: unknown;

  constructor(value: unknown = 0, name = 'sig') {
    this.name = name;
    this.value = value;
  }
  read(): Record<string, Reading> | Promise<Record<string, Reading>> {
    return this.readings();
  }
  readings(): Record<string, Reading> {
    return { [this.name]: { value: this.value, timestamp: 0 } };
  }
  subscribe(callback: Heard): void {
    this.heard.add(callback);
  }
  clearSub(callback: Heard): void {
    this.heard.delete(callback);
  }
  put(value: unknown): void {
    this.value = value;
    for (const callback of [...this.heard]) callback(this.readings());
  }
}

/** A signal whose first value is long in coming. */
class SlowSignal extends FakeSignal {
  answer: (readings: Record<string, Reading>) => void = () => {};
  fail: (error: Error) => void = () => {};
  override read(): Promise<Record<string, Reading>> {
    return new Promise((resolve, reject) => {
      this.answer = resolve;
      this.fail = reject;
    });
  }
}

/** Takes down what suspenders ask. */
class Target implements SuspendTarget {
  readonly clock = new ManualClock();
  readonly requests: SuspendRequest[] = [];
  requestSuspend(request: SuspendRequest): void {
    this.requests.push(request);
  }
}

function installed<S extends SuspenderBase>(suspender: S) {
  const target = new Target();
  suspender.install(target);
  return { suspender, target, clock: target.clock, requests: target.requests };
}

/** Whether what a request waits for is over. */
function watchEnd({ until }: SuspendRequest): { over: boolean } {
  const end = { over: false };
  const done = () => {
    end.over = true;
  };
  until(new AbortController().signal).then(done, done);
  return end;
}

describe('which values hold plans up is as bluesky has it', () => {
  const { extras } = JSON.parse(
    readFileSync(new URL('../../../tests/golden/bluesky/suspender_logic.json', import.meta.url), 'utf8'),
  );
  const signal = new FakeSignal();
  const ours = [
    new SuspendBoolHigh(signal),
    new SuspendBoolLow(signal),
    new SuspendFloor(signal, 3, { resumeThresh: 5 }),
    new SuspendCeil(signal, 5, { resumeThresh: 3 }),
    new SuspendWhenOutsideBand(signal, 2, 4),
    new SuspendOutBand(signal, 2, 4),
    new SuspendWhenChanged(signal, { expectedValue: 3, allowResume: true }),
    new SuspendWhenChanged(signal, { expectedValue: 3 }),
  ];
  test.each(ours.map((suspender, index) => [suspender.constructor.name, index, suspender] as const))(
    '%s, row %i',
    (name, index, suspender) => {
      const [recordedName, rows] = extras.table[index];
      expect(name).toBe(recordedName);
      const told = rows.map(([value]: [number]) => [
        value,
        suspender.shouldSuspend(value),
        suspender.shouldResume(value),
      ]);
      expect(told).toEqual(rows);
    },
  );

  test('the older name does the same', () => {
    const old = new SuspendInBand(signal, 2, 4);
    expect([1, 2, 3].map((value) => [old.shouldSuspend(value), old.shouldResume(value)])).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ]);
  });
});

describe('what is said of a suspension', () => {
  test.each<[string, (signal: FakeSignal) => SuspenderBase, unknown, string]>([
    ['high', (s) => new SuspendBoolHigh(s), 1, 'Signal sig is high'],
    ['low', (s) => new SuspendBoolLow(s, { trippedMessage: 'no water' }), 0, 'Signal sig is low: no water'],
    [
      'floor',
      (s) => new SuspendFloor(s, 5, { resumeThresh: 6 }),
      1,
      'Signal sig = 1 fell below 5 and has not yet crossed above 6.',
    ],
    ['ceiling', (s) => new SuspendCeil(s, 5), 7, 'Signal sig = 7 went above 5 and has not yet crossed below 5.'],
    ['outside', (s) => new SuspendWhenOutsideBand(s, 2, 4), 7, 'Signal sig = 7 is outside of the range (2, 4)'],
    ['inside', (s) => new SuspendOutBand(s, 2, 4), 3, 'Signal sig = 3 is inside of the range (2, 4)'],
    [
      'changed',
      (s) => new SuspendWhenChanged(s, { expectedValue: 'A', allowResume: true }),
      'B',
      'Signal sig, got "B", expected "A"',
    ],
  ])('%s', (_, make, value, words) => {
    const signal = new FakeSignal(value);
    const { suspender, requests } = installed(make(signal));
    expect(suspender.justification).toBe(words);
    expect(requests.map(({ justification }) => justification)).toEqual([words]);
  });

  test('a class of one’s own says which it is', () => {
    class SuspendOnOdd extends SuspenderBase {
      shouldSuspend(value: unknown): boolean {
        return Number(value) % 2 === 1;
      }
      shouldResume(value: unknown): boolean {
        return Number(value) % 2 === 0;
      }
    }
    const { suspender } = installed(new SuspendOnOdd(new FakeSignal(3)));
    expect([suspender.name, suspender.justification]).toEqual([
      'SuspendOnOdd(sig)',
      'Suspender of type SuspendOnOdd stopped by signal sig',
    ]);
  });

  test('nothing while all is well', () => {
    expect(installed(new SuspendBoolHigh(new FakeSignal(0))).suspender.justification).toBe('');
  });
});

describe('a suspender', () => {
  test('lets plans go on once the value has been good for so long', async () => {
    const signal = new FakeSignal();
    const { suspender, requests, clock } = installed(new SuspendBoolHigh(signal, { sleep: 2 }));
    signal.put(1);
    const end = watchEnd(requests[0]!);
    signal.put(0);
    await clock.advance(1999);
    expect([suspender.tripped, end.over]).toEqual([true, false]);
    await clock.advance(1);
    expect([suspender.tripped, end.over, suspender.pending()]).toEqual([false, true, null]);
  });

  test('begins to wait anew when the value is bad again meanwhile, and asks for no second suspension', async () => {
    const signal = new FakeSignal();
    const { requests, clock } = installed(new SuspendBoolHigh(signal, { sleep: 2 }));
    signal.put(1);
    const end = watchEnd(requests[0]!);
    signal.put(0);
    await clock.advance(1500);
    signal.put(1);
    await clock.advance(1000);
    signal.put(0);
    await clock.advance(1900);
    expect([end.over, requests.length]).toEqual([false, 1]);
    await clock.advance(100);
    expect(end.over).toBe(true);
    signal.put(1);
    expect(requests).toHaveLength(2);
  });

  test('between its thresholds leaves all as it is', () => {
    const signal = new FakeSignal(4);
    const { suspender } = installed(new SuspendFloor(signal, 3, { resumeThresh: 5 }));
    expect(suspender.tripped).toBe(false);
    signal.put(2);
    signal.put(4);
    expect(suspender.tripped).toBe(true);
    expect(suspender.justification).toContain('sig = 4 ');
  });

  test('takes a lost number neither for good nor for below', async () => {
    const signal = new FakeSignal(10);
    const { suspender, clock } = installed(new SuspendFloor(signal, 3));
    signal.put(Number.NaN);
    expect(suspender.tripped).toBe(false);
    signal.put(1);
    signal.put(Number.NaN);
    signal.put('99');
    await clock.advance(10_000);
    expect(suspender.tripped).toBe(true);
  });

  test('hands over what is to run before and after the waiting', () => {
    const before = [msg('null', null, ['pre'])];
    const after = [msg('null', null, ['post'])];
    const signal = new FakeSignal(1);
    const { requests, suspender } = installed(new SuspendBoolHigh(signal, { prePlan: before, postPlan: after }));
    expect(requests[0]).toMatchObject({ prePlan: before, postPlan: after });
    expect(suspender.pending()).toMatchObject({ prePlan: before, justification: 'Signal sig is high' });
  });

  test('lets go of the plan and of the signal when it is removed', async () => {
    const signal = new FakeSignal(1);
    const { suspender, requests, clock } = installed(new SuspendBoolHigh(signal, { sleep: 60 }));
    const end = watchEnd(requests[0]!);
    signal.put(0);
    suspender.remove();
    await clock.advance(0);
    expect([end.over, suspender.tripped, signal.heard.size, clock.pending]).toEqual([true, false, 0, 0]);
    signal.put(1);
    expect(requests).toHaveLength(1);
  });

  test('whose waiting is aborted goes on watching', async () => {
    const signal = new FakeSignal(1);
    const { suspender, requests } = installed(new SuspendBoolHigh(signal));
    const aborted = AbortSignal.abort(new Error('paused'));
    await expect(requests[0]!.until(aborted)).rejects.toThrow('paused');
    expect(suspender.tripped).toBe(true);
  });

  test('watches one key of a signal with several', () => {
    const signal = new FakeSignal();
    const { suspender } = installed(new SuspendCeil(signal, 30, { key: 'room-temperature' }));
    const send = (readings: Record<string, Reading>) => {
      for (const heard of signal.heard) heard(readings);
    };
    send({ sig: { value: 99, timestamp: 0 } });
    expect(suspender.tripped).toBe(false);
    send({ 'room-temperature': { value: 31, timestamp: 0 }, humidity: { value: 5, timestamp: 0 } });
    expect(suspender.tripped).toBe(true);
  });

  test.each([
    () => new SuspendFloor(new FakeSignal(), 5, { resumeThresh: 4 }),
    () => new SuspendCeil(new FakeSignal(), 5, { resumeThresh: 6 }),
    () => new SuspendWhenOutsideBand(new FakeSignal(), 4, 4),
  ])('refuses limits that make no sense', (make) => {
    expect(make).toThrow(
      expect.objectContaining({ code: 'value/invalid', message: expect.stringMatching(/got .*\d/) }),
    );
  });
});

describe('SuspendWhenChanged', () => {
  test('takes the first value for the good one', () => {
    const signal = new FakeSignal('A');
    const { suspender } = installed(new SuspendWhenChanged(signal));
    expect(suspender.tripped).toBe(false);
    signal.put('B');
    expect(suspender.justification).toBe(
      'Signal sig, got "B", expected "A". Abort the plan, and start the session anew for the new configuration.',
    );
  });

  test('does not let plans go on unless that was allowed', async () => {
    for (const allowResume of [false, true]) {
      const signal = new FakeSignal(0);
      const { suspender, clock } = installed(new SuspendWhenChanged(signal, { expectedValue: 0, allowResume }));
      signal.put(1);
      signal.put(0);
      await clock.advance(1000);
      expect(suspender.tripped).toBe(!allowResume);
    }
  });
});

describe('a signal that takes time to be read', () => {
  test('holds plans up until its first value is there', async () => {
    const signal = new SlowSignal();
    const { suspender, clock } = installed(new SuspendBoolHigh(signal));
    const end = watchEnd(suspender.pending()!);
    await clock.advance(1000);
    expect(end.over).toBe(false);
    signal.answer({ sig: { value: 0, timestamp: 0 } });
    await clock.advance(0);
    expect([end.over, suspender.pending(), suspender.tripped]).toEqual([true, null, false]);
  });

  test('and cannot be: plans fail and say so, until it announces a value', async () => {
    const signal = new SlowSignal();
    const { suspender, requests, clock } = installed(new SuspendBoolHigh(signal));
    signal.fail(new Error('no reply'));
    await clock.advance(0);
    const failure = expect.objectContaining({ code: 'suspender/unreadable', message: expect.stringContaining('sig') });
    for (const request of [suspender.pending()!, requests[0]!]) {
      await expect(request.until(new AbortController().signal)).rejects.toEqual(failure);
    }
    signal.put(0);
    expect(suspender.pending()).toBeNull();
  });
});

describe('in the engine', () => {
  function* watched(det: FakeDetector, signal: FakeSignal, value: unknown): Plan<void> {
    yield* openRun();
    yield* checkpoint();
    yield* triggerAndRead([det]);
    signal.put(value);
    yield* sleep(0.2);
    yield* closeRun();
  }

  test('a plan is held up, rewound and goes on; the interruptions stream says why', async () => {
    const { engine, clock, messages, of } = recordingEngine();
    engine.recordInterruptions = true;
    const signal = new FakeSignal();
    const plans = { prePlan: () => list('pre'), postPlan: () => list('post') };
    engine.installSuspender(new SuspendBoolHigh(signal, { sleep: 0.1, trippedMessage: 'beam down', ...plans }));
    clock.setTimeout(() => signal.put(0), 400);
    const det = new FakeDetector('det');
    const run = engine.run(watched(det, signal, 1));
    await clock.advance(499);
    expect(messages.at(-1)).toBe('wait_for');
    await clock.run(run);
    const words = of('event').flatMap(({ data }) => ('interruption' in data ? [data.interruption] : []));
    expect(words).toEqual(['Signal sig is high: beam down']);
    const at = messages.indexOf('_start_suspender');
    expect(messages.slice(at, at + 6)).toEqual([
      ...['_start_suspender', 'rewindable', 'null', 'wait_for', '_resume_from_suspender', 'null'],
    ]);
  });

  test('a plan that is started while it is tripped waits first', async () => {
    const { engine, clock, messages } = recordingEngine();
    const signal = new FakeSignal(1);
    engine.installSuspender(new SuspendBoolHigh(signal));
    const run = engine.run(count([new FakeDetector('det')]));
    await clock.advance(300);
    expect(messages).toEqual(['wait_for']);
    signal.put(0);
    await clock.run(run);
    expect(messages.at(-1)).toBe('unstage');
  });

  test('suspendWrapper watches during its plan only', async () => {
    const { engine, clock } = recordingEngine();
    const signal = new FakeSignal();
    const suspender = new SuspendCeil(signal, 5);
    await clock.run(engine.run(suspendWrapper(count([new FakeDetector('det')]), [suspender])));
    expect([engine.suspenders, signal.heard.size]).toEqual([[], 0]);
  });

  function* list(word: string): Plan<void> {
    yield msg('null', null, [word]);
  }
});
