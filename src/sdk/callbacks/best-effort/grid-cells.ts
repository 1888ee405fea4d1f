import type { CellNumber, Range } from './run-data.ts';

/** How a mesh is walked through. */
export interface MeshShape {
  /** Points along the slow and the fast axis. */
  readonly shape: readonly [slow: number, fast: number];
  /** Every second line runs backwards. */
  readonly snaking: boolean;
  /** Most cells that are kept. */
  readonly maxCells: number;
}

/** Cells of a picture of a mesh; a mesh with too many points is binned, and a cell is the mean of its points. */
export class GridCells {
  readonly columns: number;
  readonly rows: number;
  readonly binning: Range;
  readonly #mesh: MeshShape;
  readonly #sums = new Map<number, { sum: number; points: number }>();
  readonly #changed = new Set<number>();

  constructor(mesh: MeshShape) {
    this.#mesh = mesh;
    const [slow, fast] = mesh.shape;
    const bin = Math.max(1, Math.ceil(Math.sqrt((slow * fast) / mesh.maxCells)));
    this.binning = [Math.min(bin, fast), Math.min(bin, slow)];
    this.columns = Math.ceil(fast / this.binning[0]);
    this.rows = Math.ceil(slow / this.binning[1]);
  }

  /** @param seqNum - number of the event, from 1; those beyond the mesh have no cell. */
  add(seqNum: number, value: number): void {
    const [slow, fast] = this.#mesh.shape;
    const line = Math.floor((seqNum - 1) / fast);
    if (line >= slow || !Number.isFinite(value)) return;
    const along = (seqNum - 1) % fast;
    const column = this.#mesh.snaking && line % 2 === 1 ? fast - 1 - along : along;
    const place = Math.floor(line / this.binning[1]) * this.columns + Math.floor(column / this.binning[0]);
    const cell = this.#sums.get(place);
    // A point that is taken again after a pause replaces the first; in a bin they cannot be told apart.
    if (cell && this.binning[0] * this.binning[1] > 1) {
      cell.sum += value;
      cell.points++;
    } else this.#sums.set(place, { sum: value, points: 1 });
    this.#changed.add(place);
  }

  get cells(): CellNumber[] {
    return Array.from({ length: this.columns * this.rows }, (_, place) => this.#valueAt(place));
  }

  /** Null: nothing new. */
  take(): { readonly places: number[]; readonly values: CellNumber[] } | null {
    if (this.#changed.size === 0) return null;
    const places = [...this.#changed];
    this.#changed.clear();
    return { places, values: places.map((place) => this.#valueAt(place)) };
  }

  #valueAt(place: number): CellNumber {
    const cell = this.#sums.get(place);
    return cell ? cell.sum / cell.points : null;
  }
}
