import { FailedStatus, type Msg, msg, type Plan } from 'redsun/sdk/engine';
import {
  checkLimits,
  count,
  finalizeWrapper,
  monitor,
  mv,
  openRun,
  runWrapper,
  scan,
  stage,
  trigger,
  triggerAndRead,
} from 'redsun/sdk/plans';
import { asError, KeyError, RuntimeError, ValueError } from 'redsun/sdk/util';
import type { Bench } from '../bench.ts';
import { named } from '../harness.ts';
import type { Cases } from './cases.ts';
import { failing } from './preprocessors.ts';

/** Every illegal message, one after the other; the plan catches what is thrown. */
function* illegalMessages({ det, det2, m1, plain, sig, rsig, flyer, plainTwin }: Bench, out: string[][]): Plan<void> {
  function* attempt(label: string, ...messages: Msg[]): Plan<void> {
    try {
      for (const message of messages) yield message;
    } catch (thrown) {
      const { name, message } = asError(thrown);
      out.push([label, name, message]);
    }
  }
  const created = (name: string) => msg('create', null, [], { name });
  yield* attempt('create_no_run', created('primary'));
  yield* attempt('save_no_run', msg('save'));
  yield* attempt('drop_no_run', msg('drop'));
  yield* attempt('close_no_run', msg('close_run'));
  yield* attempt('monitor_no_run', msg('monitor', sig, [], { name: 'x' }));
  yield* attempt('unmonitor_no_run', msg('unmonitor', sig));
  yield* attempt('collect_no_run', msg('collect', flyer));
  yield* attempt('declare_no_run', msg('declare_stream', null, [det], { name: 'x' }));
  yield msg('open_run');
  yield* attempt('save_no_create', msg('save'));
  yield* attempt('drop_no_create', msg('drop'));
  yield* attempt('create_no_name', msg('create'));
  yield msg('drop');
  yield* attempt('create_twice', created('primary'), created('primary'));
  yield* attempt('checkpoint_in_bundle', msg('checkpoint'));
  yield* attempt('configure_in_bundle', msg('configure', det, [{ exposure: 1 }]));
  yield msg('drop');
  yield* attempt('key_collision', created('c'), msg('read', plainTwin()), msg('read', plainTwin()));
  yield msg('drop');
  yield* attempt('unmonitor_not_monitored', msg('unmonitor', sig));
  yield msg('monitor', sig, [], { name: 'x' });
  yield* attempt('monitor_twice', msg('monitor', sig, [], { name: 'y' }));
  yield* attempt('monitor_args', msg('monitor', rsig, [1]));
  yield created('p2');
  yield msg('read', det);
  yield msg('save');
  yield* attempt('object_mismatch', created('p2'), msg('read', det2), msg('save'));
  yield* attempt('set_unsupported', msg('set', det, [1]));
  yield* attempt('trigger_unsupported', msg('trigger', plain));
  yield* attempt('stop_unsupported', msg('stop', det));
  yield* attempt('kickoff_unsupported', msg('kickoff', det));
  yield* attempt('locate_unsupported', msg('locate', m1));
  yield* attempt('prepare_unsupported', msg('prepare', det, [1]));
  yield* attempt('stage_unsupported_is_noop', msg('stage', plain));
  yield* attempt('wait_no_group', msg('wait'));
  yield* attempt('non_msg_none', msg('null'));
  yield msg('close_run');
}

/** What goes wrong. */
export const ERRORS: Cases = {
  plan_raises: (h, { det }) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        yield* triggerAndRead([det]);
        throw new ValueError('oops');
      }),
    ),
  trigger_raises: (h, { bad }) => h.run(count([bad('trigger_raises', 2)], { num: 3 })),
  trigger_fails: (h, { bad }) => h.run(count([bad('trigger_fails', 2)], { num: 3 })),
  trigger_fails_caught(h, { bad, det }) {
    const device = bad('trigger_fails');
    function* p(): Plan<void> {
      try {
        yield* trigger(device, { group: 'g', wait: true });
      } catch (error) {
        if (!(error instanceof FailedStatus)) throw error;
        h.extras.caught = [error.name, error.message, asError(error.cause).name];
      }
      yield* triggerAndRead([det]);
    }
    return h.run(named('p', () => runWrapper(p())));
  },
  read_raises: (h, { det, bad }) => h.run(count([det, bad('read_raises')])),
  read_none: (h, { bad }) => h.run(count([bad('read_none')])),
  stage_raises: (h, { det, bad }) => h.run(count([det, bad('stage_raises')])),
  invalid_command: (h, { det }) =>
    h.run(
      named('p', function* () {
        yield msg('frobnicate', det, [1], { a: 2 });
      }),
    ),
  seq_errors(h, bench) {
    const errors: string[][] = [];
    h.extras.errors = errors;
    return h.run(named('p', () => illegalMessages(bench, errors)));
  },
  callback_raises: (h, { det }) =>
    h.run(count([det]), (name) => {
      if (name === 'event') throw new RuntimeError('cb broke');
    }),
  callback_raises_ignored(h, { det }) {
    h.engine.ignoreCallbackExceptions = true;
    return h.run(count([det]), () => {
      throw new RuntimeError('cb broke');
    });
  },
  async subscription_order(h, { det }) {
    const order: string[] = [];
    h.extras.order = order;
    const taking = (who: string) => (name: string) => void order.push(`${who}:${name}`);
    h.engine.subscribe(taking('a'));
    const token = h.engine.subscribe(taking('b'), 'event');
    await h.run(count([det]), { all: [taking('c')] });
    h.engine.unsubscribe(token);
    await h.run(count([det]));
  },
  cleanup_raises: (h) =>
    h.run(
      finalizeWrapper(failing(), function* () {
        yield msg('null');
        throw new KeyError('fin broke');
      }),
    ),
  exit_unstages: (h, { det, m1, sig }) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        yield* stage(det);
        yield* mv([[m1, 1]]);
        yield* monitor(sig, 's');
      }),
    ),
  async check_limits(h, { det, limited }) {
    const axis = limited('lim');
    const within = (stop: number) => async () => {
      await checkLimits(scan([det], [{ axis, start: 0, stop }], 3));
      return null;
    };
    await h.control('check_limits', within(5));
    await h.control('check_limits', within(50));
  },
};
