// The RunEngine as sunflare 0.11.1 wraps it, recorded in golden_engine.json. Promises stand for futures.
import { afterAll, describe, expect, test } from 'vitest';
import { Status } from '../../src/sdk/device/index.ts';
import { type Metadata, msg, type Plan, RunEngine, type RunEngineOptions } from '../../src/sdk/engine/index.ts';
import type { Document, DocumentName } from '../../src/sdk/events/index.ts';
import { checkpoint, closeRun, count, openRun, read, sleep, triggerAndRead } from '../../src/sdk/plans/index.ts';
import { ManualClock } from '../../src/sdk/testing/index.ts';
import { ValueError } from '../../src/sdk/util/index.ts';
import { type Json, listedDeviations, numberUids, outcome, plain, Replayed, recorded } from './replay.ts';

const golden = await recorded('golden_engine');
const replayed = new Replayed(golden);
afterAll(() => expect(replayed.forgotten).toEqual([]));

const DEVIATIONS = [
  'engine: promises for futures',
  'engine: the name of a plan comes from the plan',
  'engine: devices by name',
  'engine: no word of versions of Python',
  'engine: a failed status says why',
  'engine: an interruption says why',
  'engine: an abort ends what waits',
  'engine: nothing is printed, nothing is nested',
];
test('each deviation has its row', async () => {
  const listed = await listedDeviations();
  expect(DEVIATIONS.filter((title) => !listed.includes(`| ${title} |`))).toEqual([]);
});

class Detector {
  readonly name = 'det';
  readonly parent = null;
  #readings = 0;
  trigger(): Status {
    this.#readings++;
    const status = new Status();
    status.setFinished();
    return status;
  }
  read() {
    return { det: { value: this.#readings, timestamp: 1 } };
  }
  describe() {
    return { det: { source: 'sim', dtype: 'number' as const, shape: [] } };
  }
  readConfiguration() {
    return { gain: { value: 2, timestamp: 1 } };
  }
  describeConfiguration() {
    return { gain: { source: 'sim', dtype: 'number' as const, shape: [] } };
  }
}
class LostDetector extends Detector {
  override trigger(): Status {
    const status = new Status();
    status.setException(new Error('camera lost'));
    return status;
  }
}

function setUp<R extends boolean = true>(options: Omit<RunEngineOptions<R>, 'clock'> = {}) {
  const clock = new ManualClock();
  const engine = new RunEngine<R>({ clock, ...options });
  const documents: [DocumentName, Document][] = [];
  engine.subscribe((name, doc) => documents.push([name, doc]));
  const settle = (plan: Plan, md: Metadata = {}) => outcome(() => clock.run(engine.run(plan, null, md)));
  const stops = () =>
    documents.map(([name, doc]) => {
      const { exit_status = null, reason = null } = doc as { exit_status?: string; reason?: string };
      return [name, exit_status, reason];
    });
  return { clock, engine, documents, settle, stops };
}

/** Times, and what only Python knows, as the recordings have them. */
function scrub(value: unknown): Json {
  if (Array.isArray(value)) return value.map(scrub);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      if (key === 'time') return [key, '<time>'];
      if (key === 'timestamps') return [key, Object.fromEntries(Object.keys(one).map((name) => [name, '<time>']))];
      return [key, scrub(one)];
    }),
  );
}

/** Fields of the reference's documents that deviations take away or change. */
function withoutPython([name, doc]: [string, Record<string, Json>]): [string, Record<string, Json>] {
  const { versions: _versions, ...rest } = doc;
  if (name !== 'start') return [name, rest];
  const { plan_args: args, ...start } = rest;
  // A plan without metadata of its own has no name here.
  if (!args) {
    const { plan_name: _name, ...anonymous } = start;
    return [name, anonymous];
  }
  return [name, { ...start, plan_args: { ...(args as object), detectors: ['det'] } as Json }];
}

describe('a call', () => {
  test('engine: promises for futures', async () => {
    const { engine, clock } = setUp();
    expect(golden[replayed.key('returns_future')]).toBe(true);
    const call = engine.run(count([new Detector()], { num: 2 }), null, { sample: 's1' });
    expect(call).toBeInstanceOf(Promise);
    expect(engine.state).toBe('running');
    const { runStartUids, planResult, exitStatus, interrupted, reason, exception } = await clock.run(call);
    expect(golden[replayed.key('result_type')]).toBe('RunEngineResult');
    const fields = golden[replayed.key('result_fields')];
    expect({ exit_status: exitStatus, interrupted, reason, exception }).toEqual({
      exit_status: fields.exit_status,
      interrupted: fields.interrupted,
      reason: fields.reason,
      exception: fields.exception,
    });
    expect(runStartUids).toHaveLength(fields.run_start_uids.length);
    expect([fields.plan_result, planResult]).toEqual([fields.run_start_uids[0], runStartUids[0]]);
    expect(golden[replayed.key('callback_on_main_thread')]).toEqual([false]);
  });

  test('has the recorded defaults', () => {
    const { engine } = setUp();
    const { pause_msg, call_returns_result, ...same } = golden[replayed.key('defaults')];
    expect({ state: engine.state, md: engine.md, record_interruptions: engine.recordInterruptions }).toEqual(same);
    expect([pause_msg, call_returns_result]).toEqual(['', true]);
  });

  test('engine: the name of a plan comes from the plan', async () => {
    const { engine, documents, settle } = setUp();
    await settle(count([new Detector()], { num: 2 }), { sample: 's1' });
    await settle(count([new Detector()], { num: 1 }));
    expect(engine.md.scan_id).toBe(golden[replayed.key('scan_id_second')]);
    function* bad(): Plan<void> {
      yield* openRun();
      throw new ValueError('plan failed');
    }
    expect(await settle(bad())).toEqual(golden[replayed.key('plan_error')]);
    expect(engine.state).toBe(golden[replayed.key('state_after_error')]);
    expect(documents.at(-1)?.[1]).toMatchObject(golden[replayed.key('last_stop')]);
    const reference = golden[replayed.key('documents')];
    expect(reference.at(-2)[1]).toMatchObject({ plan_name: 'bad', plan_type: 'generator' });
    expect(documents.at(-2)?.[1]).not.toHaveProperty('plan_name');
    expect(numberUids(plain(scrub(documents)))).toEqual(numberUids(reference.map(withoutPython)));
  });

  test('engine: devices by name; engine: no word of versions of Python', async () => {
    const { documents, settle } = setUp({ md: { versions: { redsun: '1.2.3' } } });
    await settle(count([new Detector()]));
    const [start] = documents.map(([, doc]) => doc as Record<string, unknown>);
    expect(golden.documents[0][1].plan_args.detectors).toEqual(['<it>']);
    expect(start?.plan_args).toEqual({ detectors: ['det'], num: 1, delay: 0 });
    expect(golden.documents[0][1].versions).toBe('<versions>');
    expect(start?.versions).toEqual({ redsun: '1.2.3' });
  });

  test('can resolve with the uids alone', async () => {
    const { engine, clock, documents } = setUp({ callReturnsResult: false });
    const uids: readonly string[] = await clock.run(engine.run(count([new Detector()])));
    expect(documents[0]?.[1]).toMatchObject({ uid: uids[0] });
    expect(golden[replayed.key('uids_tuple')]).toHaveLength(uids.length);
  });

  test('waits for its turn while another plan runs', async () => {
    const { engine, clock } = setUp();
    const order: unknown[] = [];
    function* slow(tag: number): Plan<void> {
      yield msg('null');
      order.push(['start', tag]);
      yield* sleep(0.15);
      order.push(['end', tag]);
    }
    const first = engine.run(slow(1));
    const second = engine.run(slow(2));
    await clock.run(Promise.all([first, second]));
    expect(order).toEqual(golden[replayed.key('second_call_queues')]);
  });
});

describe('control', () => {
  function* pausing(): Plan<void> {
    yield* openRun();
    yield* checkpoint();
    yield msg('pause', null, [], { defer: false });
    yield msg('create', null, [], { name: 'primary' });
    yield* read(new Detector());
    yield msg('save');
    yield* closeRun();
  }

  test('a pause ends the call with an error; resume is another call', async () => {
    const { engine, clock, documents, settle } = setUp();
    const states: string[][] = [];
    engine.stateHook = (next, previous) => states.push([previous, next]);
    expect(await settle(pausing())).toEqual(golden[replayed.key('pause_future')]);
    expect(engine.state).toBe(golden[replayed.key('paused_state')]);
    expect(await settle(pausing())).toEqual(golden[replayed.key('call_while_paused')]);
    const call = engine.resume();
    expect(call instanceof Promise).toBe(golden[replayed.key('resume_returns_future')]);
    const { exitStatus, interrupted } = await clock.run(call);
    expect(['RunEngineResult', exitStatus, interrupted]).toEqual(golden[replayed.key('resume_result')]);
    expect(documents.map(([name]) => name)).toEqual(golden[replayed.key('docs_pause')]);
    expect(states).toEqual(golden[replayed.key('states')]);
    expect(await outcome(() => engine.resume())).toEqual(golden[replayed.key('resume_idle')]);
  });

  function* endless(): Plan<void> {
    yield* openRun();
    while (true) {
      yield* checkpoint();
      yield* sleep(0.02);
    }
  }

  test('engine: an interruption says why', async () => {
    const ending = async (end: (engine: RunEngine) => Promise<unknown>) => {
      const { engine, clock, stops } = setUp();
      const call = outcome(() => engine.run(endless()));
      await clock.advance(200);
      await clock.run(end(engine));
      return { call: await call, stops: stops() };
    };
    const stopped = await ending((engine) => engine.stop());
    expect(stopped).toEqual({ call: golden[replayed.key('stop_future')], stops: golden[replayed.key('stop_docs')] });
    const aborted = await ending((engine) => engine.abort('user abort'));
    expect(aborted.stops).toEqual(golden[replayed.key('abort_docs')]);
    expect(golden[replayed.key('abort_future')]).toEqual({ error: 'RunEngineInterrupted', message: '' });
    expect(aborted.call).toEqual({ error: 'RunEngineInterrupted', message: 'user abort' });
  });

  test('engine: an abort ends what waits', async () => {
    const { engine, clock } = setUp();
    const first = outcome(() => engine.run(endless()));
    await clock.advance(100);
    const second = outcome(() => engine.run(count([new Detector()])));
    await clock.run(engine.abort('sample lost'));
    expect(await first).toMatchObject({ error: 'RunEngineInterrupted' });
    expect(await second).toEqual({ error: 'RunEngineInterrupted', message: 'aborting: it had not begun' });
    expect(engine.state).toBe('idle');
  });

  test('engine: nothing is printed, nothing is nested', async () => {
    const { engine, clock } = setUp();
    const members = ['pauseMsg', 'maxDepth', 'loop'].filter((member) => member in engine);
    expect(members).toEqual([]);
    // A plan that calls the engine gets a promise that begins after it, where the reference limits the depth of the stack.
    const order: string[] = [];
    function* inner(): Plan<void> {
      order.push('inner');
      yield msg('null');
    }
    let nested: Promise<unknown> = Promise.resolve();
    function* outer(): Plan<void> {
      nested = engine.run(inner());
      yield msg('null');
      order.push('outer');
    }
    await clock.run(engine.run(outer()));
    await clock.run(nested);
    expect(order).toEqual(['outer', 'inner']);
  });
});

describe('metadata', () => {
  test('is validated and normalised; scan_id counts on after a refusal', async () => {
    const { documents, settle } = setUp({
      md: { a: 1 },
      mdValidator: (md) => {
        if (!('x' in md)) throw new ValueError('bad md');
      },
      mdNormalizer: (md) => ({ ...md, norm: true }),
    });
    expect(await settle(count([new Detector()]))).toEqual(golden[replayed.key('md_validator')]);
    await settle(count([new Detector()]), { x: 1 });
    expect(documents[0]?.[1]).toMatchObject(golden[replayed.key('md_normalizer')]);
  });

  test('has its scan_id from a source', async () => {
    const { engine, settle } = setUp({ scanIdSource: () => 100 });
    await settle(count([new Detector()]));
    expect(engine.md.scan_id).toBe(golden[replayed.key('scan_id_source')]);
  });
});

test('engine: a failed status says why', async () => {
  const { settle, stops } = setUp();
  expect(golden[replayed.key('failed_status')]).toEqual({ error: 'FailedStatus', message: '<it>' });
  expect(golden[replayed.key('failed_status_docs')].at(-1)).toEqual(['stop', 'fail', '<it>']);
  expect(await settle(count([new LostDetector()]))).toEqual({ error: 'FailedStatus', message: 'camera lost' });
  expect(stops()).toEqual([
    ['start', null, null],
    ['stop', 'fail', 'camera lost'],
  ]);
  expect([...triggerAndRead([])].map(({ command }) => command)).toEqual(['null', 'create', 'save']);
});
