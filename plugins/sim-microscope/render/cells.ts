import { hashOf, seededRandom } from '../seeded-random.ts';

/** Cells lie on a jittered grid of this pitch, so that those of any place are found without a list. */
const GRID_UM = 30;
/** Nothing of a cell reaches further from its centre. */
export const CELL_REACH_UM = 24;

/** One cell, lengths in um, in a frame turned by its angle. */
export interface Cell {
  readonly seed: number;
  readonly xUm: number;
  readonly yUm: number;
  readonly cos: number;
  readonly sin: number;
  /** Semi-axes of the body. */
  readonly longUm: number;
  readonly shortUm: number;
  readonly nucleusLongUm: number;
  readonly nucleusShortUm: number;
  /** Place of the nucleus along the long axis. */
  readonly nucleusAtUm: number;
  /** Where it cuts the fibre texture. */
  readonly textureUm: number;
  readonly brightness: number;
}

/** The cells that touch a square of the specimen. */
export function* cellsTouching(
  seed: number,
  specimenSizeUm: number,
  xUm: number,
  yUm: number,
  sizeUm: number,
): Generator<Cell> {
  const half = specimenSizeUm / 2;
  const first = (edgeUm: number) => Math.floor((Math.max(edgeUm, -half) - CELL_REACH_UM) / GRID_UM);
  const last = (edgeUm: number) => Math.ceil((Math.min(edgeUm + sizeUm, half) + CELL_REACH_UM) / GRID_UM);
  for (let row = first(yUm); row <= last(yUm); row++) {
    for (let column = first(xUm); column <= last(xUm); column++) {
      const cell = cellAt(seed, column, row);
      if (cell === null || Math.abs(cell.xUm) > half || Math.abs(cell.yUm) > half) continue;
      const touches =
        cell.xUm > xUm - CELL_REACH_UM &&
        cell.xUm < xUm + sizeUm + CELL_REACH_UM &&
        cell.yUm > yUm - CELL_REACH_UM &&
        cell.yUm < yUm + sizeUm + CELL_REACH_UM;
      if (touches) yield cell;
    }
  }
}

/** The cell of one square of the grid, or none: there are crowded places and empty ones. */
function cellAt(gridSeed: number, column: number, row: number): Cell | null {
  const seed = hashOf(gridSeed, column, row);
  const random = seededRandom(seed);
  if (random() > crowding(gridSeed, column, row)) return null;
  const angle = random() * Math.PI;
  const longUm = 11 + 5 * random();
  const nucleusLongUm = 4.5 + 1.8 * random();
  return {
    seed,
    xUm: (column + 0.5 + 0.6 * (random() - 0.5)) * GRID_UM,
    yUm: (row + 0.5 + 0.6 * (random() - 0.5)) * GRID_UM,
    cos: Math.cos(angle),
    sin: Math.sin(angle),
    longUm,
    shortUm: longUm * (0.6 + 0.3 * random()),
    nucleusLongUm,
    nucleusShortUm: nucleusLongUm * (0.7 + 0.25 * random()),
    nucleusAtUm: (random() - 0.5) * 4,
    textureUm: random() * 100,
    brightness: 0.6 + 0.7 * random(),
  };
}

/** Chance of a cell, 0.3 to 0.95, varying over some hundred um. */
function crowding(seed: number, column: number, row: number): number {
  const phase = (hashOf(seed) % 1000) / 100;
  const wave = Math.sin(column * 0.37 + phase) * Math.cos(row * 0.29 - phase) + 0.5 * Math.sin((column + row) * 0.11);
  return 0.65 + 0.25 * Math.max(-1.2, Math.min(1.2, wave));
}
