import { orientation } from './orientation.ts';
import type { Point } from './visiting-order.ts';

/** An upright rectangle; its edges belong to it. */
export interface Box {
  /** Least x, um. */
  readonly left: number;
  /** Least y, um. */
  readonly bottom: number;
  /** Greatest x, um. */
  readonly right: number;
  /** Greatest y, um. */
  readonly top: number;
}

/** Corners in order without repeats, the last one not the first again. */
export function ringOf(vertices: readonly Point[]): Point[] {
  return vertices.filter((vertex, at) => {
    const next = vertices[(at + 1) % vertices.length]!;
    return vertex[0] !== next[0] || vertex[1] !== next[1];
  });
}

/** True when no edge of the ring meets another one but at the corner they share. */
export function isSimple(ring: readonly Point[]): boolean {
  const count = ring.length;
  if (count < 3) return false;
  for (let a = 0; a < count; a++) {
    const [start, end] = edge(ring, a);
    const [, after] = edge(ring, (a + 1) % count);
    if (orientation(start, end, after) === 0 && isBackwards(start, end, after)) return false;
    for (let b = a + 2; b < count; b++) {
      if ((b + 1) % count === a) continue;
      const [from, to] = edge(ring, b);
      if (segmentsMeet(start, end, from, to)) return false;
    }
  }
  return true;
}

/** The rectangle around points. */
export function boxAround(points: readonly Point[]): Box {
  const box = { left: Infinity, bottom: Infinity, right: -Infinity, top: -Infinity };
  for (const [x, y] of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.bottom = Math.min(box.bottom, y);
    box.top = Math.max(box.top, y);
  }
  return box;
}

/** True when the area within the ring, edge included, and the box have a point in common. */
export function meetsBox(ring: readonly Point[], box: Box): boolean {
  const corners: Point[] = [
    [box.left, box.bottom],
    [box.right, box.bottom],
    [box.right, box.top],
    [box.left, box.top],
  ];
  for (let at = 0; at < ring.length; at++) {
    const [start, end] = edge(ring, at);
    if (segmentMeetsBox(start, end, box, corners)) return true;
  }
  return contains(ring, corners[0]!);
}

/** The corners of the smallest convex polygon around points, anti-clockwise. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (inOrder: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of inOrder) {
      while (chain.length >= 2 && orientation(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** Twice the area within a ring; negative when it runs clockwise. */
export function twiceArea(ring: readonly Point[]): number {
  return ring.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
}

function edge(ring: readonly Point[], at: number): [Point, Point] {
  return [ring[at]!, ring[(at + 1) % ring.length]!];
}

/** Of three points on a line: the third lies back towards the first. */
function isBackwards(a: Point, b: Point, c: Point): boolean {
  return (b[0] - a[0]) * (c[0] - b[0]) < 0 || (b[1] - a[1]) * (c[1] - b[1]) < 0;
}

function segmentsMeet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [sideC, sideD] = [orientation(a, b, c), orientation(a, b, d)];
  const [sideA, sideB] = [orientation(c, d, a), orientation(c, d, b)];
  if (sideC !== sideD && sideA !== sideB) return true;
  return (
    (sideC === 0 && isWithin(boxAround([a, b]), c)) ||
    (sideD === 0 && isWithin(boxAround([a, b]), d)) ||
    (sideA === 0 && isWithin(boxAround([c, d]), a)) ||
    (sideB === 0 && isWithin(boxAround([c, d]), b))
  );
}

function isWithin({ left, right, bottom, top }: Box, [x, y]: Point): boolean {
  return x >= left && x <= right && y >= bottom && y <= top;
}

/** A line between two convex shapes would be upright, level or along the segment. */
function segmentMeetsBox(start: Point, end: Point, box: Box, corners: readonly Point[]): boolean {
  const around = boxAround([start, end]);
  if (around.left > box.right || around.right < box.left || around.bottom > box.top || around.top < box.bottom) {
    return false;
  }
  const sides = corners.map((corner) => orientation(start, end, corner));
  return !(sides.every((side) => side > 0) || sides.every((side) => side < 0));
}

/** Counts the edges that a ray to the right crosses. */
function contains(ring: readonly Point[], point: Point): boolean {
  let inside = false;
  for (let at = 0; at < ring.length; at++) {
    const [start, end] = edge(ring, at);
    const [low, high] = start[1] <= end[1] ? [start, end] : [end, start];
    if (point[1] < low[1] || point[1] >= high[1]) continue;
    if (orientation(low, high, point) > 0) inside = !inside;
  }
  return inside;
}
