import type { AcquisitionState } from '../../shared/channels/acquisition.ts';

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

export function engineWord(engine: EngineState): string {
  return WORDS[engine];
}
