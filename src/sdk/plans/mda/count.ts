import type { FrameAxis } from '../../storage/layout.ts';
import { type SequenceAxes, sequenceAxes } from './axes.ts';
import { countPass } from './passes.ts';
import { placesOf } from './places.ts';
import type { MdaChannel, MdaSequence } from './sequence.ts';

/** How often a channel is exposed. */
export interface ChannelExposures {
  /** How many exposures. */
  readonly exposures: number;
  /** null: the sequence names no channel. */
  readonly channel: MdaChannel | null;
}

/**
 * Exposures of each channel, as numbers: a sequence may be far too long to be gone through.
 * @throws RedsunError `mda/bad-sequence`, `mda/unknown-plate` as `expandSequence` does.
 */
export function exposuresByChannel(sequence: MdaSequence): ChannelExposures[] {
  return exposuresOf(sequenceAxes(sequence, 'sequence', Math.random));
}

/**
 * Lengths of the store's axes, without laying it out: tiles and positions are its positions.
 * @throws RedsunError `mda/bad-sequence`, `mda/unknown-plate` as `expandSequence` does.
 */
export function mdaSizes(sequence: MdaSequence): Readonly<Record<FrameAxis, number>> {
  return placesOf(sequenceAxes(sequence, 'sequence', Math.random)).sizes;
}

/** Exposures of a sequence whose plans are worked out. */
export function exposuresOf(axes: SequenceAxes): ChannelExposures[] {
  const sums = new Map<MdaChannel | null, number>();
  const add = (channel: MdaChannel | null, exposures: number) =>
    sums.set(channel, (sums.get(channel) ?? 0) + exposures);
  const eachPosition: SequenceAxes = { ...axes, order: axes.order.filter((axis) => axis !== 'p') };
  for (const { inner, firstOnly } of placesOf(axes).passes) {
    // With positions as its only axis, a sequence exposes once at each.
    const outer =
      eachPosition.order.length === 0 && axes.order.length > 0 ? [ONCE] : countPass(eachPosition, firstOnly);
    for (const { channel, count } of outer) {
      if (!inner) add(channel, count);
      else for (const own of countPass(inner, new Set())) add(own.channel ?? channel, count * own.count);
    }
  }
  return [...sums].map(([channel, exposures]) => ({ exposures, channel }));
}

const ONCE = { channel: null, count: 1 };
