import type { Readable } from 'redsun/sdk/device';
import { type Plan, RequestAbort } from 'redsun/sdk/engine';
import {
  absSet,
  checkpoint,
  clearCheckpoint,
  count,
  create,
  deferredPause,
  finalizeWrapper,
  monitor,
  mv,
  nothing,
  oneShot,
  pause,
  read,
  runWrapper,
  save,
  sleep,
  stageWrapper,
  trigger,
  triggerAndRead,
  unmonitor,
  wait,
} from 'redsun/sdk/plans';
import type { Bench } from '../bench.ts';
import { type Harness, named } from '../harness.ts';
import type { Case, Cases } from './cases.ts';

/** A plan in a run, under the name that the reference sees. */
function inRun(plan: () => Plan): Plan<string> {
  return named('p', () => runWrapper(plan()));
}

/** Runs it until it pauses, and goes on as often. */
function resumed(plan: (bench: Bench, harness: Harness) => Plan, resumes = 1): Case {
  return async (h, bench) => {
    await h.run(inRun(() => plan(bench, h)));
    for (let round = 0; round < resumes; round++) await h.resume();
  };
}

/** A run that pauses, with a clean-up. */
function pausedRun({ det, m1, m2 }: Bench): Plan {
  function* p(): Plan<void> {
    yield* checkpoint();
    yield* mv([[m1, 1]]);
    yield* triggerAndRead([det]);
    yield* pause();
    yield* nothing();
  }
  return named('finalize_wrapper', () => finalizeWrapper(stageWrapper(runWrapper(p()), [det]), () => mv([[m2, 9]])));
}

/** A run that sleeps, with a clean-up. */
function sleeper({ det, m2 }: Bench): Plan {
  function* p(): Plan<void> {
    yield* checkpoint();
    yield* triggerAndRead([det]);
    yield* sleep(20);
    yield* nothing();
  }
  return named('finalize_wrapper', () => finalizeWrapper(runWrapper(p()), () => mv([[m2, 9]])));
}

function duringSleep(label: string, action: (h: Harness) => unknown): Case {
  return (h, bench) => {
    h.later(0.3, () => Promise.resolve(action(h)).catch(() => {}), label);
    return h.run(sleeper(bench));
  };
}

/** Pausing, going on, ending. */
export const CONTROL: Cases = {
  pause_resume_rewind: resumed(function* ({ det, m1 }) {
    yield* triggerAndRead([det]);
    yield* checkpoint();
    yield* mv([[m1, 1]]);
    yield* trigger(det, { wait: true });
    yield* create();
    yield* read(det);
    yield* pause();
    yield* save();
    yield* triggerAndRead([det]);
  }),
  pause_after_event_rewind: resumed(function* ({ det }) {
    yield* checkpoint();
    yield* triggerAndRead([det]);
    yield* pause();
    yield* triggerAndRead([det]);
  }),
  async pause_count_interruptions(h, { det }) {
    h.engine.recordInterruptions = true;
    function* perShot(detectors: readonly Readable[]): Plan<void> {
      yield* oneShot(detectors);
      yield* pause();
    }
    await h.run(count([det], { num: 2, perShot }));
    await h.resume();
    await h.resume();
  },
  async deferred_pause(h, { det }) {
    await h.run(
      inRun(function* () {
        yield* checkpoint();
        yield* triggerAndRead([det]);
        yield* deferredPause();
        yield* triggerAndRead([det]);
        yield* checkpoint();
        yield* triggerAndRead([det]);
      }),
    );
    h.extras.deferred_after = h.engine.deferredPauseRequested;
    await h.resume();
  },
  async deferred_pause_no_checkpoint(h) {
    await h.run(
      named('p', function* () {
        yield* deferredPause();
        yield* nothing();
      }),
    );
    h.extras.deferred_after = h.engine.deferredPauseRequested;
  },
  pause_clear_checkpoint: (h) =>
    h.run(
      inRun(function* () {
        yield* clearCheckpoint();
        yield* pause();
        yield* nothing();
      }),
    ),
  pause_pausable_device: resumed(function* ({ pausable }) {
    const device = pausable('pd');
    yield* checkpoint();
    yield* triggerAndRead([device]);
    yield* pause();
    yield* nothing();
  }),
  pause_no_replay: resumed(function* ({ pausable }) {
    const device = pausable('pd', { noReplay: true });
    yield* checkpoint();
    yield* triggerAndRead([device]);
    yield* pause();
    yield* nothing();
  }),
  pause_norewind_detector: resumed(function* ({ noRewind, m1 }) {
    const device = noRewind('nd');
    yield* checkpoint();
    yield* mv([[m1, 1]]);
    yield* triggerAndRead([device]);
    yield* pause();
    yield* nothing();
  }),
  async pause_monitor(h, { sig }) {
    await h.run(
      inRun(function* () {
        yield* monitor(sig, 'sigmon');
        sig.put(1);
        yield* pause();
        sig.put(3);
        yield* unmonitor(sig);
      }),
    );
    sig.put(2);
    await h.resume();
  },
  async pause_rewind_before_first_checkpoint(h, { m1 }) {
    await h.run(
      named('p', function* () {
        yield* mv([[m1, 1]]);
        yield* pause();
        yield* mv([[m1, 2]]);
      }),
    );
    await h.resume();
  },
  async paused_abort(h, bench) {
    await h.run(pausedRun(bench));
    await h.abort('bored');
  },
  async paused_stop(h, bench) {
    await h.run(pausedRun(bench));
    await h.stop();
  },
  async paused_halt(h, bench) {
    await h.run(pausedRun(bench));
    await h.halt();
  },
  running_abort: duringSleep("abort('thread')", (h) => h.engine.abort('thread')),
  running_stop: duringSleep('stop()', (h) => h.engine.stop()),
  running_halt: duringSleep('halt()', (h) => h.engine.halt()),
  async running_request_pause(h, bench) {
    await duringSleep('request_pause()', () => h.engine.pause())(h, bench);
    await h.abort();
  },
  async abort_swallowed(h, { det }) {
    await h.run(
      inRun(function* () {
        try {
          yield* pause();
        } catch (error) {
          if (!(error instanceof RequestAbort)) throw error;
          h.extras.caught = [error.name, error.message];
        }
        yield* triggerAndRead([det]);
      }),
    );
    await h.abort('x');
  },
  async idle_controls(h) {
    await h.abort();
    await h.stop();
    await h.halt();
    await h.resume();
    await h.control('request_pause', () => h.engine.pause());
  },
  async call_while_paused(h, bench) {
    await h.run(pausedRun(bench));
    await h.run(count([bench.det]));
    await h.abort();
  },
  async resume_moved_motor_stopped(h, { slow }) {
    await h.run(
      inRun(function* () {
        yield* checkpoint();
        yield* absSet(slow, 5, { group: 'g' });
        yield* pause();
        slow.arrive();
        yield* wait('g');
      }),
    );
    await h.resume();
  },
};
