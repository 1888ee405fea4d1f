import { CELL_REACH_UM, type Cell, cellsTouching } from './cells.ts';
import { FibreTexture } from './fibre-texture.ts';
import type { Structure } from './protocol.ts';
import { punctaOf, type Shade, type Spot, shadeOf } from './structures.ts';

export const TILE_PX = 256;
/** Value of a tile where the density is 1. */
export const TILE_UNIT = 4096;
const CAPACITY = 1024;

/** The specimen, drawn tile by tile where somebody looks. The tiles used last are kept. */
export class Tiles {
  readonly #seed: number;
  readonly #specimenSizeUm: number;
  readonly #texture: FibreTexture;
  readonly #tiles = new Map<string, Uint16Array>();

  constructor(seed: number, specimenSizeUm: number) {
    this.#seed = seed;
    this.#specimenSizeUm = specimenSizeUm;
    this.#texture = new FibreTexture(seed);
  }

  /** Densities in units of 1/4096; tile (0, 0) has its upper left corner at the origin. */
  get(structure: Structure, pitchUm: number, column: number, row: number): Uint16Array {
    const key = `${structure} ${pitchUm} ${column} ${row}`;
    let tile = this.#tiles.get(key);
    if (tile) this.#tiles.delete(key);
    else tile = this.#draw(structure, pitchUm, column, row, this.#recycled());
    this.#tiles.set(key, tile);
    return tile;
  }

  /** Memory of the tile used longest ago once there are many, else new memory. */
  #recycled(): Uint16Array {
    if (this.#tiles.size < CAPACITY) return new Uint16Array(TILE_PX * TILE_PX);
    const [oldest] = this.#tiles;
    if (!oldest) return new Uint16Array(TILE_PX * TILE_PX);
    this.#tiles.delete(oldest[0]);
    return oldest[1];
  }

  #draw(structure: Structure, pitchUm: number, column: number, row: number, tile: Uint16Array): Uint16Array {
    tile.fill(structure === 'transmission' ? TILE_UNIT : 0);
    const sizeUm = TILE_PX * pitchUm;
    const canvas: Canvas = { tile, pitchUm, xUm: column * sizeUm, yUm: row * sizeUm };
    const fibre = this.#texture.sampler(pitchUm);
    for (const cell of cellsTouching(this.#seed, this.#specimenSizeUm, canvas.xUm, canvas.yUm, sizeUm)) {
      paintCell(canvas, cell, shadeOf(structure, cell, fibre));
      if (structure === 'puncta') for (const spot of punctaOf(cell)) paintSpot(canvas, cell, spot);
    }
    return tile;
  }
}

interface Canvas {
  readonly tile: Uint16Array;
  readonly pitchUm: number;
  readonly xUm: number;
  readonly yUm: number;
}

/** Pixels of the canvas whose centres lie within `reachUm` of a coordinate, first and one past the last. */
function span(centreUm: number, reachUm: number, edgeUm: number, pitchUm: number): readonly [number, number] {
  const first = Math.ceil((centreUm - reachUm - edgeUm) / pitchUm - 0.5);
  const last = Math.floor((centreUm + reachUm - edgeUm) / pitchUm - 0.5);
  return [Math.max(0, first), Math.min(TILE_PX, last + 1)];
}

function paintCell(canvas: Canvas, cell: Cell, shade: Shade): void {
  const { tile, pitchUm } = canvas;
  const { cos, sin } = cell;
  const reachUm = Math.min(CELL_REACH_UM, cell.longUm * 1.25);
  const [left, right] = span(cell.xUm, reachUm, canvas.xUm, pitchUm);
  const [top, bottom] = span(cell.yUm, reachUm, canvas.yUm, pitchUm);
  for (let y = top; y < bottom; y++) {
    const dyUm = canvas.yUm + (y + 0.5) * pitchUm - cell.yUm;
    for (let x = left; x < right; x++) {
      const dxUm = canvas.xUm + (x + 0.5) * pitchUm - cell.xUm;
      const density = shade(dxUm * cos + dyUm * sin, dyUm * cos - dxUm * sin);
      if (density !== 0) add(tile, y * TILE_PX + x, density);
    }
  }
}

/** A dot narrower than a pixel is widened, and its peak lowered, so that its light stays the same. */
function paintSpot(canvas: Canvas, cell: Cell, spot: Spot): void {
  const { tile, pitchUm } = canvas;
  const xUm = cell.xUm + spot.uUm * cell.cos - spot.vUm * cell.sin;
  const yUm = cell.yUm + spot.uUm * cell.sin + spot.vUm * cell.cos;
  const sigma2 = spot.sigmaUm ** 2 + (0.5 * pitchUm) ** 2;
  const peak = (spot.peak * spot.sigmaUm ** 2) / sigma2;
  const reachUm = 3 * Math.sqrt(sigma2);
  const [left, right] = span(xUm, reachUm, canvas.xUm, pitchUm);
  const [top, bottom] = span(yUm, reachUm, canvas.yUm, pitchUm);
  for (let y = top; y < bottom; y++) {
    const dy2 = (canvas.yUm + (y + 0.5) * pitchUm - yUm) ** 2;
    for (let x = left; x < right; x++) {
      const dx2 = (canvas.xUm + (x + 0.5) * pitchUm - xUm) ** 2;
      add(tile, y * TILE_PX + x, peak * Math.exp(-(dx2 + dy2) / (2 * sigma2)));
    }
  }
}

function add(tile: Uint16Array, at: number, density: number): void {
  const sum = tile[at]! + density * TILE_UNIT;
  tile[at] = sum < 0 ? 0 : sum > 65535 ? 65535 : sum;
}
