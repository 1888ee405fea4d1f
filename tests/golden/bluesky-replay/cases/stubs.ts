import type { Readable } from 'redsun/sdk/device';
import { msg, type Plan } from 'redsun/sdk/engine';
import type { Reading } from 'redsun/sdk/events';
import {
  absSet,
  broadcastMsg,
  cachingRepeater,
  checkpoint,
  clearCheckpoint,
  closeRun,
  configure,
  count,
  create,
  declareStream,
  drop,
  locate,
  locateAll,
  movePerStep,
  mv,
  mvr,
  nothing,
  one1dStep,
  oneNdStep,
  oneShot,
  openRun,
  rd,
  read,
  relSet,
  repeat,
  repeater,
  type ScanAxis,
  save,
  sleep,
  stage,
  stageAll,
  stop,
  subscribe,
  trigger,
  triggerAndRead,
  unstage,
  unstageAll,
  unsubscribe,
  wait,
  waitFor,
} from 'redsun/sdk/plans';
import { asError } from 'redsun/sdk/util';
import { named } from '../harness.ts';
import type { Cases } from './cases.ts';

/** Times of readings and documents left out. */
function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      ['timestamp', 'timestamps', 'time'].includes(key) ? '<t>' : withoutTimes(inner),
    ]),
  );
}

/** Plan stubs. */
export const STUBS: Cases = {
  stubs_returns(h, { det, det2, m1, m2, lm, am, sdet }) {
    const takeReading = (devices: readonly Readable[]): Plan<Readonly<Record<string, Reading>>> =>
      triggerAndRead(devices, 'x');
    const stubs = (): Plan[] => [
      nothing(),
      checkpoint(),
      absSet(m1, 1, { wait: true }),
      mv([
        [m1, 2],
        [m2, 3],
      ]),
      mvr([[m1, 1]]),
      relSet(m1, 1, { wait: true }),
      rd(m1),
      rd(lm),
      rd(am),
      rd(det),
      read(det),
      locate(lm),
      locateAll([lm]),
      locateAll([lm, am]),
      trigger(det, { wait: true }),
      sleep(0.01),
      stop(m1),
      stage(det),
      unstage(det),
      stage(sdet, { wait: true }),
      unstage(sdet, { wait: true }),
      stageAll([det, sdet]),
      unstageAll([det, sdet]),
      configure(det, { exposure: 0.2 }),
      wait('nobody'),
      broadcastMsg('trigger', [det, det2], [], { group: 'g' }),
      wait('g'),
      clearCheckpoint(),
      openRun({ k: 1 }),
      declareStream([det], 'primary'),
      create(),
      read(det),
      save(),
      triggerAndRead([det]),
      one1dStep([det], m1, 4, takeReading),
      closeRun(),
    ];
    return h.run(
      named('p', function* () {
        const returns: unknown[] = [];
        for (const stub of stubs()) returns.push(withoutTimes(yield* stub));
        h.extras.returns = returns;
        const engineClass: { readonly name: string } = yield msg('RE_class');
        return engineClass.name;
      }),
    );
  },
  drop_event: (h, { det }) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        yield* create('primary');
        yield* read(det);
        yield* drop();
        yield* create('primary');
        yield* read(det);
        yield* save();
        yield* closeRun();
      }),
    ),
  empty_event: (h) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        yield* create('primary');
        yield* save();
        yield* closeRun();
      }),
    ),
  two_streams: (h, { det, det2, m1 }) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        for (let round = 0; round < 2; round++) {
          yield* triggerAndRead([det]);
          yield* triggerAndRead([det2, m1], 'aux');
        }
        yield* closeRun();
      }),
    ),
  configure_mid_run: (h, { det }) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        yield* triggerAndRead([det]);
        yield* configure(det, { exposure: 0.5 });
        yield* triggerAndRead([det]);
        yield* closeRun();
      }),
    ),
  declare_stream_read: (h, { det, m1 }) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        yield* declareStream([det, m1], 'primary');
        yield* triggerAndRead([det, m1]);
        yield* closeRun();
      }),
    ),
  declare_stream_mismatch: (h, { det, m1 }) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        yield* declareStream([det], 'primary');
        yield* triggerAndRead([det, m1]);
        yield* closeRun();
      }),
    ),
  close_run_explicit_status: (h) =>
    h.run(
      named('p', function* () {
        yield* openRun({ k: 1 });
        yield* closeRun('fail', 'why');
      }),
    ),
  repeater_and_repeat: (h, { m1, m2, m3 }) =>
    h.run(
      named('p', function* () {
        yield* repeater(2, () => absSet(m1, 1));
        yield* cachingRepeater(2, absSet(m2, 2));
        yield* repeat(() => absSet(m3, 3), 2);
      }),
    ),
  move_per_step_and_nd: (h, { det, m1, m2 }) =>
    h.run(
      named('p', function* () {
        const positions = new Map<ScanAxis, unknown>();
        yield* openRun();
        yield* movePerStep(
          new Map<ScanAxis, unknown>([
            [m1, 1],
            [m2, 2],
          ]),
          positions,
        );
        yield* oneNdStep(
          [det],
          new Map<ScanAxis, unknown>([
            [m1, 1],
            [m2, 3],
          ]),
          positions,
        );
        yield* closeRun();
        yield* openRun();
        yield* one1dStep([det], m1, 9);
        yield* closeRun();
        yield* openRun();
        yield* oneShot([det]);
        yield* closeRun();
      }),
    ),
  wait_for_futures(h) {
    async function f(signal: AbortSignal): Promise<number> {
      await h.clock.sleep(10, signal);
      return 42;
    }
    return h.run(named('p', () => waitFor([f, f])));
  },
  wait_for_timeout: (h) =>
    h.run(named('p', () => waitFor([(signal) => h.clock.sleep(5000, signal)], { timeout: 0.05 }))),
  wait_timeout_error: (h, { slow }) =>
    h.run(
      named('p', function* () {
        yield* absSet(slow, 1, { group: 'a' });
        try {
          yield* wait('a', { timeout: 0.05 });
        } catch (thrown) {
          h.extras.caught = [asError(thrown).name, asError(thrown).message];
        }
        slow.arrive();
        return yield* wait('a');
      }),
    ),
  wait_move_on: (h, { slow }) =>
    h.run(
      named('p', function* () {
        yield* absSet(slow, 1, { group: 'a' });
        const first = yield* wait('a', { timeout: 0.05, errorOnTimeout: false });
        slow.arrive();
        const second = yield* wait('a', { timeout: 0.5, errorOnTimeout: false });
        return [first, second];
      }),
    ),
  waiting_hook_calls(h, { m1, m2 }) {
    const hook: (number | null)[] = [];
    h.extras.hook = hook;
    h.engine.waitingHook = (statuses) => hook.push(statuses?.size ?? null);
    return h.run(
      mv([
        [m1, 1],
        [m2, 2],
      ]),
    );
  },
  subscribe_msgs(h, { det }) {
    const got: string[] = [];
    h.extras.got = got;
    return h.run(
      named('p', function* () {
        yield* openRun();
        yield* triggerAndRead([det]);
        const token = yield* subscribe('event', (name) => void got.push(name));
        yield* triggerAndRead([det]);
        yield* unsubscribe(token);
        yield* triggerAndRead([det]);
        yield* closeRun();
      }),
    );
  },
  separate_devices_child: (h, { childOf, det, det2 }) => h.run(count([childOf(det, 'child'), det, det2])),
  async custom_command(h) {
    h.engine.registerCommand('hello', async (_engine, { args }) => `hi ${String(args[0])}`);
    const p = () =>
      named('p', function* (): Plan<string> {
        return yield msg('hello', null, ['bob']);
      });
    await h.run(p());
    h.engine.unregisterCommand('hello');
    await h.run(p());
  },
};
