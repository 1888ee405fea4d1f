import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Status } from '../device/status.ts';
import {
  checkpoint,
  closeRun,
  count,
  finalizeWrapper,
  gridScan,
  mv,
  openRun,
  read,
  runWrapper,
  scan,
  stageWrapper,
  trigger,
  triggerAndRead,
  wait,
} from '../plans/index.ts';
import { type CallLog, FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { type EngineRecording, recordingEngine } from '../testing/recording-engine.ts';
import { RequestAbort } from './errors.ts';
import { type Msg, msg, type Plan } from './msg.ts';

// The documents and device calls of bluesky for the same plans, recorded from the Python original.
interface Golden {
  readonly docs: readonly (readonly [string, Record<string, unknown>])[];
  readonly device_log: readonly (readonly [string, string, ...unknown[]])[];
}

interface Bench {
  readonly calls: CallLog;
  readonly det: FakeDetector;
  readonly det2: FakeDetector;
  readonly m1: FakeAxis;
  readonly m2: FakeAxis;
}

interface Case {
  readonly name: string;
  readonly plan: (bench: Bench) => Plan;
  readonly metadata?: Record<string, unknown>;
  /** What the operator does once the plan has paused. */
  readonly afterwards?: (recording: EngineRecording) => Promise<unknown>;
  /** Where we differ on purpose: fields that replace those of the last golden document. */
  readonly stop?: Record<string, unknown>;
}

const pause = (defer = false) => msg('pause', null, [], { defer });
const resume = ({ engine }: EngineRecording) => engine.resume();

function* inRun(key: string, plan: Plan): Plan<void> {
  for (let step = plan.next(); !step.done; ) {
    const message: Msg = { ...step.value, run: key };
    step = plan.next(yield message);
  }
}

function pausedRun({ det, m1, m2 }: Bench): Plan {
  function* inner(): Plan<void> {
    yield* checkpoint();
    yield* mv(new Map([[m1, 1]]));
    yield* triggerAndRead([det]);
    yield pause();
    yield msg('null');
  }
  return finalizeWrapper(stageWrapper(runWrapper(inner(), { plan_name: 'finalize_wrapper' }), [det]), () =>
    mv(new Map([[m2, 9]])),
  );
}

const CASES: readonly Case[] = [
  { name: 'count_1', plan: ({ det }) => count([det]) },
  {
    name: 'count_3_two_dets',
    plan: ({ det, det2 }) => count([det, det2], { num: 3, md: { a: 1, plan_name: 'mycount' } }),
    metadata: { a: 2, sample: 's' },
  },
  { name: 'scan_1d', plan: ({ det, m1 }) => scan([det], [{ axis: m1, start: -1, stop: 1 }], 5) },
  ...(['grid_scan_snake', 'grid_scan_plain'] as const).map((name) => ({
    name,
    plan: ({ det, m1, m2 }: Bench) => {
      const [stop, num] = name === 'grid_scan_snake' ? [2, 3] : [1, 2];
      const axes = [
        { axis: m1, start: 0, stop, num },
        { axis: m2, start: 0, stop: 2, num: 3 },
      ];
      return gridScan([det], axes, { snakeAxes: name === 'grid_scan_snake' });
    },
  })),
  {
    name: 'two_runs_one_call',
    *plan({ det, m1 }) {
      yield* count([det]);
      yield* scan([det], [{ axis: m1, start: 0, stop: 1 }], 2);
    },
  },
  {
    name: 'configure_mid_run',
    *plan({ det }) {
      yield* openRun({ plan_name: 'p' });
      yield* triggerAndRead([det]);
      yield msg('configure', det, [{ exposure: 0.5 }]);
      yield* triggerAndRead([det]);
      yield* closeRun();
    },
  },
  {
    name: 'interleaved_runs',
    *plan({ det }) {
      for (const run of ['a', 'b']) yield msg('open_run', null, [], { n: run, plan_name: 'p' }, run);
      for (let i = 0; i < 2; i++) for (const run of ['a', 'b']) yield* inRun(run, triggerAndRead([det]));
      for (const run of ['a', 'b']) yield msg('close_run', null, [], {}, run);
    },
  },
  {
    name: 'unclosed_runs',
    *plan({ det }) {
      for (const run of ['a', 'b']) yield msg('open_run', null, [], { plan_name: 'p' }, run);
      yield* inRun('b', triggerAndRead([det]));
    },
  },
  {
    name: 'plan_raises',
    *plan({ det }) {
      yield* openRun({ plan_name: 'p' });
      yield* triggerAndRead([det]);
      throw new Error('oops');
    },
  },
  {
    name: 'empty_event',
    *plan() {
      yield* openRun({ plan_name: 'p' });
      yield msg('create', null, [], { name: 'primary' });
      yield msg('save');
      yield* closeRun();
    },
  },
  {
    name: 'trigger_fails',
    plan({ calls }) {
      const bad = new FakeDetector('bad', calls);
      const works = bad.trigger.bind(bad);
      Object.defineProperty(bad, 'trigger', {
        value: () => {
          if (bad.value < 1) return works();
          calls.push('bad.trigger()');
          const status = new Status({ label: 'bad.trigger' });
          status.setException(new Error('hardware fault'));
          return status;
        },
      });
      return count([bad], { num: 3 });
    },
    stop: { reason: 'hardware fault' },
  },
  {
    name: 'pause_resume_rewind',
    plan: ({ det, m1 }) =>
      runWrapper(
        (function* () {
          yield* triggerAndRead([det]);
          yield* checkpoint();
          yield* mv(new Map([[m1, 1]]));
          yield* trigger(det, { group: 'g' });
          yield* wait('g');
          yield msg('create', null, [], { name: 'primary' });
          yield* read(det);
          yield pause();
          yield msg('save');
          yield* triggerAndRead([det]);
        })(),
        { plan_name: 'p' },
      ),
    afterwards: resume,
  },
  {
    name: 'pause_after_event_rewind',
    plan: ({ det }) =>
      runWrapper(
        (function* () {
          yield* checkpoint();
          yield* triggerAndRead([det]);
          yield pause();
          yield* triggerAndRead([det]);
        })(),
        { plan_name: 'p' },
      ),
    afterwards: resume,
  },
  {
    name: 'deferred_pause',
    plan: ({ det }) =>
      runWrapper(
        (function* () {
          yield* checkpoint();
          yield* triggerAndRead([det]);
          yield pause(true);
          yield* triggerAndRead([det]);
          yield* checkpoint();
          yield* triggerAndRead([det]);
        })(),
        { plan_name: 'p' },
      ),
    afterwards: resume,
  },
  { name: 'paused_stop', plan: pausedRun, afterwards: ({ engine }) => engine.stop() },
  {
    name: 'paused_abort',
    plan: pausedRun,
    afterwards: ({ engine }) => engine.abort('bored'),
    stop: { reason: 'bored' },
  },
  {
    name: 'abort_swallowed',
    plan: ({ det }) =>
      runWrapper(
        (function* () {
          try {
            yield pause();
          } catch (error) {
            if (!(error instanceof RequestAbort)) throw error;
          }
          yield* triggerAndRead([det]);
        })(),
        { plan_name: 'p' },
      ),
    afterwards: ({ engine }) => engine.abort('x'),
  },
];

/** What Python adds and we do not: its own class names and reprs. */
const PYTHON_ONLY = [
  'versions',
  'plan_type',
  'plan_args',
  'plan_pattern_args',
  'plan_pattern_module',
  'object_classes',
];

function comparable(doc: unknown): unknown {
  return JSON.parse(
    JSON.stringify(doc, (key, value) => {
      if (PYTHON_ONLY.includes(key)) return undefined;
      if (key === 'time') return '<t>';
      if (key === 'timestamps') return Object.fromEntries(Object.keys(value).map((name) => [name, '<t>']));
      return value;
    }),
  );
}

describe('documents and device calls are those of bluesky', () => {
  test.each(CASES)('$name', async ({ name, plan, metadata, afterwards, stop }) => {
    const file = new URL(`../../../tests/golden/bluesky/${name}.json`, import.meta.url);
    const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
    const calls: CallLog = [];
    const bench = {
      calls,
      det: new FakeDetector('det', calls),
      det2: new FakeDetector('det2', calls),
      m1: new FakeAxis('m1', calls),
      m2: new FakeAxis('m2', calls),
    };
    const recording = recordingEngine();
    // How the promise settles is the subject of other tests.
    await recording.clock.run(recording.engine.run(plan(bench), null, metadata)).catch(() => {});
    if (afterwards) expect(recording.engine.state).toBe('paused');
    await afterwards?.(recording);
    expect(recording.engine.state).toBe('idle');

    const expected = golden.docs.map(([kind, doc], index) => {
      const last = index === golden.docs.length - 1;
      return [kind, comparable(last ? { ...doc, ...stop } : doc)];
    });
    expect(recording.documents.map((document) => [document.name, comparable(document.doc)])).toEqual(expected);
    const asked = golden.device_log.map(([device, method, value]) => {
      return `${device}.${method}(${method === 'set' ? String(value) : ''})`;
    });
    expect(calls).toEqual(asked);
  });
});
