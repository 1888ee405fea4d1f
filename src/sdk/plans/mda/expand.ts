import type { FrameAxis, FrameIndex } from '../../storage/layout.ts';
import type { MdaChannel, MdaPosition, MdaSequence, MdaZPlan } from './sequence.ts';

/** Where a plane is. */
export interface PlaneHeight {
  /** Counted from the focus, or on the focus axis. */
  readonly kind: 'relative' | 'absolute';
  /** Height, um. */
  readonly um: number;
}

/** The planes of a stack. */
export interface PlaneHeights {
  /** Counted from the focus, or on the focus axis. */
  readonly kind: 'relative' | 'absolute';
  /** Heights, um, in the order they are visited. */
  readonly um: number[];
}

/** How often a channel is exposed. */
export interface ChannelExposures {
  /** How many exposures. */
  readonly exposures: number;
  /** null: the sequence names no channel. */
  readonly channel: MdaChannel | null;
}

/** One exposure of a sequence. */
export interface MdaEvent {
  /** Place in the acquisition, along each axis that the sequence has. */
  readonly index: FrameIndex;
  /** Channel of the exposure; null when the sequence names none. */
  readonly channel: MdaChannel | null;
  /** Stage position; null when the sequence names none. */
  readonly position: MdaPosition | null;
  /** Height of this plane; relative to where the focus is, or absolute. um; null: focus stays. */
  readonly z: PlaneHeight | null;
  /** Not before this long after the first exposure, s; null: at once. */
  readonly minStartS: number | null;
}

/** Order of the axes where a sequence does not say: time slowest, then position, channel, z. */
export const DEFAULT_AXIS_ORDER = 'tpcz';

/** Axes in the order of the sequence, outermost first; those it does not name come after, in the default order. */
export function axisOrder(sequence: MdaSequence): FrameAxis[] {
  const asked = [...(sequence.axis_order ?? DEFAULT_AXIS_ORDER)];
  const rest = [...DEFAULT_AXIS_ORDER].filter((axis) => !asked.includes(axis));
  return [...asked, ...rest].filter((axis): axis is FrameAxis => 'tpcz'.includes(axis));
}

/** Heights of a z plan, um, in the order they are visited, and whether they count from the focus. */
export function zPlanes(plan: MdaZPlan | null | undefined): PlaneHeights | null {
  if (!plan) return null;
  const upwards = plan.go_up ?? true;
  const ordered = (um: number[]) => (upwards ? um : [...um].reverse());
  if ('relative' in plan) return { kind: 'relative', um: ordered([...plan.relative]) };
  if ('absolute' in plan) return { kind: 'absolute', um: ordered([...plan.absolute]) };
  if ('top' in plan) return { kind: 'absolute', um: ordered(steps(plan.bottom, plan.top, plan.step)) };
  if ('above' in plan) return { kind: 'relative', um: ordered(steps(-plan.below, plan.above, plan.step)) };
  return { kind: 'relative', um: ordered(steps(-plan.range / 2, plan.range / 2, plan.step)) };
}

/** From `low` up to `high` inclusive, as useq counts: a last step that fits but for rounding is taken. */
function steps(low: number, high: number, step: number): number[] {
  if (step === 0) return [low];
  const count = Math.floor((high - low) / step + 1e-9) + 1;
  return Array.from({ length: Math.max(1, count) }, (_, i) => low + i * step);
}

/** Lengths of the axes as laid out in a store; 1 where the sequence has none. */
export function axisSizes(sequence: MdaSequence): Record<FrameAxis, number> {
  return {
    t: sequence.time_plan?.loops ?? 1,
    p: Math.max(1, sequence.stage_positions?.length ?? 0),
    c: Math.max(1, sequence.channels?.length ?? 0),
    z: zPlanes(sequence.z_plan)?.um.length ?? 1,
  };
}

/** Exposures of each channel, as numbers: a sequence may be far too long to be gone through. */
export function exposuresByChannel(sequence: MdaSequence): ChannelExposures[] {
  const { t, p, z } = axisSizes(sequence);
  const channels = sequence.channels?.length ? sequence.channels : [null];
  return channels.map((channel) => {
    const times = Math.ceil(t / (channel?.acquire_every ?? 1));
    const planes = channel?.do_stack === false ? 1 : z;
    return { exposures: p * times * planes, channel };
  });
}

/** Every exposure in order. */
export function* expandSequence(sequence: MdaSequence): Generator<MdaEvent> {
  const order = axisOrder(sequence);
  const sizes = axisSizes(sequence);
  const planes = zPlanes(sequence.z_plan);
  const interval = sequence.time_plan?.interval ?? 0;
  const total = order.reduce((product, axis) => product * sizes[axis], 1);
  const index: Record<FrameAxis, number> = { t: 0, p: 0, c: 0, z: 0 };
  for (let flat = 0; flat < total; flat++) {
    let rest = flat;
    for (let k = order.length - 1; k >= 0; k--) {
      const axis = order[k]!;
      index[axis] = rest % sizes[axis];
      rest = Math.floor(rest / sizes[axis]);
    }
    const channel = sequence.channels?.[index.c] ?? null;
    if (channel && skipped(channel, index.t, index.z, sizes.z)) continue;
    const height = planes?.um[index.z];
    const offset = channel?.z_offset ?? 0;
    yield {
      index: { ...index },
      channel,
      position: sequence.stage_positions?.[index.p] ?? null,
      z:
        planes && height !== undefined
          ? { kind: planes.kind, um: height + offset }
          : offset !== 0
            ? { kind: 'relative', um: offset }
            : null,
      minStartS: sequence.time_plan ? index.t * interval : null,
    };
  }
}

function skipped(channel: MdaChannel, t: number, z: number, planes: number): boolean {
  if (t % (channel.acquire_every ?? 1) !== 0) return true;
  return channel.do_stack === false && z !== Math.floor(planes / 2);
}
