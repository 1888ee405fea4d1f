import { asWholeNumbers, orientation } from './orientation.ts';
import { twiceArea } from './polygon.ts';
import type { Point } from './visiting-order.ts';

/** A mitre that reaches further than so many offsets is cut off. */
const MITRE_LIMIT = 5;
/** Slabs thinner than this part of the whole are rounding. */
const THIN = 1e-12;

/** Keeps digits below one in a division of whole numbers. */
const GUARD = 2n ** 80n;

interface Segment {
  readonly low: Point;
  readonly high: Point;
  /** Of the polygon, or of what is added to it or taken away. */
  readonly of: 'polygon' | 'piece';
  /** How many more rings there are around what lies to its right than to its left. */
  readonly turn: 1 | -1;
  /** x by y of the points where it meets others: not to be rounded again. */
  readonly meetings: Map<number, number>;
}

interface Trapezoid {
  readonly bottomUm: number;
  readonly topUm: number;
  readonly left: Segment;
  readonly right: Segment;
}

/**
 * Grows a polygon (or shrinks it, by a negative offset) with mitred corners, and gives the largest part of what comes out
 * as a patchwork of convex rings; none when nothing is left. Grown, it is the polygon with a strip along every edge and a
 * wedge at every corner that opens; shrunk, it is what such strips and wedges on the inner side leave of it.
 */
export function offsetPolygon(ring: readonly Point[], offsetUm: number): Point[][] {
  const inOrder = twiceArea(ring) < 0 ? [...ring].reverse() : ring;
  const segments = [
    ...segmentsOf(inOrder, 'polygon'),
    ...pieces(inOrder, offsetUm).flatMap((piece) => segmentsOf(piece, 'piece')),
  ];
  return largestPart(trapezoids(segments, offsetUm > 0)).map(ringOfTrapezoid);
}

/** The strips along the edges of an anti-clockwise ring, and the wedges at corners where they would leave a gap. */
function pieces(ring: readonly Point[], offsetUm: number): Point[][] {
  const count = ring.length;
  const moved = ring.map((start, at): [Point, Point] => {
    const end = ring[(at + 1) % count]!;
    const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
    const length = Math.sqrt(dx * dx + dy * dy);
    const [shiftX, shiftY] = [(offsetUm * dy) / length, (-offsetUm * dx) / length];
    return [
      [start[0] + shiftX, start[1] + shiftY],
      [end[0] + shiftX, end[1] + shiftY],
    ];
  });
  return moved.flatMap(([start, end], at) => {
    const corner = ring[(at + 1) % count]!;
    const next = moved[(at + 1) % count]!;
    const strip = [ring[at]!, corner, end, start];
    const turn = orientation(ring[at]!, corner, ring[(at + 2) % count]!);
    const opensGap = offsetUm > 0 ? turn > 0 : turn < 0;
    if (!opensGap) return [strip];
    return [strip, [corner, end, ...mitre([start, end], next, corner, Math.abs(offsetUm)), next[0]]];
  });
}

function mitre(before: [Point, Point], after: [Point, Point], corner: Point, offsetUm: number): Point[] {
  const tip = crossing(before, after);
  const limit = MITRE_LIMIT * offsetUm;
  if (tip && Math.hypot(tip[0] - corner[0], tip[1] - corner[1]) <= limit) return [tip];
  // The tip is cut off square to the bisector, at the limit.
  const [bx, by] = [
    before[1][0] - corner[0] + after[0][0] - corner[0],
    before[1][1] - corner[1] + after[0][1] - corner[1],
  ];
  const length = Math.hypot(bx, by);
  if (length === 0) return [];
  const middle: Point = [corner[0] + (bx / length) * limit, corner[1] + (by / length) * limit];
  const cut: [Point, Point] = [middle, [middle[0] - by / length, middle[1] + bx / length]];
  return [crossing(before, cut), crossing(after, cut)].filter((point) => point !== null);
}

/** Where two lines cross, rounded once at the end, as tiles may touch that very point; null for parallels. */
function crossing(one: readonly [Point, Point], other: readonly [Point, Point]): Point | null {
  const { whole, scale } = asWholeNumbers([...one.flat(), ...other.flat()]);
  const [ax, ay, bx, by, cx, cy, dx, dy] = whole as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  const [rx, ry, sx, sy] = [bx - ax, by - ay, dx - cx, dy - cy];
  const determinant = rx * sy - ry * sx;
  if (determinant === 0n) return null;
  const along = (cx - ax) * sy - (cy - ay) * sx;
  const rounded = (from: bigint, step: bigint) =>
    Number(((from * determinant + step * along) * GUARD) / determinant) / Number(GUARD) / scale;
  return [rounded(ax, rx), rounded(ay, ry)];
}

function segmentsOf(ring: readonly Point[], of: Segment['of']): Segment[] {
  const outline = twiceArea(ring) < 0 ? [...ring].reverse() : ring;
  return outline.flatMap((start, at): Segment[] => {
    const end = outline[(at + 1) % outline.length]!;
    if (start[1] === end[1]) return [];
    const rises = start[1] < end[1];
    return [{ low: rises ? start : end, high: rises ? end : start, of, turn: rises ? -1 : 1, meetings: new Map() }];
  });
}

/** Cuts the plane into level slabs in which no two segments cross, and each slab into what belongs to the result. */
function trapezoids(segments: readonly Segment[], grows: boolean): Trapezoid[][] {
  const heights = new Set(segments.flatMap(({ low, high }) => [low[1], high[1]]));
  for (const [at, one] of segments.entries()) {
    for (const other of segments.slice(at + 1)) {
      const meeting = crossing([one.low, one.high], [other.low, other.high]);
      if (!meeting) continue;
      const [x, y] = meeting;
      if (y <= Math.max(one.low[1], other.low[1]) || y >= Math.min(one.high[1], other.high[1])) continue;
      heights.add(y);
      one.meetings.set(y, x);
      other.meetings.set(y, x);
    }
  }
  const levels = [...heights].sort((a, b) => a - b);
  const thin = ((levels.at(-1) ?? 0) - (levels[0] ?? 0)) * THIN;
  const slabs: Trapezoid[][] = [];
  for (let at = 0; at + 1 < levels.length; at++) {
    const [bottomUm, topUm] = [levels[at]!, levels[at + 1]!];
    if (topUm - bottomUm <= thin) continue;
    slabs.push(slab(segments, grows, bottomUm, topUm));
  }
  return slabs;
}

function slab(segments: readonly Segment[], grows: boolean, bottomUm: number, topUm: number): Trapezoid[] {
  const middle = (bottomUm + topUm) / 2;
  const across = segments
    .filter(({ low, high }) => low[1] < middle && high[1] > middle)
    .sort((one, other) => xAt(one, middle) - xAt(other, middle));
  const found: Trapezoid[] = [];
  const around = { polygon: 0, piece: 0 };
  let left: Segment | null = null;
  for (const segment of across) {
    around[segment.of] += segment.turn;
    const belongs = grows ? around.polygon + around.piece > 0 : around.polygon > 0 && around.piece === 0;
    const rounding = THIN * Math.abs(xAt(segment, middle));
    if (belongs && !left) {
      const before = found.at(-1);
      // Pieces that touch have nothing between them but rounding.
      const touches = before !== undefined && widthOf({ ...before, left: before.right, right: segment }) <= rounding;
      left = touches ? before.left : segment;
      if (touches) found.pop();
    } else if (!belongs && left) {
      const trapezoid = { bottomUm, topUm, left, right: segment };
      left = null;
      if (widthOf(trapezoid) > rounding) found.push(trapezoid);
    }
  }
  return found;
}

function widthOf({ bottomUm, topUm, left, right }: Trapezoid): number {
  return Math.max(xAt(right, bottomUm) - xAt(left, bottomUm), xAt(right, topUm) - xAt(left, topUm));
}

/** Of the trapezoids that hang together across the slabs, those with the largest area. */
function largestPart(slabs: readonly Trapezoid[][]): Trapezoid[] {
  const parts = new Map<Trapezoid, Trapezoid[]>();
  for (const [at, here] of slabs.entries()) {
    for (const trapezoid of here) {
      const touching = new Set<Trapezoid[]>();
      for (const below of slabs[at - 1] ?? []) if (share(below, trapezoid)) touching.add(parts.get(below)!);
      const part = [...[...touching].flat(), trapezoid];
      for (const member of part) parts.set(member, part);
    }
  }
  let largest: Trapezoid[] = [];
  let most = 0;
  for (const part of new Set(parts.values())) {
    const area = part.reduce((sum, trapezoid) => sum + areaOf(trapezoid), 0);
    if (area > most) [largest, most] = [part, area];
  }
  return largest;
}

function share(below: Trapezoid, above: Trapezoid): boolean {
  const y = above.bottomUm;
  const left = Math.max(xAt(below.left, below.topUm), xAt(above.left, y));
  const right = Math.min(xAt(below.right, below.topUm), xAt(above.right, y));
  return right - left > THIN * Math.max(Math.abs(left), Math.abs(right));
}

function areaOf(trapezoid: Trapezoid): number {
  return Math.abs(twiceArea(ringOfTrapezoid(trapezoid)));
}

function ringOfTrapezoid({ bottomUm, topUm, left, right }: Trapezoid): Point[] {
  return [
    [xAt(left, bottomUm), bottomUm],
    [xAt(right, bottomUm), bottomUm],
    [xAt(right, topUm), topUm],
    [xAt(left, topUm), topUm],
  ];
}

function xAt({ low, high, meetings }: Segment, y: number): number {
  const known = meetings.get(y);
  if (known !== undefined) return known;
  if (y <= low[1]) return low[0];
  if (y >= high[1]) return high[0];
  return low[0] + ((high[0] - low[0]) * (y - low[1])) / (high[1] - low[1]);
}
