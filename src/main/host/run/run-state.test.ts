import { RedsunError } from 'redsun/sdk/util';
import { expect, test } from 'vitest';
import type { CurrentRun } from './current-run.ts';
import {
  afterEngine,
  isFree,
  type Pause,
  pauseReasonOf,
  type RunState,
  withFault,
  withoutFault,
  withReason,
} from './run-state.ts';

const FULL = new RedsunError('target/no-space', 'The disk is full');

function runWith(fault: RedsunError | null = null): CurrentRun {
  return { pausedS: 0, gate: { fault } } as unknown as CurrentRun;
}

function running(run = runWith()): RunState {
  return { kind: 'running', run, pausingFor: null };
}

function pauseAt(sinceS: number): () => Pause {
  return () => ({ sinceS, lights: Promise.resolve({ answers: [], relight: async () => {} }) });
}

test('a run pauses and goes on; the time that it stood still does not count as work', () => {
  const run = runWith();
  const paused = afterEngine(running(run), 'paused', 100, pauseAt(100));
  expect(paused).toMatchObject({ kind: 'paused', reason: null, pause: { sinceS: 100 } });
  const again = afterEngine(paused, 'running', 130, pauseAt(0));
  expect(again).toEqual({ kind: 'running', run, pausingFor: null });
  expect(run.pausedS).toBe(30);
});

test('a pause that is told twice begins once: its lights are put out once', () => {
  const paused = afterEngine(running(), 'paused', 100, pauseAt(100));
  const never = () => {
    throw new Error('a second pause was begun');
  };
  expect(afterEngine(paused, 'paused', 101, never)).toBe(paused);
  // Nothing runs: the engine's states are those of a plan that somebody else runs.
  expect(afterEngine({ kind: 'idle' }, 'paused', 101, never)).toEqual({ kind: 'idle' });
});

test('a run whose disk is full waits for it, whichever came first: the fault or the pause', () => {
  expect(afterEngine(running(runWith(FULL)), 'paused', 5, pauseAt(5))).toMatchObject({
    kind: 'waiting-for-disk',
    fault: FULL,
  });
  const paused = afterEngine(running(), 'paused', 5, pauseAt(5));
  const waiting = withFault(paused, FULL);
  expect(waiting).toMatchObject({ kind: 'waiting-for-disk', fault: FULL, pause: { sinceS: 5 } });
  expect(withoutFault(waiting)).toEqual(paused);
  // While it runs, the pause that follows finds the fault at the gate.
  expect(withFault(running(), FULL).kind).toBe('running');
});

test('a reason from outside goes with the pause; the pause of an operator stays the operator’s', () => {
  const asked = withReason(running(), 'the guardian made it dark');
  expect(pauseReasonOf(asked)).toBe('the guardian made it dark');
  const paused = afterEngine(asked, 'paused', 5, pauseAt(5));
  expect(pauseReasonOf(paused)).toBe('the guardian made it dark');
  expect(pauseReasonOf(withReason(paused, 'a newer one'))).toBe('a newer one');
  const own = afterEngine(running(), 'paused', 5, pauseAt(5));
  expect(pauseReasonOf(withReason(own, 'a newer one'))).toBeNull();
});

test('only an idle session, or one whose run has ended, is free for another', () => {
  const run = runWith();
  expect(isFree({ kind: 'idle' })).toBe(true);
  expect(isFree({ kind: 'ended', result: {} as never })).toBe(true);
  for (const state of [{ kind: 'preparing', what: 'mda' }, running(run), { kind: 'finishing', run }] as RunState[])
    expect(isFree(state)).toBe(false);
});
