import { describe, expect, test } from 'vitest';
import { HangingDevice, type HangingVerb } from '../testing/hanging-device.ts';
import { type EngineRecording, recordingEngine } from '../testing/recording-engine.ts';
import { type Msg, msg, type Plan } from './msg.ts';

// A device whose promise never settles holds nobody up: not the operator who wants to pause, abort, stop or halt.

const WITHIN_MS = 1000;

/** For each verb: messages at whose last the device never answers. */
const MESSAGES: Readonly<Record<Exclude<HangingVerb, 'stop' | 'pause' | 'resume'>, (device: HangingDevice) => Msg[]>> =
  {
    set: (device) => [msg('set', device, [1], { group: 'g' }), msg('wait', null, [], { group: 'g' })],
    trigger: (device) => [msg('trigger', device, [], { group: 'g' }), msg('wait', null, [], { group: 'g' })],
    read: (device) => [msg('read', device)],
    describe: (device) => [msg('create', null, [], { name: 'primary' }), msg('read', device)],
    locate: (device) => [msg('locate', device)],
    configure: (device) => [msg('configure', device, [{}])],
    stage: (device) => [msg('stage', device)],
    unstage: (device) => [msg('stage', device), msg('unstage', device)],
    kickoff: (device) => [msg('kickoff', device, [], { group: 'g' }), msg('wait', null, [], { group: 'g' })],
    complete: (device) => [msg('complete', device, [], { group: 'g' }), msg('wait', null, [], { group: 'g' })],
    collect: (device) => [msg('kickoff', device), msg('collect', device)],
  };
const VERBS = Object.keys(MESSAGES) as (keyof typeof MESSAGES)[];

const CONTROLS = ['pause', 'abort', 'stop', 'halt'] as const;
type Control = (typeof CONTROLS)[number];

function* inRun(messages: readonly Msg[]): Plan<void> {
  yield msg('open_run');
  for (const message of messages) yield message;
}

/** Lets the plan come to where the device hangs, and then asks. @returns ms until the call came back. */
async function asked({ engine, clock }: EngineRecording, plan: Plan, control: Control): Promise<number> {
  engine.run(plan).catch(() => {});
  await clock.advance(50);
  const startMs = clock.monotonicMs();
  let backMs = Number.POSITIVE_INFINITY;
  const call: Promise<unknown> = control === 'pause' ? engine.pause() : engine[control]();
  void call.then(() => {
    backMs = clock.monotonicMs() - startMs;
  });
  await clock.advance(WITHIN_MS);
  return backMs;
}

describe.each(VERBS)('a device whose %s never settles', (verb) => {
  test.each(CONTROLS)('%s comes back within a second', async (control) => {
    const recording = recordingEngine();
    const device = new HangingDevice('hung', [verb]);
    expect(await asked(recording, inRun(MESSAGES[verb](device)), control)).toBeLessThanOrEqual(WITHIN_MS);
    // Staged devices are given their time at the end: a camera lets go of its buffers.
    await recording.clock.advance(10_000);
    expect(recording.engine.state).toBe(restOf(control));
  });

  test('a halt makes the engine idle within a second, also when an abort did not get there', async () => {
    const recording = recordingEngine();
    const device = new HangingDevice('hung', [verb, 'stop', 'pause', 'unstage', 'collect']);
    await asked(recording, inRun(MESSAGES[verb](device)), 'abort');
    const { engine, clock, of } = recording;
    if (engine.state !== 'idle') {
      void engine.halt();
      await clock.advance(WITHIN_MS);
    }
    expect(engine.state).toBe('idle');
    expect(of('stop')).toMatchObject([{ exit_status: 'abort' }]);
  });
});

function restOf(control: Control): string {
  return control === 'pause' ? 'paused' : 'idle';
}

describe.each(['stop', 'pause'] as const)('a moved device whose %s never settles', (verb) => {
  test.each(CONTROLS)('%s comes back within a second, and the engine is where it should be', async (control) => {
    const recording = recordingEngine();
    const device = new HangingDevice('hung', [verb, 'trigger']);
    const plan = inRun([msg('set', device, [1]), ...MESSAGES.trigger(device)]);
    expect(await asked(recording, plan, control)).toBeLessThanOrEqual(WITHIN_MS);
    expect(recording.engine.state).toBe(restOf(control));
    if (verb === 'stop') expect(recording.faults.map(({ message }) => message)).toContain('hung did not stop');
  });
});

test('a run that was paused over a device that hangs can be resumed, and ends once the device answers', async () => {
  const recording = recordingEngine();
  const { engine, clock, of } = recording;
  const device = new HangingDevice('hung', ['trigger']);
  await asked(recording, inRun(MESSAGES.trigger(device)), 'pause');
  device.answer();
  await clock.run(engine.resume());
  expect(of('stop')).toMatchObject([{ exit_status: 'success' }]);
});

test('a clean-up that hangs is ended by halt, and only by halt', async () => {
  const recording = recordingEngine();
  const { engine, clock } = recording;
  const device = new HangingDevice('hung', ['set', 'trigger']);
  function* plan(): Plan<void> {
    try {
      yield* inRun(MESSAGES.trigger(device));
    } catch {
      for (const message of MESSAGES.set(device)) yield message;
    }
  }
  expect(await asked(recording, plan(), 'abort')).toBeLessThanOrEqual(WITHIN_MS);
  expect(engine.state).toBe('aborting');
  void engine.abort();
  await clock.advance(60_000);
  expect(engine.state).toBe('aborting');
  void engine.halt();
  await clock.advance(WITHIN_MS);
  expect(engine.state).toBe('idle');
});

test('what a pause broke off may fail later without any harm', async () => {
  const recording = recordingEngine();
  const { engine, clock, faults } = recording;
  const device = new HangingDevice('hung', ['read']);
  await asked(recording, inRun(MESSAGES.read(device)), 'pause');
  device.fail(new Error('line was cut'));
  await clock.advance(10);
  expect(faults.map(({ message }) => message)).toEqual(['line was cut']);
  await engine.abort();
  expect(engine.state).toBe('idle');
});
