import type { FrameAxis, FrameLayout, LayoutPosition } from '../../storage/layout.ts';
import { type SequenceAxes, sequenceAxes } from './axes.ts';
import type { MdaOrigin } from './expand.ts';
import type { PositionPass } from './passes.ts';
import { type Places, placesOf } from './places.ts';
import type { MdaSequence } from './sequence.ts';
import type { ZPlanes } from './z-planes.ts';

const STORE_AXES: readonly FrameAxis[] = ['t', 'p', 'c', 'z'];
const NO_COLOUR = '#c9ced4';

/**
 * The layout of a sequence's frames in the store: tiles and positions become its positions.
 * @param channels - colours of channels, by name.
 * @param origin - where stage and focus are: what relative grids without a position are counted from. Default: 0.
 * @throws RedsunError `mda/bad-sequence`, `mda/unknown-plate` as `expandSequence` does.
 */
export function mdaLayout(
  sequence: MdaSequence,
  channels: ReadonlyMap<string, { readonly colour: string }>,
  origin?: MdaOrigin,
): FrameLayout {
  const axes = sequenceAxes(sequence, 'sequence', Math.random);
  return layoutOf(axes, placesOf(axes), channels, origin);
}

/** The layout of a sequence whose plans are worked out. */
export function layoutOf(
  axes: SequenceAxes,
  places: Places,
  channels: ReadonlyMap<string, { readonly colour: string }>,
  origin: MdaOrigin = { xUm: 0, yUm: 0, zUm: 0 },
): FrameLayout {
  return {
    order: storeOrder(axes),
    sizes: places.sizes,
    channels: places.channels.map((name) => ({ name, colour: channels.get(name)?.colour ?? NO_COLOUR })),
    positions: layoutPositions(axes, places, origin),
    zStepUm: axes.order.includes('z') ? stepOf(axes.planes) : null,
    intervalS: axes.order.includes('t') ? axes.times?.intervalS || null : null,
  };
}

/** From a plane to the next, um; null: there is one, or it changes. */
function stepOf(planes: ZPlanes | null): number | null {
  if (!planes || planes.length < 2) return null;
  const step = planes.at(1) - planes.at(0);
  for (let at = 2; at < planes.length; at++) {
    if (Math.abs(planes.at(at) - planes.at(at - 1) - step) > 1e-6) return null;
  }
  return step;
}

/** What a position goes through along z and t, where that is not what the whole sequence does. */
function ownSteps(
  axes: SequenceAxes,
  { inner, firstOnly }: PositionPass,
): Pick<LayoutPosition, 'zStepUm' | 'intervalS'> {
  if (!inner) return {};
  const goes = (axis: 'z' | 't') => inner.order.includes(axis);
  // Planes within planes, times within times: no one step says how far they are apart.
  const nested = (axis: 'z' | 't') => axes.order.includes(axis) && !firstOnly.has(axis);
  return {
    ...(goes('z') && { zStepUm: nested('z') ? null : stepOf(inner.planes) }),
    ...(goes('t') && { intervalS: nested('t') ? null : inner.times?.intervalS || null }),
  };
}

/** Height of the first plane at a position, um; null: the focus stays. */
function firstPlaneOf(axes: SequenceAxes, { position, inner }: PositionPass, origin: MdaOrigin): number | null {
  const planesOf = (one: SequenceAxes | null) => (one?.order.includes('z') && one.planes?.length ? one.planes : null);
  const planes = planesOf(inner) ?? planesOf(axes);
  const heightUm = position?.zUm ?? (position?.zFromFocusUm == null ? null : origin.zUm + position.zFromFocusUm);
  const [channel] = inner?.order.includes('c') ? inner.channels : axes.order.includes('c') ? axes.channels : [];
  const offsetUm = channel?.z_offset ?? 0;
  if (!planes) return heightUm === null && offsetUm === 0 ? null : (heightUm ?? origin.zUm) + offsetUm;
  return planes.at(0) + offsetUm + (planes.kind === 'relative' ? (heightUm ?? origin.zUm) : 0);
}

/** A tile is a position; axes that nobody asked for come last. */
function storeOrder(axes: SequenceAxes): FrameAxis[] {
  const asked = axes.asked.map((axis): FrameAxis => (axis === 'g' ? 'p' : axis));
  return [...new Set([...asked, ...STORE_AXES])];
}

function layoutPositions(axes: SequenceAxes, places: Places, origin: MdaOrigin): LayoutPosition[] {
  const tiledAnywhere = places.tiles.some(([outer, inner]) => outer * inner > 1);
  if (!axes.order.includes('p') && !axes.order.includes('g') && !tiledAnywhere) return [];
  const taken = new Set<string>();
  return tileCentres(axes, places, origin).flatMap((centres, p) => {
    const pass = places.passes[p]!;
    const { position } = pass;
    const known = { firstPlaneUm: firstPlaneOf(axes, pass, origin), ...ownSteps(axes, pass) };
    const base = position?.name ?? `Pos${p}`;
    return centres.map(([xUm, yUm], tile): LayoutPosition => {
      const name = unique(centres.length > 1 ? `${base}_g${tile}` : base, p, taken);
      const well = position?.well;
      return { name, xUm, yUm, zUm: position?.zUm ?? null, ...known, ...(well && { well }) };
    });
  });
}

/** By position of the sequence, the centres of the tiles there, um; null: that axis stays. */
export function tileCentres(
  axes: SequenceAxes,
  { passes, tiles }: Places,
  origin: MdaOrigin,
): (readonly [xUm: number | null, yUm: number | null])[][] {
  return passes.map((pass, p) => {
    const [outer, inner] = tiles[p]!;
    return Array.from({ length: outer * inner }, (_, tile) =>
      tileCentre(axes, pass, Math.floor(tile / inner), tile % inner, origin),
    );
  });
}

function tileCentre(
  axes: SequenceAxes,
  { position, inner }: PositionPass,
  outerTile: number,
  innerTile: number,
  origin: MdaOrigin,
): readonly [number | null, number | null] {
  const own = inner?.order.includes('g') ? inner.grid : null;
  // As useq has it: a grid of its own that is not gone through leaves the stage where it is.
  if (inner?.grid && !own) return [null, null];
  const grid = own ?? (axes.order.includes('g') ? axes.grid : null);
  const [x, y] = [position?.xUm ?? null, position?.yUm ?? null];
  if (!grid) return [x, y];
  const tile = grid.at(own ? innerTile : outerTile);
  if (grid.kind === 'absolute') return [tile.xUm, tile.yUm];
  return [(x ?? origin.xUm) + tile.xUm, (y ?? origin.yUm) + tile.yUm];
}

/** Two positions may have the same name; two images may not. */
function unique(name: string, p: number, taken: Set<string>): string {
  const own = taken.has(name) ? `${name}_p${p}` : name;
  taken.add(own);
  return own;
}
