import type { RectangleUm } from './protocol.ts';

/** Edge of a square whose bleaching is one number. */
const SQUARE_UM = 8;
const BLOCK = 64;
/** More blocks than any stage has room for side by side. */
const BLOCKS_PER_ROW = 2 ** 20;

/** How much of a dye is left, place by place: e to the minus dose over the dye's dose. */
export class BleachMap {
  readonly #doseMwS: number;
  readonly #blocks = new Map<number, Float32Array>();
  /** The block used last, as neighbours are mostly in the same one. */
  #last: { key: number; block: Float32Array | null } = { key: Number.NaN, block: null };
  #grid = new Float32Array(0);

  /** @param doseMwS - leaves 1/e; 0: nothing bleaches. */
  constructor(doseMwS: number) {
    this.#doseMwS = doseMwS;
  }

  /** Light of `doseMwS` fell evenly on `area`; squares on its edge get their share. */
  add(area: RectangleUm, doseMwS: number): void {
    if (this.#doseMwS === 0 || doseMwS <= 0) return;
    const [left, right] = [area.xUm / SQUARE_UM, (area.xUm + area.widthUm) / SQUARE_UM];
    const [top, bottom] = [area.yUm / SQUARE_UM, (area.yUm + area.heightUm) / SQUARE_UM];
    for (let row = Math.floor(top); row < bottom; row++) {
      const rowShare = Math.min(bottom, row + 1) - Math.max(top, row);
      for (let column = Math.floor(left); column < right; column++) {
        const share = rowShare * (Math.min(right, column + 1) - Math.max(left, column));
        const block = this.#block(column, row, true)!;
        block[inBlock(row) * BLOCK + inBlock(column)]! += (share * doseMwS) / this.#doseMwS;
      }
    }
  }

  /** What is left along a picture, as a function that fills one row of pixels; null when nothing is bleached there. */
  survival(originUm: readonly [number, number], pitchUm: number, widthPx: number, heightPx: number): RowFiller | null {
    if (this.#blocks.size === 0) return null;
    const left = Math.floor(originUm[0] / SQUARE_UM - 0.5);
    const top = Math.floor(originUm[1] / SQUARE_UM - 0.5);
    const columns = Math.floor((originUm[0] + widthPx * pitchUm) / SQUARE_UM - 0.5) - left + 2;
    const rows = Math.floor((originUm[1] + heightPx * pitchUm) / SQUARE_UM - 0.5) - top + 2;
    if (!this.#sample(left, top, columns, rows)) return null;
    const grid = this.#grid;
    const line = new Float32Array(columns);
    const step = pitchUm / SQUARE_UM;
    return (y, row) => {
      const atY = (originUm[1] + (y + 0.5) * pitchUm) / SQUARE_UM - 0.5 - top;
      const upper = Math.floor(atY) * columns;
      const partY = atY - Math.floor(atY);
      for (let column = 0; column < columns; column++) {
        const above = grid[upper + column]!;
        line[column] = above + (grid[upper + columns + column]! - above) * partY;
      }
      let atX = (originUm[0] + 0.5 * pitchUm) / SQUARE_UM - 0.5 - left;
      for (let x = 0; x < widthPx; x++, atX += step) {
        const column = atX | 0;
        const before = line[column]!;
        row[x] = before + (line[column + 1]! - before) * (atX - column);
      }
    };
  }

  /** Survival of each square into the grid. @returns false when all are whole. */
  #sample(left: number, top: number, columns: number, rows: number): boolean {
    if (this.#grid.length < columns * rows) this.#grid = new Float32Array(columns * rows);
    let bleached = false;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const block = this.#block(left + column, top + row, false);
        const dose = block === null ? 0 : block[inBlock(top + row) * BLOCK + inBlock(left + column)]!;
        this.#grid[row * columns + column] = dose === 0 ? 1 : Math.exp(-dose);
        bleached ||= dose > 0;
      }
    }
    return bleached;
  }

  #block(column: number, row: number, create: boolean): Float32Array | null {
    const key = Math.floor(row / BLOCK) * BLOCKS_PER_ROW + Math.floor(column / BLOCK);
    if (key === this.#last.key && (this.#last.block !== null || !create)) return this.#last.block;
    let block = this.#blocks.get(key) ?? null;
    if (block === null && create) {
      block = new Float32Array(BLOCK * BLOCK);
      this.#blocks.set(key, block);
    }
    this.#last = { key, block };
    return block;
  }
}

export type RowFiller = (y: number, row: Float32Array) => void;

/** Place inside its block; negative numbers count from the left, too. */
function inBlock(index: number): number {
  return index & (BLOCK - 1);
}
