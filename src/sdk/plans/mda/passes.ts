import { axisLength, hasAxes, type SequenceAxes, type StagePosition } from './axes.ts';
import type { MdaAxis, MdaChannel } from './sequence.ts';

/** Indices along the axes of one sequence; an axis that it has not is absent. */
export type PassIndex = { readonly [axis in MdaAxis]?: number };

/** What of a sequence is gone through at one of its positions, and what the position has of its own. */
export interface PositionPass {
  readonly position: StagePosition | null;
  /** The sequence of the position, when it has anything to go through. */
  readonly inner: SequenceAxes | null;
  /** Of the axes c, z and g, those of which only the first point counts, as the position goes through its own. */
  readonly firstOnly: ReadonlySet<MdaAxis>;
}

/** How a sequence is gone through at a position; null: it has no positions. */
export function positionPass(axes: SequenceAxes, position: StagePosition | null): PositionPass {
  const own = position?.own ?? null;
  const inner = own && hasAxes(own) ? own : null;
  const firstOnly = new Set<MdaAxis>();
  // As useq has it: with a focus plan of its own, a position goes through both, its own within each of the others.
  if (own && own.autofocus === null) {
    const hasPlan = own.grid !== null || own.planes !== null || own.times !== null;
    if (!hasPlan || own.channels.length > 0) firstOnly.add('c');
    if (own.planes) firstOnly.add('z');
    if (own.grid) firstOnly.add('g');
  }
  return { position, inner, firstOnly: new Set([...firstOnly].filter((axis) => axes.order.includes(axis))) };
}

/** True for a point that is passed over. */
export function isSkipped(axes: SequenceAxes, index: PassIndex, firstOnly: ReadonlySet<MdaAxis>): boolean {
  const channel = index.c === undefined ? undefined : axes.channels[index.c];
  if (channel && index.t !== undefined && index.t % (channel.acquire_every ?? 1) !== 0) return true;
  if (channel?.do_stack === false && index.z !== undefined && index.z !== axes.planes?.middle) return true;
  for (const axis of firstOnly) if ((index[axis] ?? 0) !== 0) return true;
  return false;
}

/** All points of a sequence in order, outermost axis slowest; nothing for a sequence without axes. */
export function* passIndices(axes: SequenceAxes): Generator<PassIndex> {
  const { order } = axes;
  const lengths = order.map((axis) => axisLength(axes, axis));
  if (order.length === 0) return;
  const at = order.map(() => 0);
  for (;;) {
    yield Object.fromEntries(order.map((axis, k) => [axis, at[k]!]));
    let k = order.length - 1;
    while (k >= 0 && ++at[k]! === lengths[k]) at[k--] = 0;
    if (k < 0) return;
  }
}

/** How many points of a sequence are not passed over, by channel; counted, not gone through. */
export function countPass(
  axes: SequenceAxes,
  firstOnly: ReadonlySet<MdaAxis>,
): { readonly channel: MdaChannel | null; readonly count: number }[] {
  const { order } = axes;
  const length = (axis: MdaAxis) => (order.includes(axis) ? axisLength(axes, axis) : 1);
  const visited = (axis: MdaAxis) => (firstOnly.has(axis) ? Math.min(1, length(axis)) : length(axis));
  if (order.length === 0) return [];
  const channels = order.includes('c') ? axes.channels.slice(0, visited('c')) : [null];
  return channels.map((channel) => {
    const times = Math.ceil(length('t') / (channel?.acquire_every ?? 1));
    const flat = channel?.do_stack === false && order.includes('z');
    const planes = flat ? Number((axes.planes?.middle ?? 0) < visited('z')) : visited('z');
    return { channel, count: times * visited('g') * planes };
  });
}
