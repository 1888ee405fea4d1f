import type { HostServices } from '../services.ts';

/** What a run is made with. */
export type RunServices = Pick<
  HostServices,
  | 'baseFolder'
  | 'clock'
  | 'countsChanged'
  | 'duty'
  | 'engine'
  | 'estimator'
  | 'interrupted'
  | 'latch'
  | 'loggerFor'
  | 'optics'
  | 'plans'
  | 'platform'
  | 'recovery'
  | 'roster'
  | 'session'
  | 'storage'
  | 'survey'
  | 'timings'
  | 'work'
>;
