import type { AcquisitionState } from '../../shared/channels/acquisition.ts';
import type { BridgeState } from '../../shared/ipc/bridge.ts';

export type EngineState = AcquisitionState['engine'];

const WORDS: Readonly<Record<EngineState, string>> = {
  idle: 'Idle',
  running: 'Running',
  pausing: 'Pausing',
  paused: 'Paused',
  stopping: 'Stopping',
  aborting: 'Aborting',
  halting: 'Halting',
  suspending: 'Waiting',
  panicked: 'Panicked',
};

/** Word and tone of a run. Without its host nobody knows how it gets on: what is shown of it was heard before. */
export function runState(
  engine: EngineState,
  bridge: BridgeState['kind'],
): { readonly word: string; readonly tone: 'live' | 'warn' } {
  if (bridge !== 'open') return { word: 'No host', tone: 'warn' };
  return { word: WORDS[engine], tone: engine === 'running' ? 'live' : 'warn' };
}
