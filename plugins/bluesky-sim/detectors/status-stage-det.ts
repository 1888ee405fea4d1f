import type { Status } from 'redsun/sdk/device';
import { Det } from './det.ts';

/** A detector whose staging may take its time: it answers with a status, as newer devices do. */
export class StatusStageDet extends Det {
  override stage(): Status {
    this.called('stage');
    return this.finished('stage');
  }

  override unstage(): Status {
    this.called('unstage');
    return this.finished('unstage');
  }
}
