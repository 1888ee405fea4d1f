import { msg, type Plan } from 'redsun/sdk/engine';
import { relativeSetWrapper, type ScanAxis } from 'redsun/sdk/plans';

/** A plan that goes to a few places, for checks: nobody runs it. @param kind - `relative`: places count from where the axis stands. */
export function visiting(axis: ScanAxis, positions: readonly number[], kind: 'absolute' | 'relative'): Plan {
  function* moves(): Plan<void> {
    for (const position of positions) yield msg('set', axis, [position]);
  }
  return kind === 'absolute' ? moves() : relativeSetWrapper(moves(), [axis]);
}
