import fc from 'fast-check';
import type { RunEngine } from 'redsun/sdk/engine';
import type { NamedDocument } from 'redsun/sdk/events';
import { type EngineRecording, recordingEngine } from 'redsun/sdk/testing';
import { expect, test } from 'vitest';
import { SchemaCheck } from '../fixtures/event-model/schema-check.ts';
import { type Fault, RandomAxis, type RandomBench, RandomDetector, RandomSignal } from './random-bench.ts';
import { planOf, randomSteps, type Step } from './random-plan.ts';

// Whatever a plan does, whatever fails and whatever the operator asks meanwhile: in the end everything is at rest and told.

/** How many plans: `REDSUN_RANDOM_PLANS=20000` for a long run. */
const PLANS = Number(process.env.REDSUN_RANDOM_PLANS ?? 400);

const ENDS = ['abort', 'stop', 'halt'] as const;
const REQUESTS = [...ENDS, 'pause', 'pause later', 'suspend'] as const;

/** What the operator does, after so many messages; and what, if the plan is paused then. */
interface Request {
  readonly afterMessages: number;
  readonly what: (typeof REQUESTS)[number];
}

interface Scene {
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
  readonly slowMs: number;
  readonly requests: readonly Request[];
  /** After each pause. */
  readonly thens: readonly ('resume' | (typeof ENDS)[number])[];
}

const scenes: fc.Arbitrary<Scene> = fc.record({
  steps: randomSteps,
  faults: fc.array(
    fc.record<Fault>({
      verb: fc.constantFrom('none', 'none', 'none', 'trigger throws', 'trigger fails', 'read', 'stage', 'unstage'),
      at: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 2, maxLength: 2 },
  ),
  slowMs: fc.constantFrom(0, 5),
  requests: fc.array(
    fc.record<Request>({ afterMessages: fc.integer({ min: 1, max: 25 }), what: fc.constantFrom(...REQUESTS) }),
    { maxLength: 3 },
  ),
  thens: fc.array(fc.constantFrom('resume', 'resume', 'resume', ...ENDS), { maxLength: 6 }),
});

interface Played {
  readonly recording: EngineRecording;
  /** What is not at rest when the engine is idle. */
  readonly atIdle: readonly string[];
  readonly pauses: number;
}

async function play({ steps, faults, slowMs, requests, thens }: Scene): Promise<Played> {
  const recording = recordingEngine();
  const { engine, clock } = recording;
  const bench: RandomBench = {
    detectors: faults.map((fault, at) => new RandomDetector(`det${at}`, clock, fault, slowMs)),
    axes: [new RandomAxis('x', clock), new RandomAxis('y', clock)],
    signal: new RandomSignal('signal'),
  };
  let atIdle: readonly string[] = ['it was never idle'];
  engine.stateChanged.connect((state) => {
    if (state === 'idle') atIdle = restless(bench);
  });
  let executed = 0;
  engine.messageStarted.connect(() => {
    executed++;
    for (const { afterMessages, what } of requests)
      if (afterMessages === executed) queueMicrotask(() => ask(engine, what));
  });
  let going: Promise<unknown> = engine.run(planOf(steps, bench));
  let pauses = 0;
  const left = [...thens];
  for (;;) {
    await clock.run(going.catch(() => {}));
    // What was asked in the same moment comes to its end.
    await clock.advance(1000);
    if (engine.state !== 'paused') break;
    pauses++;
    const then = left.shift() ?? 'abort';
    going = then === 'resume' ? engine.resume() : engine[then]();
  }
  await clock.run(engine.whenIdle());
  return { recording, atIdle, pauses };

  function ask(target: RunEngine, what: Request['what']): void {
    const answer =
      what === 'suspend'
        ? Promise.resolve(target.requestSuspend({ until: () => clock.sleep(20), justification: 'clouds' }))
        : what === 'pause' || what === 'pause later'
          ? target.pause({ defer: what === 'pause later' })
          : target[what]();
    // Refused where the state does not allow it.
    answer.catch(() => {});
  }
}

/** What moves, is staged or is listened to. */
function restless({ axes, detectors, signal }: RandomBench): string[] {
  return [
    ...axes.filter(({ moving }) => moving).map(({ name }) => `${name} moves`),
    ...detectors.filter(({ staged }) => staged > 0).map(({ name }) => `${name} is staged`),
    ...(signal.listeners.size > 0 ? ['the signal is monitored'] : []),
  ];
}

const schemas = new SchemaCheck();

function faultsOfRuns(documents: readonly NamedDocument[], pauses: number): string[] {
  const faults = documents.flatMap((document) => schemas.faultsOf(document));
  for (const { name: kind, doc: start } of documents) {
    if (kind !== 'start') continue;
    const stops = documents.filter(
      ({ name, doc }) => name === 'stop' && 'run_start' in doc && doc.run_start === start.uid,
    );
    if (stops.length !== 1) faults.push(`run ${start.uid} has ${stops.length} stop documents`);
  }
  return [...faults, ...numberingFaults(documents, pauses)];
}

/** Events count from 1; only a rewind takes the number back. The stop document tells how many count in the end. */
function numberingFaults(documents: readonly NamedDocument[], pauses: number): string[] {
  const faults: string[] = [];
  const streamOf = new Map<string, string>();
  const last = new Map<string, number>();
  const highest = new Map<string, number>();
  for (const document of documents) {
    if (document.name === 'descriptor') {
      streamOf.set(document.doc.uid, `${document.doc.run_start} ${document.doc.name}`);
    } else if (document.name === 'event') {
      const stream = streamOf.get(document.doc.descriptor);
      if (stream === undefined) {
        faults.push(`event ${document.doc.uid} of a stream that nobody described`);
        continue;
      }
      const { seq_num: number } = document.doc;
      const before = last.get(stream) ?? 0;
      const follows = pauses === 0 ? number === before + 1 : number >= 1 && number <= before + 1;
      if (!follows) faults.push(`${stream}: event ${number} after ${before}`);
      last.set(stream, number);
      highest.set(stream, Math.max(number, highest.get(stream) ?? 0));
    } else if (document.name === 'stop') {
      for (const [name, count] of Object.entries(document.doc.num_events ?? {})) {
        const most = highest.get(`${document.doc.run_start} ${name}`) ?? 0;
        if (pauses === 0 ? count !== most : count > most) faults.push(`${name}: ${count} events told, ${most} emitted`);
      }
    }
  }
  return faults;
}

test(`of ${PLANS} random plans with failing devices and an impatient operator, each leaves everything at rest`, async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async (scene) => {
      const { recording, atIdle, pauses } = await play(scene);
      const suspended = scene.requests.some(({ what }) => what === 'suspend') ? 1 : 0;
      expect(recording.engine.state).toBe('idle');
      expect(atIdle).toEqual([]);
      expect(faultsOfRuns(recording.documents, pauses + suspended)).toEqual([]);
    }),
    { numRuns: PLANS, ...(process.env.REDSUN_SEED ? { seed: Number(process.env.REDSUN_SEED) } : {}) },
  );
}, 240_000);
