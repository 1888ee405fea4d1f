import { type SequenceAxes, type StagePosition, sequenceAxes } from './axes.ts';
import { eventsOf, type MdaOrigin } from './expand.ts';
import { tileCentres } from './mda-layout.ts';
import { placesOf } from './places.ts';
import type { MdaSequence } from './sequence.ts';
import type { ZPlanes } from './z-planes.ts';

/** How far a sequence moves at one of its positions. */
export interface MdaTravel {
  /** Of the sequence; 0 where it has none. */
  readonly positionIndex: number;
  /** um, lowest and highest; null: stays. */
  readonly xUm: readonly [low: number, high: number] | null;
  /** um, lowest and highest; null: stays. */
  readonly yUm: readonly [low: number, high: number] | null;
  /** um, lowest and highest; null: stays. */
  readonly zUm: readonly [low: number, high: number] | null;
}

/**
 * Where a sequence goes, position by position, without going through its events.
 * @param origin - where stage and focus are.
 * @throws RedsunError `mda/bad-sequence`, `mda/unknown-plate` as `expandSequence` does.
 */
export function mdaTravel(sequence: MdaSequence, origin: MdaOrigin): MdaTravel[] {
  const axes = sequenceAxes(sequence, 'sequence', Math.random);
  const centres = tileCentres(axes, placesOf(axes), origin);
  const heights = centres.map((): number[] => []);
  const flat = outermost(axes);
  for (const { index, zUm, zOffsetUm } of eventsOf(flat, placesOf(flat), origin)) {
    if (zUm !== null || zOffsetUm !== 0) heights[index.p ?? 0]?.push((zUm ?? origin.zUm) + zOffsetUm);
  }
  return centres.map((tiles, positionIndex) => ({
    positionIndex,
    xUm: extent(tiles.map(([xUm]) => xUm)),
    yUm: extent(tiles.map(([, yUm]) => yUm)),
    zUm: extent(heights[positionIndex]!),
  }));
}

/** The same heights in far fewer events: one time, one tile, of each stack the ends, and every channel in them. */
function outermost(axes: SequenceAxes): SequenceAxes {
  const { planes, times, grid } = axes;
  return {
    ...axes,
    times: times && { ...times, length: Math.min(1, times.length) },
    grid: grid && { ...grid, length: Math.min(1, grid.length) },
    planes: planes && endsOf(planes),
    shutterOpenAcross: [],
    channels: axes.channels.map((channel) => ({ ...channel, do_stack: true, acquire_every: 1 })),
    positions: axes.positions.map(
      (position): StagePosition => ({ ...position, own: position.own && outermost(position.own) }),
    ),
  };
}

function endsOf(planes: ZPlanes): ZPlanes {
  const { kind, length } = planes;
  if (length === 0) return planes;
  // Without a list of them: there may be a million.
  let [low, high] = [planes.at(0), planes.at(0)];
  for (let index = 1; index < length; index++) {
    const at = planes.at(index);
    if (at < low) low = at;
    if (at > high) high = at;
  }
  return { kind, length: 2, at: (index) => (index === 0 ? low : high), middle: 1 };
}

function extent(values: readonly (number | null)[]): readonly [number, number] | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
}
