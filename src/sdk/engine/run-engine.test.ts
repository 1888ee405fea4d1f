import { describe, expect, test } from 'vitest';
import { Status } from '../device/status.ts';
import type { Reading } from '../events/documents.ts';
import { count, finalizeWrapper, openRun, runWrapper, triggerAndRead } from '../plans/index.ts';
import { FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import { sleepWith } from '../util/clock.ts';
import { toDisposable } from '../util/disposable.ts';
import { RedsunError } from '../util/errors.ts';
import { FailedStatus } from './errors.ts';
import { type Msg, msg, type Plan, planMessageOf } from './msg.ts';

function* messages(...list: Msg[]): Plan<void> {
  for (const message of list) yield message;
}

const START = { plan_name: 'p' };

describe('a plan that ends well', () => {
  test('gives its result and the uids of its runs', async () => {
    const { engine } = recordingEngine();
    function* plan(): Plan<string> {
      yield* runWrapper(messages(), START);
      yield* runWrapper(messages(), START);
      return 'done';
    }
    expect(await engine.run(plan())).toEqual({
      runStartUids: ['uid:0', 'uid:2'],
      planResult: 'done',
      exitStatus: 'success',
      interrupted: false,
      reason: '',
      exception: null,
    });
    expect(engine.state).toBe('idle');
  });

  test('returns what the handlers answer to the plan', async () => {
    const { engine } = recordingEngine();
    engine.registerCommand('double', async (_engine, { args }) => Number(args[0]) * 2);
    function* plan(): Plan<unknown> {
      const now = yield msg('double', null, [4]);
      const reading: Record<string, Reading> = yield msg('read', new FakeDetector('det'));
      return [now, reading.det?.value];
    }
    expect((await engine.run(plan())).planResult).toEqual([8, 0]);
  });

  test('goes through running and back to idle', async () => {
    const { engine, states } = recordingEngine();
    const run = engine.run(messages(msg('null')));
    expect(engine.state).toBe('running');
    await run;
    expect(states).toEqual(['running', 'idle']);
  });

  test('counts scan_id up over runs and puts metadata of engine, plan and call into the start, the call last', async () => {
    const { engine, of } = recordingEngine({ md: { user: 'ada', sample: 'none', scan_id: 41 } });
    await engine.run(runWrapper(messages(), { sample: 'plan', purpose: 'plan' }), null, { purpose: 'call' });
    await engine.run(runWrapper(messages(), {}));
    expect(of('start')).toMatchObject([
      { scan_id: 42, user: 'ada', sample: 'plan', purpose: 'call' },
      { scan_id: 43, user: 'ada', sample: 'none' },
    ]);
    expect(of('start')[1]).not.toHaveProperty('purpose');
  });
});

describe('a plan that fails', () => {
  test('rejects with its own error; open runs say fail and why', async () => {
    const { engine, of } = recordingEngine();
    const oops = new Error('oops');
    function* plan(): Plan<void> {
      yield* openRun(START);
      throw oops;
    }
    await expect(engine.run(plan())).rejects.toBe(oops);
    expect(of('stop')).toMatchObject([{ exit_status: 'fail', reason: 'oops', run_start: 'uid:0' }]);
    expect(engine.state).toBe('idle');
  });

  test('on a failed status gets it thrown in, with the error of the device as its cause', async () => {
    const { engine } = recordingEngine();
    const axis = new FakeAxis('z', [], { held: true });
    const jammed = new RedsunError('device/off-target', 'z: jammed at 3 um');
    let caught: unknown;
    function* plan(): Plan<string> {
      yield msg('set', axis, [5], { group: 'g' });
      axis.fail(jammed);
      try {
        yield msg('wait', null, [], { group: 'g' });
      } catch (error) {
        caught = error;
      }
      return 'went on';
    }
    expect((await engine.run(plan())).planResult).toBe('went on');
    expect(caught).toBeInstanceOf(FailedStatus);
    expect(caught).toMatchObject({ message: 'z: jammed at 3 um', cause: jammed });
  });

  test('hears of a failed status even while it sleeps', async () => {
    const { engine, clock } = recordingEngine();
    const axis = new FakeAxis('z', [], { held: true });
    const run = engine.run(messages(msg('set', axis, [5], { group: 'g' }), msg('sleep', null, [3600])));
    await clock.advance(1000);
    axis.fail(new Error('jammed'));
    await expect(run).rejects.toThrow('jammed');
    expect(clock.monotonicMs()).toBe(1000);
  });

  test.each<[string, unknown, string]>([
    ['an unknown command', msg('frobnicate'), 'There is no command "frobnicate"'],
    ['something that is no message', 5, 'The plan yielded 5, which is no message.'],
    ['a plan without yield*', messages(), 'A plan inside a plan needs `yield*`.'],
    ['set of what cannot move', msg('set', new FakeDetector('det'), [1]), 'det does not implement all Movable methods'],
    ['save without create', msg('save'), "A 'save' message was sent but no run is open."],
    ['sleep of no number', msg('sleep', null, ['long']), 'sleep: long is not a number of seconds'],
  ])('by %s says so', async (_what, yielded, message) => {
    const { engine } = recordingEngine();
    function* plan(): Plan<void> {
      yield yielded as Msg;
    }
    await expect(engine.run(plan())).rejects.toThrow(message);
    expect(engine.state).toBe('idle');
  });

  test('says in the error which message it was', async () => {
    const { engine } = recordingEngine();
    const run = engine.run(messages(msg('set', new FakeDetector('det'), [1.5])));
    const error = await run.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'engine/protocol' });
    expect(planMessageOf(error)).toBe('set(det, 1.5)');
  });

  test.each<[string, Msg[], string]>([
    [
      'a second open_run',
      [msg('open_run'), msg('open_run')],
      "A 'close_run' message was not received before the 'open_run' message",
    ],
    [
      'a second create',
      [msg('open_run'), msg('create', null, ['a']), msg('create', null, ['a'])],
      "A second 'create' message is not allowed",
    ],
    [
      'checkpoint in an event',
      [msg('open_run'), msg('create', null, ['a']), msg('checkpoint')],
      "Cannot 'checkpoint' after 'create'",
    ],
    ['drop without create', [msg('open_run'), msg('drop')], "A 'create' message must be sent"],
    ['close_run without run', [msg('close_run')], "A 'close_run' message was not received before"],
  ])('by %s is told what is in the wrong order', async (_what, list, message) => {
    const { engine } = recordingEngine();
    const run = engine.run(messages(...list));
    await expect(run).rejects.toMatchObject({
      code: 'engine/illegal-message',
      message: expect.stringContaining(message),
    });
  });

  test('by a reading whose keys collide names device and key', async () => {
    const { engine } = recordingEngine();
    const twins = [new FakeDetector('det'), new FakeDetector('det')];
    const run = engine.run(runWrapper(triggerAndRead(twins), START));
    await expect(run).rejects.toThrow(
      'Data keys (field names) from det collide with those from det. The colliding keys are det',
    );
  });

  test('is followed by the next one as if nothing had been', async () => {
    const { engine, of } = recordingEngine();
    await expect(engine.run(messages(msg('frobnicate')))).rejects.toThrow();
    await engine.run(count([new FakeDetector('det')]));
    expect(of('stop')).toMatchObject([{ exit_status: 'success', num_events: { primary: 1 } }]);
  });
});

describe('wait', () => {
  test('holds the plan until the whole group is done', async () => {
    const { engine, clock } = recordingEngine();
    const calls: string[] = [];
    const [x, y] = [new FakeAxis('x', calls, { held: true }), new FakeAxis('y', calls, { held: true })];
    const moves = [x, y].map((axis) => msg('set', axis, [1], { group: 'g' }));
    const run = engine.run(messages(...moves, msg('wait', null, [], { group: 'g' })));
    await clock.advance(1);
    x.arrive();
    await clock.advance(1);
    expect(engine.state).toBe('running');
    y.arrive();
    expect((await run).exitStatus).toBe('success');
  });

  test('gives up after its timeout and names what is late; the group stays', async () => {
    const { engine, clock } = recordingEngine();
    const axis = new FakeAxis('z', [], { held: true });
    function* plan(): Plan<unknown[]> {
      yield msg('set', axis, [1], { group: 'g' });
      let message = '';
      try {
        yield msg('wait', null, [], { group: 'g', timeout: 2 });
      } catch (error) {
        message = (error as Error).message;
      }
      const moved: boolean = yield msg('wait', null, [], { group: 'g', timeout: 1, error_on_timeout: false });
      axis.arrive();
      return [message, moved, yield msg('wait', null, [], { group: 'g' })];
    }
    const { planResult } = await clock.run(engine.run(plan()));
    expect(planResult).toEqual([
      'Plan failed to complete in the specified time: after 2 s there is still z.set',
      false,
      true,
    ]);
    expect([clock.monotonicMs(), clock.pending]).toEqual([3000, 0]);
  });

  test('for a group that nobody joined is over at once', async () => {
    const { engine } = recordingEngine();
    await expect(engine.run(messages(msg('wait', null, [], { group: 'nobody' })))).resolves.toBeDefined();
  });
});

describe('subscribers', () => {
  test('get documents in the order they subscribed, by kind, until they leave', async () => {
    const { engine } = recordingEngine();
    const heard: string[] = [];
    engine.subscribe((name) => heard.push(`all ${name}`));
    const token = engine.subscribe((name) => heard.push(`only ${name}`), 'stop');
    await engine.run(runWrapper(messages(), START));
    engine.unsubscribe(token);
    await engine.run(runWrapper(messages(), START));
    expect(heard).toEqual(['all start', 'all stop', 'only stop', 'all start', 'all stop']);
  });

  test('may be added and removed by the plan', async () => {
    const { engine } = recordingEngine();
    const heard: string[] = [];
    function* plan(): Plan<void> {
      const token: number = yield msg('subscribe', null, [(name: string) => heard.push(name), 'start']);
      yield* runWrapper(messages(), START);
      yield msg('unsubscribe', null, [token]);
      yield* runWrapper(messages(), START);
    }
    await engine.run(plan());
    expect(heard).toEqual(['start']);
  });

  test('one that throws fails the run, and the stop document still goes out', async () => {
    const { engine, of } = recordingEngine();
    engine.subscribe(() => {
      throw new Error('no room in the catalogue');
    }, 'event');
    await expect(engine.run(count([new FakeDetector('det')]))).rejects.toThrow('no room in the catalogue');
    expect(of('stop')).toMatchObject([{ exit_status: 'fail', reason: 'no room in the catalogue' }]);
  });
});

describe('the guard', () => {
  test('refuses messages: the plan gets its error and the device is not touched', async () => {
    const calls: string[] = [];
    const guard = ({ command }: Msg) => {
      if (command === 'set') throw new RedsunError('safety/stopped', 'STOP was pressed');
    };
    const { engine, messages: executed } = recordingEngine({ guard });
    const run = engine.run(messages(msg('null'), msg('set', new FakeAxis('z', calls), [1])));
    await expect(run).rejects.toMatchObject({ code: 'safety/stopped' });
    expect([calls, executed]).toEqual([[], ['null']]);
  });
});

test('a run that was aborted stays so when the guard refuses its clean-up', async () => {
  let stopped = false;
  const guard = ({ command }: Msg) => {
    if (stopped && command === 'set') throw new RedsunError('safety/stopped', 'set: refused, STOP was pressed');
  };
  const { engine, clock, faults, of } = recordingEngine({ guard });
  const goHome = () => messages(msg('set', new FakeAxis('z', []), [0]));
  const run = engine.run(runWrapper(finalizeWrapper(messages(msg('sleep', null, [3600])), goHome)));
  const ended = run.catch((error: Error) => error);
  await clock.advance(10);
  stopped = true;
  await clock.run(engine.abort('STOP by Esc'));
  await ended;
  expect(of('stop')).toMatchObject([{ exit_status: 'abort', reason: 'STOP by Esc' }]);
  expect(faults.map(({ message }) => message)).toEqual(['set: refused, STOP was pressed']);
});

describe('clean-up at the end', () => {
  test.each(['success', 'fail'] as const)('stops, unstages and closes what the plan left (%s)', async (exitStatus) => {
    const { engine, of } = recordingEngine();
    const calls: string[] = [];
    const [det, axis] = [new FakeDetector('det', calls), new FakeAxis('z', calls)];
    function* plan(): Plan<void> {
      yield* messages(msg('open_run'), msg('stage', det), msg('set', axis, [5]));
      if (exitStatus === 'fail') throw new Error('oops');
    }
    await engine.run(plan()).catch(() => {});
    expect(calls).toEqual(['det.stage()', 'z.set(5)', 'z.stop()', 'det.unstage()']);
    expect(of('stop')).toMatchObject([{ exit_status: exitStatus }]);
  });

  test('goes on when a device does not stop or unstage, and tells of it', async () => {
    const { engine, faults, of } = recordingEngine();
    const calls: string[] = [];
    const [bad, good] = [new FakeDetector('bad', calls), new FakeDetector('good', calls)];
    const axis = new FakeAxis('z', calls);
    const refuse = (what: string) => ({
      value: () => {
        throw new Error(what);
      },
    });
    Object.defineProperty(bad, 'unstage', refuse('bad: stuck'));
    Object.defineProperty(axis, 'stop', refuse('z: deaf'));
    const list = [msg('open_run'), msg('stage', bad), msg('stage', good), msg('set', axis, [5])];
    await expect(engine.run(messages(...list))).rejects.toThrow('bad: stuck');
    expect(calls).toContain('good.unstage()');
    expect(faults.map(({ message }) => message)).toEqual(['z did not stop', 'bad: stuck']);
    expect(of('stop')).toMatchObject([{ exit_status: 'fail', reason: 'bad: stuck' }]);
  });

  test('closes every run, also when a subscriber of one throws', async () => {
    const { engine, of } = recordingEngine();
    engine.subscribe((_name, doc) => {
      if ('run_start' in doc && doc.run_start === 'uid:0') throw new Error('no room');
    }, 'stop');
    const list = ['a', 'b'].map((run) => msg('open_run', null, [], {}, run));
    await expect(engine.run(messages(...list))).rejects.toThrow('no room');
    expect(of('stop').map(({ run_start }) => run_start)).toEqual(['uid:0', 'uid:1']);
  });
});

describe('documents', () => {
  test('a device that is configured in mid-run gets a new descriptor; numbers go on', async () => {
    const { engine, of } = recordingEngine();
    const det = new FakeDetector('det');
    function* plan(): Plan<void> {
      yield* triggerAndRead([det]);
      yield msg('configure', det, [{ exposure: 0.5 }]);
      yield* triggerAndRead([det]);
    }
    await engine.run(runWrapper(plan(), START));
    const [before, after] = of('descriptor');
    expect(before?.configuration?.det?.data).toEqual({ 'det-exposure': 0.1 });
    expect(after?.configuration?.det?.data).toEqual({ 'det-exposure': 0.5 });
    expect(of('event').map((event) => [event.seq_num, event.descriptor])).toEqual([
      [1, before?.uid],
      [2, after?.uid],
    ]);
    expect(of('stop')).toMatchObject([{ num_events: { primary: 2 } }]);
  });

  test('other objects in a stream than those it was described with are refused', async () => {
    const { engine } = recordingEngine();
    function* plan(): Plan<void> {
      yield* triggerAndRead([new FakeDetector('a')]);
      yield* triggerAndRead([new FakeDetector('b')]);
    }
    const run = engine.run(runWrapper(plan(), START));
    await expect(run).rejects.toMatchObject({ code: 'engine/mismatched-objects' });
  });

  test('a dropped event leaves no trace', async () => {
    const { engine, of } = recordingEngine();
    const det = new FakeDetector('det');
    const list = [
      ...[msg('create', null, ['a']), msg('read', det), msg('drop')],
      ...[msg('create', null, ['a']), msg('read', det), msg('save')],
    ];
    await engine.run(runWrapper(messages(...list), START));
    expect(of('event').map(({ seq_num }) => seq_num)).toEqual([1]);
  });
});

test('a tight loop of messages lets timers run', async () => {
  const setTimer = (callback: () => void, delayMs: number) => {
    const timer = setTimeout(callback, delayMs);
    return toDisposable(() => clearTimeout(timer));
  };
  const clock = {
    now: () => Date.now() / 1000,
    monotonicMs: () => performance.now(),
    setTimeout: setTimer,
    sleep: (delayMs: number, signal?: AbortSignal) => sleepWith(setTimer, delayMs, signal),
  };
  const { engine, messages: executed } = recordingEngine({ clock });
  const nothing = msg('null');
  function* plan(): Plan<void> {
    for (let i = 0; i < 200_000; i++) yield nothing;
  }
  let executedAtTimer = -1;
  setTimeout(() => {
    executedAtTimer = executed.length;
  }, 1);
  await engine.run(plan());
  expect(executed).toHaveLength(200_000);
  expect(executedAtTimer).toBeGreaterThan(0);
  expect(executedAtTimer).toBeLessThan(200_000);
});

test('a status that fails after the run has ended is of no interest any more', async () => {
  const { engine, faults } = recordingEngine();
  const status = new Status({ label: 'late' });
  const device = { name: 'late', trigger: () => status };
  await engine.run(messages(msg('trigger', device)));
  status.setException(new Error('too late'));
  await engine.run(finalizeWrapper(messages(msg('null')), () => messages()));
  expect(faults).toEqual([]);
});

test('a subscriber that throws at the start document fails a run that is closed all the same', async () => {
  const { engine, of } = recordingEngine();
  engine.subscribe((name) => {
    if (name === 'start') throw new Error('disk full');
  });
  await expect(engine.run(count([new FakeDetector('det')]))).rejects.toThrow('disk full');
  expect(of('start')).toHaveLength(1);
  expect(of('stop')).toMatchObject([{ exit_status: 'fail', reason: 'disk full' }]);
});
