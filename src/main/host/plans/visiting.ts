import { msg, type Plan } from 'redsun/sdk/engine';
import { relativeSetWrapper, resetPositionsWrapper, type ScanAxis } from 'redsun/sdk/plans';
import type { MoveKind } from './limits.ts';

/** A plan that goes to a few places, for checks: nobody runs it. @param kind - `relative`: places count from where the axis stands, and it goes back there. */
export function visiting(axis: ScanAxis, positions: readonly number[], kind: MoveKind): Plan {
  function* moves(): Plan<void> {
    for (const position of positions) yield msg('set', axis, [position]);
  }
  return kind === 'absolute' ? moves() : resetPositionsWrapper(relativeSetWrapper(moves(), [axis]), [axis]);
}
