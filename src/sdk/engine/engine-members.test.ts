// What an engine can be given and asked beside running plans: metadata, preprocessors, hooks, subscribers, suspenders.
import { describe, expect, test } from 'vitest';
import type { Status } from '../device/status.ts';
import type { DocumentCallback } from '../events/documents.ts';
import { checkpoint, count, mv, runWrapper, sleep, triggerAndRead } from '../plans/index.ts';
import { type CallLog, FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import { ValueError } from '../util/errors.ts';
import { defaultScanIdSource } from './engine-options.ts';
import { type Msg, msg, type Plan } from './msg.ts';
import type { Suspender, SuspendRequest, SuspendTarget } from './suspension.ts';

function* messages(...list: Msg[]): Plan<void> {
  for (const message of list) yield message;
}

function* opening(who: string, plan: Plan): Plan {
  for (let step = plan.next(); ; ) {
    if (step.done) return step.value;
    const { value } = step;
    const more = value.command === 'open_run' ? { ...value, kwargs: { ...value.kwargs, who } } : value;
    step = plan.next(yield more);
  }
}

describe('metadata', () => {
  test('md goes into each start document, before that of plan and call', async () => {
    const { engine, of } = recordingEngine({ md: { a: 're', b: 're', c: 're', plan_name: 're' } });
    await engine.run(count([new FakeDetector('det')], { md: { a: 'plan', b: 'plan' } }), null, { a: 'call' });
    expect(of('start')[0]).toMatchObject({ a: 'call', b: 'plan', c: 're', plan_name: 'count', scan_id: 1 });
    expect(engine.md).toEqual({ a: 're', b: 're', c: 're', plan_name: 're', scan_id: 1 });
  });

  test('mdValidator refuses a run before it starts; what it changes is a copy', async () => {
    const { engine, documents } = recordingEngine({
      mdValidator: (md) => {
        md.sample = 'changed';
        throw new ValueError('operator missing');
      },
    });
    await expect(engine.run(runWrapper(messages(), {}))).rejects.toThrow('operator missing');
    expect([documents, engine.md]).toEqual([[], { scan_id: 1 }]);
  });

  test('mdNormalizer has the last word on the start document', async () => {
    const { engine, of } = recordingEngine({
      mdNormalizer: (md) => ({ ...md, operator: String(md.operator).toUpperCase() }),
    });
    await engine.run(runWrapper(messages(), {}), null, { operator: 'ann' });
    expect(of('start')[0]).toMatchObject({ operator: 'ANN' });
  });

  test('scanIdSource may take its time', async () => {
    const { engine, of } = recordingEngine({ scanIdSource: async (md) => Number(md.scan_id ?? 100) + 10 });
    for (let run = 0; run < 2; run++) await engine.run(runWrapper(messages(), {}));
    expect(of('start').map(({ scan_id: id }) => id)).toEqual([110, 120]);
    expect([defaultScanIdSource({}), defaultScanIdSource({ scan_id: 4 })]).toEqual([1, 5]);
  });
});

test('preprocessors are applied in order: the last one has the last word', async () => {
  const { engine, of } = recordingEngine({ preprocessors: [(plan) => opening('f', plan)] });
  engine.preprocessors.push((plan) => opening('g', plan));
  await engine.run(runWrapper(messages(), {}));
  expect(of('start')[0]).toMatchObject({ who: 'g' });
});

test('callReturnsResult false: a call resolves with the uids of its runs', async () => {
  const { clock } = recordingEngine();
  const { RunEngine } = await import('./run-engine.ts');
  const engine = new RunEngine({ clock, newUid: () => 'uid', callReturnsResult: false });
  expect(await engine.run(runWrapper(messages(), {}))).toEqual(['uid']);
});

test('commands names what messages may say; registerCommand adds to it', async () => {
  const { engine } = recordingEngine();
  expect(engine.commands).toEqual(expect.arrayContaining(['open_run', 'set', 'wait', 'checkpoint']));
  expect(engine.commands).not.toContain('blink');
  engine.registerCommand('blink', (_, { args }) => `blinked ${args[0]} times`);
  expect(engine.commands).toContain('blink');
  const result = await engine.run(
    (function* () {
      return yield msg('blink', null, [3]);
    })(),
  );
  expect(result).toMatchObject({ planResult: 'blinked 3 times' });
});

describe('hooks', () => {
  test('msgHook sees each message first, and may refuse it', async () => {
    const { engine } = recordingEngine();
    const seen: string[] = [];
    engine.msgHook = ({ command }) => {
      seen.push(command);
      if (command === 'set') throw new Error('not now');
    };
    const axis = new FakeAxis('z');
    await expect(engine.run(messages(msg('null'), msg('set', axis, [1])))).rejects.toThrow('not now');
    expect([seen, axis.calls]).toEqual([['null', 'set'], []]);
  });

  test('stateHook hears of each change', async () => {
    const { engine } = recordingEngine();
    const heard: string[] = [];
    engine.stateHook = (next, previous) => heard.push(`${previous}->${next}`);
    await engine.run(messages(msg('null')));
    expect(heard).toEqual(['idle->running', 'running->idle']);
  });

  test('waitingHook hears what is waited for, and that it is over', async () => {
    const { engine, clock } = recordingEngine();
    const heard: (number | null)[] = [];
    engine.waitingHook = (statuses: ReadonlySet<Status> | null) => heard.push(statuses?.size ?? null);
    const [a, b] = ['a', 'b'].map((name) => new FakeAxis(name, [], { held: true })) as [FakeAxis, FakeAxis];
    const run = engine.run(
      mv(
        new Map([
          [a, 1],
          [b, 2],
        ]) as Map<FakeAxis, unknown>,
      ),
    );
    await clock.advance(0);
    a.arrive();
    b.arrive();
    await clock.run(run);
    expect(heard).toEqual([2, null]);
  });
});

describe('subscribers of a call', () => {
  const plan = () => count([new FakeDetector('det')]);

  test('are called after those of the engine, and for this call only', async () => {
    const { engine } = recordingEngine();
    const heard: string[] = [];
    const listener =
      (who: string): DocumentCallback =>
      (name) =>
        heard.push(`${who}:${name}`);
    engine.subscribe(listener('engine'), 'start');
    await engine.run(plan(), listener('one'));
    await engine.run(plan(), [listener('a'), listener('b')]);
    await engine.run(plan(), { start: listener('s'), stop: [listener('e1'), listener('e2')] });
    await engine.run(plan());
    expect(heard).toEqual([
      ...['engine:start', 'one:start', 'one:descriptor', 'one:event', 'one:stop'],
      ...[
        'engine:start',
        'a:start',
        'b:start',
        'a:descriptor',
        'b:descriptor',
        'a:event',
        'b:event',
        'a:stop',
        'b:stop',
      ],
      ...['engine:start', 's:start', 'e1:stop', 'e2:stop'],
      'engine:start',
    ]);
  });

  test('that throw end the plan, or are heard of with ignoreCallbackExceptions', async () => {
    const { engine, faults, of } = recordingEngine();
    const broken = () => {
      throw new Error('callback broke');
    };
    await expect(engine.run(plan(), { event: broken })).rejects.toThrow('callback broke');
    engine.ignoreCallbackExceptions = true;
    await engine.run(plan(), { event: broken });
    expect(faults.map(({ message }) => message)).toEqual(['callback broke']);
    expect(of('stop').map(({ exit_status: status }) => status)).toEqual(['fail', 'success']);
  });
});

test('recordInterruptions: a pause and what follows it are events of a stream of their own', async () => {
  const { engine, of } = recordingEngine();
  engine.recordInterruptions = true;
  const det = new FakeDetector('det');
  function* plan(): Plan<void> {
    for (let i = 0; i < 2; i++) {
      yield* checkpoint();
      yield* triggerAndRead([det]);
      yield msg('pause', null, [], { defer: false });
    }
  }
  await engine.run(runWrapper(plan(), {})).catch(() => {});
  await engine.resume().catch(() => {});
  await engine.resume();
  const [interruptions] = of('descriptor').filter(({ name }) => name === 'interruptions');
  expect(interruptions?.data_keys).toEqual({ interruption: { source: 'RunEngine', dtype: 'string', shape: [] } });
  const events = of('event').filter(({ descriptor }) => descriptor === interruptions?.uid);
  expect(events.map(({ seq_num: seqNum, data }) => [seqNum, data.interruption])).toEqual([
    [1, 'pause'],
    [2, 'resume'],
    [3, 'pause'],
    [4, 'resume'],
  ]);
  expect(of('stop')[0]?.num_events).toMatchObject({ interruptions: 4 });
});

class Interlock implements Suspender {
  readonly name = 'interlock';
  target: SuspendTarget | null = null;
  request: SuspendRequest | null = null;
  release: () => void = () => {};

  install(target: SuspendTarget): void {
    this.target = target;
  }
  remove(): void {
    this.target = null;
  }
  pending(): SuspendRequest | null {
    return this.request;
  }
  trip(plans: Pick<SuspendRequest, 'prePlan' | 'postPlan'> = {}): void {
    const until = new Promise<void>((resolve) => (this.release = resolve));
    this.request = { until: () => until, justification: 'interlock open', ...plans };
    this.target?.requestSuspend(this.request);
  }
}

describe('suspenders', () => {
  test('are installed, listed and removed', () => {
    const { engine } = recordingEngine();
    const interlock = new Interlock();
    engine.installSuspender(interlock);
    expect([engine.suspenders, interlock.target]).toEqual([[interlock], engine]);
    engine.removeSuspender(interlock);
    expect([engine.suspenders, interlock.target]).toEqual([[], null]);
  });

  test('hold a plan up: pre-plan, waiting, post-plan, then again from the checkpoint', async () => {
    const { engine, clock, messages: commands, states, of } = recordingEngine();
    engine.recordInterruptions = true;
    const interlock = new Interlock();
    engine.installSuspender(interlock);
    const det = new FakeDetector('det');
    function* plan(): Plan<void> {
      yield* checkpoint();
      yield* triggerAndRead([det]);
      yield* sleep(10);
    }
    const run = engine.run(runWrapper(plan(), {}));
    await clock.advance(5000);
    commands.length = 0;
    interlock.trip({
      prePlan: () => messages(msg('null', null, ['pre'])),
      postPlan: () => messages(msg('null', null, ['post'])),
    });
    await clock.advance(60_000);
    const before = ['_start_suspender', 'rewindable', 'null', 'wait_for'];
    expect([engine.state, commands]).toEqual(['running', before]);
    interlock.request = null;
    interlock.release();
    await clock.run(run);
    expect(commands).toEqual([
      ...[...before, '_resume_from_suspender', 'null', 'rewindable'],
      ...['trigger', 'wait', 'create', 'read', 'save', 'sleep', 'close_run'],
    ]);
    expect(states).toEqual(['running', 'suspending', 'running', 'idle']);
    const values = of('event').map(({ data, seq_num: seqNum }) => [seqNum, Object.keys(data)[0]]);
    expect(values).toEqual([
      [1, 'det'],
      [1, 'interruption'],
      [1, 'det'],
    ]);
  });

  test('that hold already let a plan wait before it begins', async () => {
    const { engine, clock, messages: commands } = recordingEngine();
    const interlock = new Interlock();
    engine.installSuspender(interlock);
    interlock.trip();
    const run = engine.run(messages(msg('null')));
    await clock.advance(1000);
    expect(commands).toEqual(['wait_for']);
    interlock.release();
    await clock.run(run);
    expect(commands).toEqual(['wait_for', 'null']);
  });

  test('stop what moves, and the plan moves it again', async () => {
    const { engine, clock } = recordingEngine();
    const calls: CallLog = [];
    const axis = new FakeAxis('z', calls, { held: true });
    const interlock = new Interlock();
    engine.installSuspender(interlock);
    function* plan(): Plan<void> {
      yield* checkpoint();
      yield* mv(new Map([[axis, 5]]) as Map<FakeAxis, unknown>);
    }
    const run = engine.run(plan());
    await clock.advance(0);
    interlock.trip();
    await clock.advance(0);
    interlock.release();
    await clock.advance(0);
    axis.arrive();
    await clock.run(run);
    expect(calls.filter((call) => /set|stop/.test(call)).slice(0, 3)).toEqual([
      expect.stringContaining('set'),
      expect.stringContaining('stop'),
      expect.stringContaining('set'),
    ]);
  });

  test('where a plan cannot go on from, it ends as aborted', async () => {
    const { engine, clock } = recordingEngine();
    const run = engine
      .run(messages(msg('clear_checkpoint'), msg('sleep', null, [10])))
      .catch((error: unknown) => error);
    await clock.advance(1000);
    engine.requestSuspend({ until: async () => {} });
    expect(await clock.run(run)).toMatchObject({ code: 'engine/interrupted' });
    expect(engine.state).toBe('idle');
  });

  test('an abort ends the waiting', async () => {
    const { engine, clock, of } = recordingEngine();
    const run = engine.run(runWrapper(sleep(10), {})).catch((error: unknown) => error);
    await clock.advance(1000);
    engine.requestSuspend({ until: () => new Promise(() => {}) });
    await clock.advance(1000);
    await clock.run(engine.abort('enough'));
    expect(await run).toMatchObject({ code: 'engine/interrupted' });
    expect(of('stop')).toMatchObject([{ exit_status: 'abort', reason: 'enough' }]);
    expect(clock.pending).toBe(0);
  });
});

test('wait_for gives up after its time-out', async () => {
  const { engine, clock } = recordingEngine();
  const never = () => new Promise(() => {});
  const run = engine.run(messages(msg('wait_for', null, [[never]], { timeout: 2 })));
  await expect(clock.run(run)).rejects.toThrow('Plan failed to complete in the specified time: 2 s');
});
