import type { EngineState } from 'redsun/sdk/engine';
import type { RedsunError } from 'redsun/sdk/util';
import type { RunResult } from '../../../shared/channels/acquisition.ts';
import type { Optics } from '../optics.ts';
import type { CurrentRun } from './current-run.ts';

/** Since when a run stands still, Unix s, and the lights that were put out for it: the sample must not bleach while somebody thinks. */
export interface Pause {
  readonly sinceS: number;
  readonly lights: ReturnType<Optics['darkenForPause']>;
}

/** Where the run of a session is. Exactly one of them is true at any time, and the coordinator alone says which. */
export type RunState =
  /** None since the session was opened. */
  | { readonly kind: 'idle' }
  /** Checked, its folder is made, the cameras come free: nothing of it has moved yet. */
  | { readonly kind: 'preparing'; readonly what: string }
  /** `pausingFor`: why it is about to pause, where that was not the operator's wish; else null. */
  | { readonly kind: 'running'; readonly run: CurrentRun; readonly pausingFor: string | null }
  /** `reason` as above. */
  | { readonly kind: 'paused'; readonly run: CurrentRun; readonly pause: Pause; readonly reason: string | null }
  | {
      readonly kind: 'waiting-for-disk';
      readonly run: CurrentRun;
      readonly pause: Pause;
      readonly reason: string | null;
      readonly fault: RedsunError;
    }
  /** The plan is over; files are being closed. */
  | { readonly kind: 'finishing'; readonly run: CurrentRun }
  | { readonly kind: 'ended'; readonly result: RunResult };

export type GoingRun = Extract<RunState, { readonly run: CurrentRun }>;
type Held = Extract<RunState, { readonly pause: Pause }>;

/** The state where there is a run; null: there is none, or it has not begun. */
export function goingRun(state: RunState): GoingRun | null {
  return 'run' in state ? state : null;
}

export function isHeld(state: RunState): state is Held {
  return state.kind === 'paused' || state.kind === 'waiting-for-disk';
}

/** Nothing is going on: another run may begin. */
export function isFree({ kind }: RunState): boolean {
  return kind === 'idle' || kind === 'ended';
}

/** The engine has paused. */
export function held(state: RunState, pause: Pause): RunState {
  if (state.kind !== 'running') return state;
  const { run, pausingFor: reason } = state;
  const { fault } = run.gate;
  return fault === null
    ? { kind: 'paused', run, pause, reason }
    : { kind: 'waiting-for-disk', run, pause, reason, fault };
}

/** The engine goes on, or ends what stood still. Time that it stood does not count as work. */
export function released(state: RunState, nowS: number): RunState {
  if (!isHeld(state)) return state;
  state.run.pausedS += nowS - state.pause.sinceS;
  return { kind: 'running', run: state.run, pausingFor: null };
}

/** What the engine has come to. @param pause - begins a pause; called only where a run has just paused. */
export function afterEngine(state: RunState, engine: EngineState, nowS: number, pause: () => Pause): RunState {
  if (engine !== 'paused') return released(state, nowS);
  return state.kind === 'running' ? held(state, pause()) : state;
}

/** The disk does not take what is to be written. */
export function withFault(state: RunState, fault: RedsunError): RunState {
  if (!isHeld(state)) return state;
  const { run, pause, reason } = state;
  return { kind: 'waiting-for-disk', run, pause, reason, fault };
}

/** What was held back has been written. */
export function withoutFault(state: RunState): RunState {
  if (state.kind !== 'waiting-for-disk') return state;
  const { run, pause, reason } = state;
  return { kind: 'paused', run, pause, reason };
}

/** Pauses for a reason from outside, or learns the newer one; the operator's own pause stays the operator's. */
export function withReason(state: RunState, reason: string): RunState {
  if (state.kind === 'running') return { ...state, pausingFor: reason };
  return isHeld(state) && state.reason !== null ? { ...state, reason } : state;
}

/** Why it stands still, or is about to, by nobody at a window; null: it does not. */
export function pauseReasonOf(state: RunState): string | null {
  if (state.kind === 'running') return state.pausingFor;
  return isHeld(state) ? state.reason : null;
}
