import { describe, expect, test } from 'vitest';
import { checkpoint, finalizeWrapper, mv, runWrapper, sleep, stageWrapper, triggerAndRead } from '../plans/index.ts';
import { FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { type EngineRecording, recordingEngine } from '../testing/recording-engine.ts';
import { RequestAbort, RequestStop } from './errors.ts';
import { type Msg, msg, type Plan } from './msg.ts';

const START = { plan_name: 'p' };
const PAUSE = msg('pause');

function* messages(...list: Msg[]): Plan<void> {
  for (const message of list) yield message;
}

/** A plan that sleeps for an hour in an open run, and tells how it ended. */
function* longPlan(trace: string[], det = new FakeDetector('det')): Plan<void> {
  function* inner(): Plan<void> {
    yield* checkpoint();
    yield* triggerAndRead([det]);
    try {
      yield* sleep(3600);
    } catch (error) {
      const name = error instanceof RequestAbort ? 'abort' : error instanceof RequestStop ? 'stop' : String(error);
      trace.push(`caught ${name}`);
      throw error;
    }
  }
  yield* finalizeWrapper(runWrapper(inner(), START), function* () {
    yield msg('null');
    trace.push('cleaned up');
  });
}

async function runningFor(ms: number, recording: EngineRecording, plan: Plan): Promise<{ run: Promise<unknown> }> {
  const run = recording.engine.run(plan).catch((error: unknown) => error);
  await recording.clock.advance(ms);
  return { run };
}

describe('pause and resume', () => {
  test('a pause rejects the promise of the run, and resume gives a new one', async () => {
    const { engine, states } = recordingEngine();
    const run = engine.run(runWrapper(messages(PAUSE, msg('null')), START));
    await expect(run).rejects.toMatchObject({ code: 'engine/interrupted', runStartUids: ['uid:0'] });
    expect(engine.state).toBe('paused');
    expect(await engine.resume()).toMatchObject({ exitStatus: 'success', runStartUids: ['uid:0'] });
    expect(states).toEqual(['running', 'pausing', 'paused', 'running', 'idle']);
  });

  test('what came after the checkpoint is done again, in the same order', async () => {
    const { engine, messages: executed } = recordingEngine();
    const det = new FakeDetector('det');
    function* plan(): Plan<void> {
      yield msg('null');
      yield* checkpoint();
      yield msg('trigger', det, [], { group: 'g' });
      yield msg('wait', null, [], { group: 'g' });
      yield PAUSE;
      yield msg('locate', new FakeAxis('z'));
    }
    await engine.run(plan()).catch(() => {});
    await engine.resume();
    expect(executed).toEqual(['null', 'checkpoint', 'trigger', 'wait', 'pause', 'trigger', 'wait', 'locate']);
    expect(det.value).toBe(2);
  });

  test('numbers of events go on from the checkpoint, in every stream', async () => {
    const { engine, of } = recordingEngine();
    const [det, aux] = [new FakeDetector('det'), new FakeDetector('aux')];
    function* plan(): Plan<void> {
      yield* triggerAndRead([det]);
      yield* checkpoint();
      yield* triggerAndRead([det]);
      yield* triggerAndRead([aux], 'baseline');
      yield PAUSE;
      yield* triggerAndRead([det]);
    }
    await engine.run(runWrapper(plan(), START)).catch(() => {});
    await engine.resume();
    const names = new Map(of('descriptor').map(({ uid, name }) => [uid, name]));
    expect(of('event').map(({ descriptor, seq_num }) => `${names.get(descriptor)} ${seq_num}`)).toEqual([
      'primary 1',
      'primary 2',
      'baseline 1',
      'primary 2',
      'baseline 1',
      'primary 3',
    ]);
    expect(of('stop')).toMatchObject([{ num_events: { primary: 3, baseline: 1 } }]);
  });

  test('a pause in the middle of a message breaks it off; its answer comes with the resume', async () => {
    const recording = recordingEngine();
    const { engine, clock } = recording;
    const axis = new FakeAxis('z');
    let asked = 0;
    Object.defineProperty(axis, 'locate', {
      value: async () => {
        asked++;
        await clock.sleep(100);
        return { setpoint: asked, readback: asked };
      },
    });
    function* plan(): Plan<number> {
      yield msg('null');
      const { readback } = yield msg('locate', axis);
      return readback;
    }
    await runningFor(50, recording, plan());
    await engine.pause();
    expect(engine.state).toBe('paused');
    expect(await clock.run(engine.resume())).toMatchObject({ planResult: 2 });
  });

  test('twice in the same message, and the plan still gets its answer', async () => {
    const recording = recordingEngine();
    const { engine, clock } = recording;
    engine.registerCommand('think', async () => {
      await clock.sleep(100);
      return 42;
    });
    function* plan(): Plan<unknown[]> {
      const first: string = yield msg('null');
      return [first, yield msg('think')];
    }
    await runningFor(50, recording, plan());
    await engine.pause();
    const resumed = engine.resume().catch(() => {});
    await clock.advance(50);
    await engine.pause();
    await resumed;
    expect(await clock.run(engine.resume())).toMatchObject({ planResult: [undefined, 42] });
  });

  test('an answer that the plan had before the pause stays its answer', async () => {
    const { engine } = recordingEngine();
    engine.registerCommand('pause_and_tell', (context) => {
      context.requestPause(false);
      return 'told';
    });
    function* plan(): Plan<string> {
      return yield msg('pause_and_tell');
    }
    await engine.run(plan()).catch(() => {});
    // Replayed, it pauses again.
    await engine.resume().catch(() => {});
    expect(engine.state).toBe('paused');
    engine.registerCommand('pause_and_tell', () => 'told twice');
    expect(await engine.resume()).toMatchObject({ planResult: 'told' });
  });

  test('staging is done to its end before a pause, as it is not repeated', async () => {
    const recording = recordingEngine();
    const { engine, clock } = recording;
    const det = new FakeDetector('det');
    let staged = 0;
    Object.defineProperty(det, 'stage', {
      value: async () => {
        await clock.sleep(100);
        staged++;
        return [det];
      },
    });
    const plan = stageWrapper(runWrapper(triggerAndRead([det]), START), [det]);
    const { run } = await runningFor(50, recording, plan);
    const paused = engine.pause();
    await clock.run(paused);
    await run;
    expect([engine.state, staged, clock.monotonicMs()]).toEqual(['paused', 1, 100]);
    expect(await engine.resume()).toMatchObject({ exitStatus: 'success' });
    expect(staged).toBe(1);
  });

  test('after the end of a run does not repeat its events', async () => {
    const { engine, of } = recordingEngine();
    function* plan(): Plan<void> {
      yield* runWrapper(triggerAndRead([new FakeDetector('det')]), START);
      yield PAUSE;
    }
    await engine.run(plan()).catch(() => {});
    expect(await engine.resume()).toMatchObject({ exitStatus: 'success' });
    expect(of('event')).toHaveLength(1);
  });

  test('moving axes are stopped, what they report then is no failure, and the move is made again', async () => {
    const recording = recordingEngine();
    const { engine, clock } = recording;
    const calls: string[] = [];
    const axis = new FakeAxis('z', calls, { held: true });
    Object.defineProperty(axis, 'stop', {
      value: () => {
        calls.push('z.stop()');
        if (axis.moving) axis.fail(new Error('stopped half-way'));
      },
    });
    await runningFor(10, recording, mv(new Map([[axis, 5]])));
    await engine.pause();
    expect(calls).toEqual(['z.set(5)', 'z.stop()']);
    const resumed = engine.resume();
    await clock.advance(10);
    axis.arrive();
    expect(await resumed).toMatchObject({ exitStatus: 'success' });
    expect(calls).toEqual(['z.set(5)', 'z.stop()', 'z.set(5)', 'z.stop()']);
  });

  test('devices that can pause are told, and one that throws keeps nobody', async () => {
    const { engine, faults } = recordingEngine();
    const told: string[] = [];
    const pausable = {
      stage: () => [],
      unstage: () => [],
      pause: () => {
        told.push('pause');
        throw new Error('deaf');
      },
      resume: () => {
        told.push('resume');
        throw new Error('still deaf');
      },
    };
    await engine.run(messages(msg('stage', pausable), PAUSE)).catch(() => {});
    expect(engine.state).toBe('paused');
    expect(await engine.resume()).toMatchObject({ exitStatus: 'success' });
    expect(told).toEqual(['pause', 'resume']);
    expect(faults.map(({ message }) => message)).toEqual(['deaf', 'still deaf']);
  });

  test('a deferred pause waits for the next checkpoint, and is over when none follows', async () => {
    const { engine, messages: executed } = recordingEngine();
    const deferred = msg('pause', null, [], { defer: true });
    await engine.run(messages(deferred, msg('null'), msg('checkpoint'), msg('sleep', null, [0]))).catch(() => {});
    expect([engine.state, engine.deferredPauseRequested, executed.at(-1)]).toEqual(['paused', false, 'checkpoint']);
    await engine.abort();
    await expect(engine.run(messages(deferred, msg('null')))).resolves.toBeDefined();
    expect(engine.deferredPauseRequested).toBe(true);
  });

  test('where the plan cannot go on from, a pause ends it as aborted, with clean-up', async () => {
    const { engine, of } = recordingEngine();
    const trace: string[] = [];
    const plan = finalizeWrapper(
      runWrapper(messages(msg('clear_checkpoint'), PAUSE, msg('null')), START),
      function* () {
        trace.push('cleaned up');
        yield msg('null');
      },
    );
    await expect(engine.run(plan)).rejects.toMatchObject({
      code: 'engine/interrupted',
      message: expect.stringContaining('cannot go on from'),
    });
    expect([engine.state, trace]).toEqual(['idle', ['cleaned up']]);
    expect(of('stop')).toMatchObject([{ exit_status: 'abort', reason: expect.stringContaining('cannot go on from') }]);
  });
});

describe.each(['running', 'paused'] as const)('from %s', (from) => {
  async function begin(recording: EngineRecording, plan: Plan): Promise<void> {
    await runningFor(1000, recording, plan);
    if (from === 'paused') await recording.engine.pause();
    expect(recording.engine.state).toBe(from);
  }

  test.each([
    ['abort', 'aborting', 'abort', 'bored'],
    ['stop', 'stopping', 'success', ''],
  ] as const)(
    '%s throws into the plan, lets it clean up and waits for that',
    async (how, state, exitStatus, reason) => {
      const recording = recordingEngine();
      const { engine, states, of } = recording;
      const trace: string[] = [];
      await begin(recording, longPlan(trace));
      await (how === 'abort' ? engine.abort('bored') : engine.stop());
      expect(trace).toEqual([`caught ${how}`, 'cleaned up']);
      expect(states.slice(-2)).toEqual([state, 'idle']);
      expect(of('stop')).toMatchObject([{ exit_status: exitStatus, reason, num_events: { primary: 1 } }]);
    },
  );

  test('halt drops the plan without its clean-up, and still makes things safe', async () => {
    const recording = recordingEngine();
    const { engine, of, states } = recording;
    const trace: string[] = [];
    const det = new FakeDetector('det');
    function* plan(): Plan<void> {
      yield msg('stage', det);
      yield* longPlan(trace, det);
    }
    await begin(recording, plan());
    await engine.halt();
    expect(trace).toEqual([]);
    expect(states.slice(-2)).toEqual(['halting', 'idle']);
    expect(det.calls.at(-1)).toBe('det.unstage()');
    expect(of('stop')).toMatchObject([{ exit_status: 'abort' }]);
  });

  test('another plan is refused, or waits for its turn and is refused when this one is aborted', async () => {
    const recording = recordingEngine();
    const { engine } = recording;
    await begin(recording, longPlan([]));
    const trace: string[] = [];
    const another = engine.run(longPlan(trace)).catch((error: unknown) => error);
    await engine.abort();
    expect(await another).toMatchObject(
      from === 'paused'
        ? { code: 'state/forbidden', message: 'The RunEngine is in a paused state' }
        : { code: 'engine/interrupted', message: 'aborting: it had not begun' },
    );
    expect(trace).toEqual([]);
    await expect(engine.run(messages())).resolves.toBeDefined();
  });
});

describe('ending', () => {
  test('rejects the promise of the run with the reason', async () => {
    const recording = recordingEngine();
    const { run } = await runningFor(1000, recording, longPlan([]));
    await recording.engine.abort('sample drifted');
    const error = await run;
    expect(error).toMatchObject({ code: 'engine/interrupted', message: 'sample drifted', runStartUids: ['uid:0'] });
  });

  test('twice does not break off the clean-up that the first call set going', async () => {
    const recording = recordingEngine();
    const { engine, clock, of } = recording;
    const trace: string[] = [];
    const plan = finalizeWrapper(runWrapper(sleep(3600), START), function* () {
      yield* sleep(1);
      trace.push('lights out');
    });
    await runningFor(1000, recording, plan);
    const both = Promise.all([engine.abort('first'), engine.abort('second'), engine.stop()]);
    await clock.run(both);
    expect([engine.state, trace]).toEqual(['aborting', []]);
    await clock.run(engine.whenIdle());
    expect([engine.state, trace]).toEqual(['idle', ['lights out']]);
    expect(of('stop')).toMatchObject([{ exit_status: 'abort', reason: 'first' }]);
  });

  test('a halt breaks off a clean-up that does not end', async () => {
    const recording = recordingEngine();
    const { engine } = recording;
    await runningFor(
      1000,
      recording,
      finalizeWrapper(sleep(3600), () => sleep(3600)),
    );
    const aborted = engine.abort('first');
    await recording.clock.advance(1000);
    expect(engine.state).toBe('aborting');
    await engine.halt();
    await aborted;
    expect(engine.state).toBe('idle');
  });

  test('while things are brought to rest for a pause is not lost', async () => {
    const recording = recordingEngine();
    const { engine, clock, of } = recording;
    const axis = new FakeAxis('z');
    Object.defineProperty(axis, 'stop', { value: () => clock.sleep(100) });
    function* plan(): Plan<void> {
      yield* mv(new Map([[axis, 1]]));
      yield* sleep(3600);
    }
    await runningFor(1000, recording, runWrapper(plan(), START));
    const paused = engine.pause();
    await clock.advance(50);
    expect(engine.state).toBe('pausing');
    await clock.run(engine.abort('in the middle'));
    await paused;
    expect(engine.state).toBe('idle');
    expect(of('stop')).toMatchObject([{ exit_status: 'abort', reason: 'in the middle' }]);
  });

  test('is not kept by a device that never answers', async () => {
    const recording = recordingEngine();
    const silent = { name: 'silent', read: () => new Promise(() => {}), describe: () => ({}) };
    await runningFor(1000, recording, messages(msg('read', silent)));
    await recording.engine.abort();
    expect(recording.engine.state).toBe('idle');
  });

  test('with an error in the clean-up is an abort whose run says the error', async () => {
    const recording = recordingEngine();
    const { engine, faults, of } = recording;
    const plan = runWrapper(
      finalizeWrapper(sleep(3600), function* () {
        yield msg('null');
        throw new Error('shutter stuck');
      }),
      START,
    );
    await runningFor(1000, recording, plan);
    expect(await engine.abort('bored')).toMatchObject({ exitStatus: 'abort', reason: 'bored' });
    expect(of('stop')).toMatchObject([{ exit_status: 'fail', reason: 'shutter stuck' }]);
    expect(faults.map(({ message }) => message)).toEqual(['shutter stuck']);
  });
});

describe('when idle', () => {
  test.each(['abort', 'stop', 'halt'] as const)('%s is refused', async (how) => {
    const { engine } = recordingEngine();
    await expect(engine[how]()).rejects.toThrow('RunEngine is already idle.');
  });

  test('there is nothing to pause or resume', async () => {
    const { engine } = recordingEngine();
    await expect(engine.pause()).rejects.toMatchObject({ code: 'engine/transition' });
    await expect(engine.resume()).rejects.toThrow(
      'The RunEngine is the idle state. You can only resume for the paused state.',
    );
  });
});
