import type { Plan } from 'redsun/sdk/engine';
import {
  collect,
  collectWhileCompleting,
  complete,
  completeAll,
  count,
  declareStream,
  flyDuringWrapper,
  kickoff,
  kickoffAll,
  openRun,
  prepare,
  runWrapper,
  stageWrapper,
} from 'redsun/sdk/plans';
import { RuntimeError } from 'redsun/sdk/util';
import { named } from '../harness.ts';
import type { Cases } from './cases.ts';

/** Flying devices, and detectors that keep frames in files. */
export const FLY: Cases = {
  stream_step_scan: (h, { sd1, det }) => h.run(count([sd1, det], { num: 3 })),
  file_step_scan: (h, { fd, det }) => h.run(count([fd, det], { num: 2 })),
  stream_fly(h, { sd1 }) {
    function* p(): Plan<unknown> {
      yield* prepare(sd1, 5, { wait: true });
      yield* declareStream([sd1], 'main', true);
      yield* kickoffAll([sd1], { wait: true });
      yield* completeAll([sd1], { wait: true });
      return yield* collect([sd1], { name: 'main' });
    }
    return h.run(named('p', () => stageWrapper(runWrapper(p()), [sd1])));
  },
  stream_fly_two(h, { sd1, sd2 }) {
    function* p(): Plan<void> {
      yield* prepare(sd1, 5, { wait: true });
      yield* prepare(sd2, 3, { wait: true });
      yield* declareStream([sd1, sd2], 'main', true);
      yield* kickoffAll([sd1, sd2]);
      yield* completeAll([sd1, sd2], { wait: true });
      yield* collect([sd1, sd2], { name: 'main' });
    }
    return h.run(named('p', () => stageWrapper(runWrapper(p()), [sd1, sd2])));
  },
  collect_while_completing(h, { streamDetector }) {
    const sd = streamDetector('sd', { step: 4 });
    function* p(): Plan<void> {
      yield* prepare(sd, 10, { wait: true });
      yield* declareStream([sd], 'main', true);
      yield* kickoff(sd, { wait: true });
      yield* collectWhileCompleting([sd], [sd], { flushPeriod: 0.05, streamName: 'main' });
    }
    return h.run(named('p', () => stageWrapper(runWrapper(p()), [sd])));
  },
  collect_undeclared_name(h, { sd1 }) {
    function* p(): Plan<void> {
      yield* kickoff(sd1, { wait: true });
      yield* collect([sd1], { name: 'main' });
    }
    return h.run(named('p', () => runWrapper(p())));
  },
  collect_stream_true(h, { flyer }) {
    function* p(): Plan<void> {
      yield* kickoff(flyer, { wait: true });
      yield* complete(flyer, { wait: true });
      yield* collect([flyer], { stream: true });
    }
    return h.run(named('p', () => runWrapper(p())));
  },
  collect_return_payload(h, { flyer }) {
    function* p(): Plan<void> {
      yield* kickoff(flyer, { wait: true });
      yield* complete(flyer, { wait: true });
      const events = yield* collect([flyer]);
      const second = yield* collect([flyer], { returnPayload: false });
      h.extras.payload = events?.map(({ data }) => data);
      h.extras.second = second;
    }
    return h.run(named('p', () => runWrapper(p())));
  },
  flat_flyer_declared(h, { fflyer }) {
    function* p(): Plan<void> {
      yield* declareStream([fflyer], 'flat', true);
      yield* kickoff(fflyer, { wait: true });
      yield* complete(fflyer, { wait: true });
      yield* collect([fflyer], { name: 'flat' });
    }
    return h.run(named('p', () => runWrapper(p())));
  },
  flyer_backstop_collect: (h, { flyer }) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        yield* kickoff(flyer, { wait: true });
        yield* complete(flyer, { wait: true });
        throw new RuntimeError('boom');
      }),
    ),
  fly_during_wrapper: (h, { det, flyer }) => h.run(flyDuringWrapper(count([det]), [flyer])),
  kickoff_no_run: (h, { flyer }) => h.run(kickoff(flyer)),
};
