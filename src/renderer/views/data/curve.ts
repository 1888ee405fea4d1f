import type { CellNumber } from 'redsun/sdk/callbacks';

/** Points as a chart takes them: x ascending. */
export interface Curve {
  readonly data: readonly [number[], CellNumber[]];
  /** Neighbours were measured one after the other; else only points are drawn, as a line between them would mean nothing. */
  readonly joined: boolean;
}

/** x may run up, down, or to and fro. */
export function curveOf([xs, ys]: readonly [readonly CellNumber[], readonly CellNumber[]]): Curve {
  const points = xs.map((x, at): readonly [number, CellNumber] => [x ?? 0, ys[at] ?? null]);
  const runs = (direction: number) => points.every(([x], at) => at === 0 || (x - points[at - 1]![0]) * direction >= 0);
  const up = runs(1);
  const joined = up || runs(-1);
  if (!up) points.sort(([a], [b]) => a - b);
  return { data: [points.map(([x]) => x), points.map(([, y]) => y)], joined };
}
