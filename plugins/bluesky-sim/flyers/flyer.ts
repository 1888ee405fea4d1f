import type { EventCollectable, PartialEvent } from 'redsun/sdk/device';
import { BaseFlyer } from './base-flyer.ts';

/** A flyer that hands over one event per reading. */
export class Flyer extends BaseFlyer implements EventCollectable {
  *collect(): Generator<PartialEvent> {
    for (let i = 0; i < this.points; i++) {
      const time = this.now();
      yield { data: this.both(i, i * i), timestamps: this.both(time, time), time };
    }
  }
}
