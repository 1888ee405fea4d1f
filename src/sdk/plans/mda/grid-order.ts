import type { MdaGridMode } from './grid-plan.ts';

/** Row and column of a tile, from the top left. */
export type Cell = readonly [row: number, column: number];

/** The cells of a grid in the order they are visited. Only a spiral is walked beforehand. */
export interface GridOrder {
  /** How many. */
  readonly length: number;
  /** The n-th. */
  at(index: number): Cell;
}

/** The order of the cells of a grid; a grid without rows or columns has none. */
export function gridOrder(mode: MdaGridMode, rows: number, columns: number): GridOrder {
  const length = Math.max(0, rows) * Math.max(0, columns);
  switch (mode) {
    case 'row_wise':
      return { length, at: (index) => [Math.floor(index / columns), index % columns] };
    case 'column_wise':
      return { length, at: (index) => [index % rows, Math.floor(index / rows)] };
    case 'row_wise_snake':
      return {
        length,
        at: (index) => {
          const row = Math.floor(index / columns);
          return [row, turned(index % columns, columns, row)];
        },
      };
    case 'column_wise_snake':
      return {
        length,
        at: (index) => {
          const column = Math.floor(index / rows);
          return [turned(index % rows, rows, column), column];
        },
      };
    case 'spiral': {
      let cells: Cell[] | null = null;
      return {
        length,
        at: (index) => {
          cells ??= [...spiral(rows, columns)];
          return cells[index]!;
        },
      };
    }
  }
}

function turned(index: number, size: number, line: number): number {
  return line % 2 === 1 ? size - 1 - index : index;
}

/** From the centre outwards, on a square around the grid; what lies outside the grid is passed over. */
function* spiral(rows: number, columns: number): Generator<Cell> {
  const right = Math.floor((columns - 1) / 2);
  const down = Math.floor((rows - 1) / 2);
  let x = 0;
  let y = 0;
  let dx = 0;
  let dy = -1;
  for (let left = Math.max(columns, rows) ** 2; left > 0; left--) {
    if (-columns / 2 < x && x <= columns / 2 && -rows / 2 < y && y <= rows / 2) yield [y + down, x + right];
    if (x === y || (x < 0 && x === -y) || (x > 0 && x === 1 - y)) [dx, dy] = [-dy, dx];
    x += dx;
    y += dy;
  }
}
