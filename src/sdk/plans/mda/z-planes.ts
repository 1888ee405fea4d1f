import { refusal } from './refusal.ts';
import type { MdaZPlan } from './z-plan.ts';

/** More planes than any stack has. */
const MAX_PLANES = 10_000_000;

/** The planes of a stack. */
export interface ZPlanes {
  /** Counted from the position's focus, or on the focus axis. */
  readonly kind: 'relative' | 'absolute';
  /** How many; 0 for a step against the direction. */
  readonly length: number;
  /** Height of the n-th that is visited, um. */
  at(index: number): number;
  /** The plane of channels that take no stack. */
  readonly middle: number;
}

/** The planes of a z plan; null: the sequence has none. @throws RedsunError `mda/bad-sequence` for too many. */
export function zPlanes(plan: MdaZPlan | null | undefined, path: string): ZPlanes | null {
  if (!plan || Object.keys(plan).length === 0) return null;
  const goUp = plan.go_up ?? true;
  if ('top' in plan) return stepped('absolute', plan.bottom, plan.top, plan.step, goUp, path);
  if ('above' in plan) return stepped('relative', -Math.abs(plan.below), Math.abs(plan.above), plan.step, goUp, path);
  if ('range' in plan) return stepped('relative', -plan.range / 2, plan.range / 2, plan.step, goUp, path);
  return 'absolute' in plan ? listed('absolute', plan.absolute, goUp) : listed('relative', plan.relative, goUp);
}

function listed(kind: ZPlanes['kind'], um: readonly number[], goUp: boolean): ZPlanes {
  const { length } = um;
  return { kind, length, at: (index) => um[goUp ? index : length - 1 - index] ?? 0, middle: Math.floor(length / 2) };
}

/** From `start` in steps, as numpy's arange goes to half a step beyond `stop`, down to the last bit. */
function stepped(
  kind: ZPlanes['kind'],
  start: number,
  stop: number,
  step: number,
  goUp: boolean,
  path: string,
): ZPlanes {
  if (step === 0) return { kind, length: 1, at: () => start, middle: 0 };
  const length = Math.max(0, Math.ceil((stop + step / 2 - start) / step));
  if (!(length <= MAX_PLANES)) throw refusal(`${path}.step`, step, `a step that makes at most ${MAX_PLANES} planes`);
  const delta = start + step - start;
  const at = (index: number) => start + (goUp ? index : length - 1 - index) * delta;
  // Counted apart from the planes themselves: where range / step ends in a half, it says one more than there are.
  const counted = Math.ceil(Number(((stop + step - start) / step).toFixed(6)));
  return { kind, length, at, middle: Math.floor(counted / 2) };
}
