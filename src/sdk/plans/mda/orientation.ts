import type { Point } from './visiting-order.ts';

/** Rounding of the determinant below, as a part of its terms (Shewchuk 1997). */
const ROUNDING = 3.3306690738754716e-16;

/** 1: `c` lies to the left of the way from `a` to `b`; -1: to the right; 0: on it, to the last bit. */
export function orientation(a: Point, b: Point, c: Point): -1 | 0 | 1 {
  const left = (a[0] - c[0]) * (b[1] - c[1]);
  const right = (a[1] - c[1]) * (b[0] - c[0]);
  const difference = left - right;
  if (Math.abs(difference) > ROUNDING * (Math.abs(left) + Math.abs(right))) return difference > 0 ? 1 : -1;
  return exactOrientation([...a, ...b, ...c]);
}

function exactOrientation(values: readonly number[]): -1 | 0 | 1 {
  const [ax, ay, bx, by, cx, cy] = asWholeNumbers(values).whole as [bigint, bigint, bigint, bigint, bigint, bigint];
  const difference = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** Numbers times the least power of two that makes them all whole: every double is a whole number over a power of two. */
export function asWholeNumbers(values: readonly number[]): { readonly whole: bigint[]; readonly scale: number } {
  let scale = 1;
  while (values.some((value) => !Number.isInteger(value * scale))) scale *= 2 ** 16;
  return { whole: values.map((value) => BigInt(value * scale)), scale };
}
