import type { DataKey } from 'redsun/sdk/events';
import { Flyer } from './flyer.ts';

/** A flyer that leaves the naming of its stream to the plan: it has to be declared first. */
export class FlatFlyer extends Flyer {
  override describeCollect(): Record<string, DataKey> {
    return this.keys();
  }
}
