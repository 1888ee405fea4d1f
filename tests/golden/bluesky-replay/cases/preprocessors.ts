import type { Readable } from 'redsun/sdk/device';
import { type Msg, msg, type Plan } from 'redsun/sdk/engine';
import {
  baselineWrapper,
  closeRun,
  configureCountTimeWrapper,
  contingencyWrapper,
  count,
  finalizeWrapper,
  gridScan,
  injectMdWrapper,
  lazilyStageWrapper,
  monitorDuringWrapper,
  msgMutator,
  mv,
  nothing,
  oneShot,
  openRun,
  pchain,
  planMutator,
  relativeSetWrapper,
  resetPositionsWrapper,
  rewindableWrapper,
  runWrapper,
  SupplementalData,
  scan,
  setRunKeyWrapper,
  stageWrapper,
  stubWrapper,
  subsWrapper,
  summarizePlan,
  trigger,
  triggerAndRead,
} from 'redsun/sdk/plans';
import { RuntimeError, ValueError } from 'redsun/sdk/util';
import { named } from '../harness.ts';
import type { Cases } from './cases.ts';

/** A plan that fails after one message. */
export function* failing(): Plan<void> {
  yield msg('null');
  throw new RuntimeError('plan failed');
}

const note = (text: string) => msg('null', null, [text]);

/** Preprocessors, simulators and callbacks. */
export const PREPROCESSORS: Cases = {
  baseline: (h, { det, m1, plain }) => h.run(baselineWrapper(count([det], { num: 2 }), [m1, plain])),
  monitor_during(h, { det, sig, rsig }) {
    function* perShot(detectors: readonly Readable[]): Plan<void> {
      yield* oneShot(detectors);
      sig.put(Number(sig.get()) + 1);
    }
    return h.run(monitorDuringWrapper(count([det], { num: 2, perShot }), [sig, rsig]));
  },
  supplemental_data(h, { det, m1, sig, flyer }) {
    h.engine.preprocessors.push(new SupplementalData({ baseline: [m1], monitors: [sig], flyers: [flyer] }).wrap);
    return h.run(count([det]));
  },
  run_wrapper_ok: (h, { det }) => h.run(named('run_wrapper', () => runWrapper(triggerAndRead([det]), { x: 1 }))),
  run_wrapper_fail(h) {
    function* p(): Plan<void> {
      yield* nothing();
      throw new ValueError('bad thing');
    }
    return h.run(named('run_wrapper', () => runWrapper(p())));
  },
  stage_wrapper_order: (h, { det, sdet, m1 }) => h.run(stageWrapper(failing(), [det, sdet, m1])),
  subs_wrapper(h, { det }) {
    const got: string[] = [];
    h.extras.got = got;
    const callback = (name: string) => void got.push(name);
    return h.run(subsWrapper(count([det]), { start: callback, event: [callback] }));
  },
  finalize_wrapper_fail: (h, { m1 }) => h.run(finalizeWrapper(failing(), () => mv([[m1, 0]]))),
  contingency_swallow: (h, { m1, m2 }) =>
    h.run(
      named('outer', () =>
        contingencyWrapper(failing(), {
          *exceptPlan(error) {
            yield* nothing();
            return `caught ${error.message}`;
          },
          elsePlan: () => mv([[m1, 1]]),
          finalPlan: () => mv([[m2, 2]]),
          autoRaise: false,
        }),
      ),
    ),
  contingency_else: (h, { m1, m2 }) =>
    h.run(contingencyWrapper(nothing(), { elsePlan: () => mv([[m1, 1]]), finalPlan: () => mv([[m2, 2]]) })),
  rewindable_wrapper: (h, { det }) => h.run(rewindableWrapper(count([det]), false)),
  relative_set_wrapper(h, { m1, m2 }) {
    m1.position = 10;
    function* p(): Plan<void> {
      yield* mv([
        [m1, 1],
        [m2, 1],
      ]);
      yield* mv([[m1, 2]]);
    }
    return h.run(relativeSetWrapper(p(), [m1]));
  },
  reset_positions_wrapper(h, { m1 }) {
    m1.position = 10;
    function* p(): Plan<void> {
      yield* mv([[m1, 1]]);
      throw new RuntimeError('x');
    }
    return h.run(resetPositionsWrapper(p()));
  },
  inject_md: (h, { det }) =>
    h.run(injectMdWrapper(count([det], { md: { a: 1, b: 1, c: 1 } }), { b: 2, c: 2 }), null, { c: 3 }),
  set_run_key: (h, { det }) => h.run(setRunKeyWrapper(count([det]), 'k1')),
  lazily_stage(h, { det, m1 }) {
    function* p(): Plan<void> {
      yield* mv([[m1, 1]]);
      yield* trigger(det, { wait: true });
      yield* mv([[m1, 2]]);
    }
    return h.run(lazilyStageWrapper(p()));
  },
  stub_wrapper: (h, { det }) =>
    h.run(
      named('outer', function* () {
        yield* openRun();
        const metadata = yield* stubWrapper(count([det]));
        yield* closeRun();
        h.extras.md_keys = Object.keys(metadata).sort();
      }),
    ),
  msg_mutator_drop: (h, { det, m1 }) =>
    h.run(
      msgMutator(scan([det], [{ axis: m1, start: 0, stop: 1 }], 2), (message): Msg | null => {
        if (message.command === 'checkpoint') return null;
        return message.command === 'set' ? { ...message, args: [Number(message.args[0]) * 10] } : message;
      }),
    ),
  plan_mutator_insert: (h, { det }) =>
    h.run(
      planMutator(count([det], { num: 2 }), (message) => {
        if (message.command !== 'save') return null;
        function* head(): Plan<unknown> {
          yield note('before');
          return yield message;
        }
        function* tail(): Plan<void> {
          yield note('after');
        }
        return { head: head(), tail: tail() };
      }),
    ),
  pchain: (h, { det, m1 }) => h.run(named('outer', () => pchain(count([det]), mv([[m1, 1]])))),
  print_summary(h, { det, m1, m2 }) {
    const axes = [m1, m2].map((axis) => ({ axis, start: 0, stop: 1, num: 2 }));
    h.extras.text = summarizePlan(gridScan([det], axes));
  },
  configure_count_time(h, { withCountTime }) {
    return h.run(configureCountTimeWrapper(count([withCountTime('det', 1)], { num: 2 }), 0.25));
  },
  re_preprocessor_order(h, { det }) {
    const marked = (who: string) => (plan: Plan) => injectMdWrapper(plan, { who });
    h.engine.preprocessors.push(marked('f'), marked('g'));
    return h.run(count([det]));
  },
};
