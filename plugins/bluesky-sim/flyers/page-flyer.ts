import type { EventPageCollectable, PartialEventPage } from 'redsun/sdk/device';
import { BaseFlyer } from './base-flyer.ts';

/** A flyer that hands over its readings in two pages of `points` rows each. */
export class PageFlyer extends BaseFlyer implements EventPageCollectable {
  *collectPages(): Generator<PartialEventPage> {
    for (const page of [0, 1]) {
      const rows = Array.from({ length: this.points }, (_, row) => page * this.points + row);
      const squares = rows.map((i) => i * i);
      const time = rows.map(() => this.now());
      // Columns of timestamps, as those of the data.
      yield { data: this.both(rows, squares), timestamps: this.both(time, time), time };
    }
  }
}
