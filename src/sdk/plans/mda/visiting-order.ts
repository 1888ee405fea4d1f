/** A point, um. */
export type Point = readonly [xUm: number, yUm: number];

/** Below this gain per round, 2-opt has done what it can. */
const LEAST_GAIN = 0.05;

/** Always to the nearest point that is left. */
export function nearestFirst(points: readonly Point[], startAt: number): Point[] {
  if (points.length <= 2) return [...points];
  const left = new Set(points.keys());
  const route: number[] = [];
  let here = Math.min(startAt, points.length - 1);
  for (;;) {
    left.delete(here);
    route.push(here);
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const other of left) {
      const far = distance(points[here]!, points[other]!);
      if (far < least) {
        least = far;
        nearest = other;
      }
    }
    if (nearest === -1) return route.map((index) => points[index]!);
    here = nearest;
  }
}

/** Turns stretches of the round trip around for as long as that makes it shorter (2-opt). */
export function twoOpt(points: readonly Point[], startAt: number): Point[] {
  const count = points.length;
  if (count <= 2) return [...points];
  const start = Math.min(startAt, count - 1);
  const route = Array.from({ length: count }, (_, at) => (at + start) % count);
  const between = (a: number, b: number) => distance(points[a]!, points[b]!);
  let best = route.reduce((sum, index, at) => sum + between(index, route[(at + count - 1) % count]!), 0);
  for (let gain = 1; gain > LEAST_GAIN; ) {
    const before = best;
    for (let from = 1; from < count - 2; from++) {
      for (let to = from + 1; to < count; to++) {
        const first = route[from]!;
        const ahead = route[from - 1]!;
        const last = route[to]!;
        const after = route[(to + 1) % count]!;
        const now = between(ahead, first) + between(last, after);
        const turned = between(ahead, last) + between(first, after);
        if (turned >= now) continue;
        reverse(route, from, to);
        best = best - now + turned;
      }
    }
    gain = 1 - best / before;
  }
  return route.map((index) => points[index]!);
}

/** In any order. @param random - from 0 up to but not including 1 */
export function shuffled(points: readonly Point[], random: () => number): Point[] {
  const route = [...points];
  for (let at = route.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [route[at], route[other]] = [route[other]!, route[at]!];
  }
  return route;
}

function reverse(route: number[], from: number, to: number): void {
  for (let low = from, high = to; low < high; low++, high--) {
    [route[low], route[high]] = [route[high]!, route[low]!];
  }
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  const dx = ax - bx;
  const dy = ay - by;
  return Math.sqrt(dx * dx + dy * dy);
}
