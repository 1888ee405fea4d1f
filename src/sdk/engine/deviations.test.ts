import { describe, expect, test } from 'vitest';
import { Status } from '../device/status.ts';
import {
  clearCheckpoint,
  count,
  finalizeWrapper,
  mv,
  nothing,
  oneShot,
  openRun,
  pause,
  runWrapper,
  sleep,
  trigger,
} from '../plans/index.ts';
import { FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import { asError } from '../util/errors.ts';
import type { Plan } from './msg.ts';

// Where we differ from bluesky on purpose: one test for each row of docs/deviations-bluesky.md.

class BrokenDetector extends FakeDetector {
  override trigger(): Status {
    const status = new Status({ label: `${this.name}.trigger` });
    status.setException(new Error('hardware fault'));
    return status;
  }
}

describe('the reason of an abort is kept in the run', () => {
  test('when it was paused', async () => {
    const { engine, clock, of } = recordingEngine();
    await clock.run(engine.run(runWrapper(pause()))).catch(() => {});
    const { reason } = await engine.abort('bored');
    expect([reason, of('stop')]).toMatchObject(['bored', [{ exit_status: 'abort', reason: 'bored' }]]);
  });

  test('while the plan sleeps, and its clean-up runs', async () => {
    const { engine, clock, of } = recordingEngine();
    const axis = new FakeAxis('z');
    const plan = finalizeWrapper(runWrapper(sleep(20)), () => mv([[axis, 9]]));
    const run = clock.run(engine.run(plan)).catch((error: unknown) => asError(error).message);
    await engine.abort('bleached');
    expect(await run).toBe('bleached');
    expect(of('stop')).toMatchObject([{ exit_status: 'abort', reason: 'bleached' }]);
    expect(axis.position).toBe(9);
  });
});

test('a pause without a way back aborts the run and says why', async () => {
  const { engine, clock, of } = recordingEngine();
  function* plan(): Plan<void> {
    yield* clearCheckpoint();
    yield* pause();
    yield* nothing();
  }
  await clock.run(engine.run(runWrapper(plan()))).catch(() => {});
  expect(of('stop')).toMatchObject([{ exit_status: 'abort', reason: expect.stringMatching(/checkpoint was cleared/) }]);
});

describe('interruptions are counted on when a run is rewound', () => {
  test('over two pauses', async () => {
    const { engine, clock, documents, of } = recordingEngine();
    engine.recordInterruptions = true;
    const perShot = function* (detectors: Parameters<typeof oneShot>[0]): Plan<void> {
      yield* oneShot(detectors);
      yield* pause();
    };
    await clock.run(engine.run(count([new FakeDetector('det')], { num: 2, perShot }))).catch(() => {});
    await clock.run(engine.resume()).catch(() => {});
    await clock.run(engine.resume());
    const [{ uid } = { uid: '' }] = of('descriptor').filter(({ name }) => name === 'interruptions');
    const told = of('event').filter(({ descriptor }) => descriptor === uid);
    expect(told.map(({ seq_num: n, data }) => [n, data.interruption])).toEqual([
      [1, 'pause'],
      [2, 'resume'],
      [3, 'pause'],
      [4, 'resume'],
    ]);
    expect(of('stop')).toMatchObject([{ num_events: { interruptions: 4, primary: 2 } }]);
    expect(documents.at(-1)?.name).toBe('stop');
  });

  test('when a plan is held up', async () => {
    const { engine, clock, of } = recordingEngine();
    engine.recordInterruptions = true;
    const run = clock.run(engine.run(runWrapper(sleep(1))));
    engine.requestSuspend({ until: () => clock.sleep(100), justification: 'beam down' });
    await run;
    expect(of('event').map(({ seq_num: n, data }) => [n, data.interruption])).toEqual([[1, 'beam down']]);
    expect(of('stop')).toMatchObject([{ num_events: { interruptions: 1 } }]);
  });
});

describe('a failed status says what the device said', () => {
  test('in the run', async () => {
    const { engine, clock, of } = recordingEngine();
    const run = clock.run(engine.run(count([new BrokenDetector('bad')])));
    await expect(run).rejects.toThrow('hardware fault');
    expect(of('stop')).toMatchObject([{ exit_status: 'fail', reason: 'hardware fault' }]);
  });

  test('to the plan', async () => {
    const { engine, clock } = recordingEngine();
    const caught: unknown[] = [];
    function* plan(): Plan<void> {
      try {
        yield* trigger(new BrokenDetector('bad'), { group: 'g', wait: true });
      } catch (thrown) {
        const { name, message, cause } = asError(thrown);
        caught.push(name, message, asError(cause).message);
      }
    }
    await clock.run(engine.run(plan()));
    expect(caught).toEqual(['FailedStatus', 'hardware fault', 'hardware fault']);
  });
});

test('the refusal of a sample says what was given', async () => {
  const { engine } = recordingEngine();
  const run = engine.run(openRun(), null, { sample: [1] });
  await expect(run).rejects.toThrow("'sample' must be a text or an object of values, got [1]");
});

test('what an abort has broken off may fail without changing how the run ends', async () => {
  const { engine, clock, of } = recordingEngine();
  const shutter = new FakeAxis('shutter', [], { held: true });
  const plan = runWrapper(
    finalizeWrapper(mv([[shutter, 1]]), function* () {
      // The clean-up closes it again, and the move to open is given up.
      shutter.fail(new Error('the move was given up'));
      yield* nothing();
    }),
  );
  const run = clock.run(engine.run(plan)).catch((error: unknown) => asError(error).message);
  await clock.advance(10);
  await engine.abort('enough');
  expect(await run).toBe('enough');
  expect(of('stop')).toMatchObject([{ exit_status: 'abort', reason: 'enough' }]);
});
