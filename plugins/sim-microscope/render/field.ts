import { blur, blurReachPx } from './blur.ts';
import type { Structure } from './protocol.ts';
import { TILE_PX, TILE_UNIT, type Tiles } from './tiles.ts';

/** Beyond this margin the edge of the field is continued: only far out of focus, where nothing is sharp. */
const MAX_MARGIN_PX = 64;
const DENSITY_PER_VALUE = 1 / TILE_UNIT;

/** A piece of the specimen as the sensor's pixels divide it. */
export interface FieldOfView {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pitchUm: number;
  readonly originUm: readonly [xUm: number, yUm: number];
  readonly blurPx: number;
}

/** Densities with a margin: pixel (x, y) of the field is at `first + y * stride + x`. */
export interface Plane {
  readonly densities: Float32Array;
  readonly first: number;
  readonly stride: number;
}

/** The densities of one structure in the field, blurred; kept until the field changes, so that a resting stage costs nothing. */
export class Field {
  readonly #tiles: Tiles;
  readonly #structure: Structure;
  #key = '';
  #plane: Plane = { densities: new Float32Array(0), first: 0, stride: 0 };
  #scratch = new Float32Array(0);

  constructor(tiles: Tiles, structure: Structure) {
    this.#tiles = tiles;
    this.#structure = structure;
  }

  view(field: FieldOfView): Plane {
    const { widthPx, heightPx, pitchUm, originUm, blurPx } = field;
    const key = `${widthPx} ${heightPx} ${pitchUm} ${originUm[0]} ${originUm[1]} ${blurPx}`;
    if (key === this.#key) return this.#plane;
    const margin = Math.min(MAX_MARGIN_PX, blurReachPx(blurPx));
    const width = widthPx + 2 * margin;
    const height = heightPx + 2 * margin;
    // One pixel more than needed: the shift by a part of a pixel reads the neighbours to the right and below.
    const size = (width + 1) * (height + 1);
    const densities = this.#plane.densities.length === size ? this.#plane.densities : new Float32Array(size);
    if (this.#scratch.length !== size) this.#scratch = new Float32Array(size);
    const left = originUm[0] / pitchUm - margin;
    const top = originUm[1] / pitchUm - margin;
    this.#copyTiles(this.#scratch, Math.floor(left), Math.floor(top), width + 1, height + 1, pitchUm);
    shift(this.#scratch, densities, width, height, left - Math.floor(left), top - Math.floor(top));
    blur(densities, this.#scratch, width, height, blurPx);
    this.#key = key;
    this.#plane = { densities, first: margin * width + margin, stride: width };
    return this.#plane;
  }

  /** Puts the pixels of the specimen from (left, top) on into `out`. */
  #copyTiles(out: Float32Array, left: number, top: number, width: number, height: number, pitchUm: number): void {
    for (let row = Math.floor(top / TILE_PX); row * TILE_PX < top + height; row++) {
      for (let column = Math.floor(left / TILE_PX); column * TILE_PX < left + width; column++) {
        const tile = this.#tiles.get(this.#structure, pitchUm, column, row);
        const fromX = Math.max(left, column * TILE_PX);
        const toX = Math.min(left + width, (column + 1) * TILE_PX);
        const fromY = Math.max(top, row * TILE_PX);
        const toY = Math.min(top + height, (row + 1) * TILE_PX);
        for (let y = fromY; y < toY; y++) {
          let source = (y - row * TILE_PX) * TILE_PX + fromX - column * TILE_PX;
          let target = (y - top) * width + fromX - left;
          for (let x = fromX; x < toX; x++) out[target++] = tile[source++]! * DENSITY_PER_VALUE;
        }
      }
    }
  }
}

/** Moves a plane left and up by a part of a pixel; `from` has a column and a row more than `to`. */
function shift(
  from: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  partX: number,
  partY: number,
): void {
  const stride = width + 1;
  const a = (1 - partX) * (1 - partY);
  const b = partX * (1 - partY);
  const c = (1 - partX) * partY;
  const d = partX * partY;
  for (let y = 0; y < height; y++) {
    let source = y * stride;
    let target = y * width;
    let before = a * from[source]! + c * from[source + stride]!;
    for (let x = 0; x < width; x++) {
      source++;
      const above = from[source]!;
      const below = from[source + stride]!;
      to[target++] = before + b * above + d * below;
      before = a * above + c * below;
    }
  }
}
