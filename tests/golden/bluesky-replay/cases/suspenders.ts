import { msg, type Plan } from 'redsun/sdk/engine';
import {
  checkpoint,
  clearCheckpoint,
  closeRun,
  count,
  mv,
  nothing,
  openRun,
  sleep,
  suspendWrapper,
  triggerAndRead,
} from 'redsun/sdk/plans';
import {
  SuspendBoolHigh,
  SuspendBoolLow,
  SuspendCeil,
  SuspendFloor,
  SuspendOutBand,
  SuspendWhenChanged,
  SuspendWhenOutsideBand,
} from 'redsun/sdk/suspenders';
import type { Bench } from '../bench.ts';
import { named } from '../harness.ts';
import type { Cases } from './cases.ts';

/** Trips a suspender on its way, if there is one. */
function tripping({ det, m1, sig }: Bench): Plan {
  return named('p', function* () {
    yield* openRun();
    yield* checkpoint();
    yield* mv([[m1, 1]]);
    yield* triggerAndRead([det]);
    sig.put(1);
    yield* sleep(0.2);
    yield* nothing();
    yield* closeRun();
  });
}

/** What holds plans up. */
export const SUSPENDERS: Cases = {
  suspend_trip_resume(h, bench) {
    const { engine } = h;
    const { sig, m2 } = bench;
    engine.recordInterruptions = true;
    engine.installSuspender(
      new SuspendBoolHigh(sig, {
        sleep: 0.1,
        prePlan: () => mv([[m2, 7]]),
        postPlan: () => mv([[m2, 8]]),
        trippedMessage: 'beam down',
      }),
    );
    h.later(0.4, () => sig.put(0), 'sig.put(0)');
    return h.run(tripping(bench));
  },
  suspend_floor_list_plans(h, bench) {
    const { sig } = bench;
    sig.put(10);
    h.engine.installSuspender(
      new SuspendFloor(sig, 5, {
        resumeThresh: 6,
        prePlan: [msg('null', null, ['pre'])],
        postPlan: [msg('null', null, ['post'])],
      }),
    );
    h.later(0.4, () => sig.put(9), 'sig.put(9)');
    return h.run(tripping(bench));
  },
  suspend_at_start(h, { sig, det }) {
    sig.put(1);
    h.engine.installSuspender(new SuspendBoolHigh(sig));
    h.later(0.3, () => sig.put(0), 'sig.put(0)');
    return h.run(count([det]));
  },
  suspend_wrapper: (h, { sig, det }) => h.run(suspendWrapper(count([det]), [new SuspendCeil(sig, 5)])),
  suspend_no_checkpoint(h, { sig }) {
    h.engine.installSuspender(new SuspendBoolHigh(sig));
    return h.run(
      named('p', function* () {
        yield* openRun();
        yield* clearCheckpoint();
        sig.put(1);
        yield* sleep(0.3);
        yield* nothing();
      }),
    );
  },
  request_suspend_direct(h, { det }) {
    let release: () => void = () => {};
    const until = () =>
      new Promise<void>((resolve) => {
        release = resolve;
      });
    h.later(0.4, () => release(), 'release');
    return h.run(
      named('p', function* () {
        yield* openRun();
        yield* checkpoint();
        yield* triggerAndRead([det]);
        h.engine.requestSuspend({ until, justification: 'because' });
        yield* sleep(0.2);
        yield* closeRun();
      }),
    );
  },
  suspender_logic(h, { sig }) {
    const all = [
      new SuspendBoolHigh(sig),
      new SuspendBoolLow(sig),
      new SuspendFloor(sig, 3, { resumeThresh: 5 }),
      new SuspendCeil(sig, 5, { resumeThresh: 3 }),
      new SuspendWhenOutsideBand(sig, 2, 4),
      new SuspendOutBand(sig, 2, 4),
      new SuspendWhenChanged(sig, { expectedValue: 3, allowResume: true }),
      new SuspendWhenChanged(sig, { expectedValue: 3 }),
    ];
    const values = [0, 1, 2, 3, 4, 5, 6];
    h.extras.table = all.map((suspender) => [
      suspender.constructor.name,
      values.map((value) => [value, suspender.shouldSuspend(value), suspender.shouldResume(value)]),
    ]);
  },
};
