import { Det } from './det.ts';

/** A detector whose readings cannot be repeated: a pause does not rewind them. */
export class NoRewindDet extends Det {
  readonly rewindable = { get: () => false };
}
