import type { FrameIndex } from '../../storage/layout.ts';
import { axisLength, type SequenceAxes } from './axes.ts';
import { type PassIndex, type PositionPass, positionPass } from './passes.ts';
import type { MdaAxis } from './sequence.ts';

/** Where the frames of a sequence go: tiles and positions become the positions of the store, and no two frames meet. */
export interface Places {
  /** By position of the sequence; one without a position where it has none. */
  readonly passes: readonly PositionPass[];
  /** Of the store, by index along c; empty: one without a name. */
  readonly channels: readonly string[];
  /** Lengths of the store's axes. */
  readonly sizes: Readonly<Record<'t' | 'p' | 'c' | 'z', number>>;
  /** By position of the sequence: the first of its positions in the store. */
  readonly firstPlaces: readonly number[];
  /** By position of the sequence: how many tiles the sequence has there, and how many the position has of its own. */
  readonly tiles: readonly (readonly [outer: number, inner: number])[];
  /** Where a frame goes. @param inner - within the sequence of the position; null: it has none. */
  placeOf(outer: PassIndex, inner: PassIndex | null): Required<FrameIndex>;
}

/** Lays out a sequence. */
export function placesOf(axes: SequenceAxes): Places {
  const positions = axes.order.includes('p') ? axes.positions : [null];
  const passes = positions.map((position) => positionPass(axes, position));
  const tiles = passes.map((pass): [number, number] => [outerLength(axes, pass, 'g'), innerLength(pass, 'g')]);
  const firstPlaces: number[] = [];
  let count = 0;
  for (const [outer, inner] of tiles) {
    firstPlaces.push(count);
    count += outer * inner;
  }
  const { channels, slots } = channelSlots(axes, passes);
  const longest = (axis: MdaAxis) =>
    passes.reduce((most, pass) => Math.max(most, outerLength(axes, pass, axis) * innerLength(pass, axis)), 1);
  return {
    passes,
    channels,
    sizes: { t: longest('t'), p: Math.max(1, count), c: Math.max(1, channels.length), z: longest('z') },
    firstPlaces,
    tiles,
    placeOf(outer, inner) {
      const p = outer.p ?? 0;
      const pass = passes[p]!;
      const along = (axis: MdaAxis) => (outer[axis] ?? 0) * innerLength(pass, axis) + (inner?.[axis] ?? 0);
      const c = along('c');
      return { t: along('t'), p: firstPlaces[p]! + along('g'), c: slots[p]?.[c] ?? c, z: along('z') };
    },
  };
}

function outerLength(axes: SequenceAxes, { firstOnly }: PositionPass, axis: MdaAxis): number {
  return axes.order.includes(axis) && !firstOnly.has(axis) ? axisLength(axes, axis) : 1;
}

function innerLength({ inner }: PositionPass, axis: MdaAxis): number {
  return inner?.order.includes(axis) ? axisLength(inner, axis) : 1;
}

/** A channel that only a position has comes after those of the whole sequence; the same name is the same channel. */
function channelSlots(axes: SequenceAxes, passes: readonly PositionPass[]) {
  const channels = axes.order.includes('c') ? axes.channels.map(({ config }) => config) : [];
  const slots = passes.map((pass): number[] | null => {
    const { inner } = pass;
    if (!inner?.order.includes('c')) return null;
    const taken = new Set<number>();
    const rounds = outerLength(axes, pass, 'c');
    return Array.from({ length: rounds * inner.channels.length }, (_, at) => {
      const { config } = inner.channels[at % inner.channels.length]!;
      let slot = channels.findIndex((name, index) => name === config && !taken.has(index));
      if (slot === -1) slot = channels.push(config) - 1;
      taken.add(slot);
      return slot;
    });
  });
  return { channels, slots };
}
