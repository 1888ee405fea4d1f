import { seededRandom } from '../seeded-random.ts';

const SIZE = 512;
const FIBRES = 150;
const STEPS_PER_FIBRE = 500;
/** Edge of a texel at the finest level. */
const TEXEL_UM = 0.2;
const LEVELS = 6;

/** A periodic tangle of thin fibres, 102 um wide, in six resolutions; values 0 to about 1.5. */
export class FibreTexture {
  readonly #levels: readonly Float32Array[];

  constructor(seed: number) {
    const levels = [tangle(seed)];
    for (let level = 1; level < LEVELS; level++) levels.push(halved(levels[level - 1]!, SIZE >> (level - 1)));
    this.#levels = levels;
  }

  /** A function that looks the texture up at (u, v) in um, as fine as pixels of `pitchUm` can show. */
  sampler(pitchUm: number): (uUm: number, vUm: number) => number {
    const level = Math.min(LEVELS - 1, Math.max(0, Math.round(Math.log2(pitchUm / TEXEL_UM))));
    const texels = this.#levels[level]!;
    const shift = Math.log2(SIZE >> level);
    const mask = (SIZE >> level) - 1;
    const texelsPerUm = 1 / (TEXEL_UM * 2 ** level);
    return (uUm, vUm) => {
      const column = (uUm * texelsPerUm + 65536) & mask;
      const row = (vUm * texelsPerUm + 65536) & mask;
      return texels[(row << shift) | column]!;
    };
  }
}

/** Fibres that wander slowly, each drawn as a row of soft dots. */
function tangle(seed: number): Float32Array {
  const random = seededRandom(seed);
  const texels = new Float32Array(SIZE * SIZE);
  for (let fibre = 0; fibre < FIBRES; fibre++) {
    let x = random() * SIZE;
    let y = random() * SIZE;
    let angle = random() * 2 * Math.PI;
    let bend = 0;
    for (let step = 0; step < STEPS_PER_FIBRE; step++) {
      bend = bend * 0.95 + (random() - 0.5) * 0.02;
      angle += bend;
      x += Math.cos(angle);
      y += Math.sin(angle);
      dot(texels, x, y);
    }
  }
  return texels;
}

function dot(texels: Float32Array, x: number, y: number): void {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) {
      const distance2 = (column + dx - x) ** 2 + (row + dy - y) ** 2;
      const at = (((row + dy) & (SIZE - 1)) * SIZE + ((column + dx) & (SIZE - 1))) | 0;
      texels[at] = Math.min(1.5, texels[at]! + 0.42 * Math.exp(-distance2 / 1.2));
    }
  }
}

/** Means of 2 x 2 texels. */
function halved(texels: Float32Array, size: number): Float32Array {
  const half = size >> 1;
  const out = new Float32Array(half * half);
  for (let row = 0; row < half; row++) {
    for (let column = 0; column < half; column++) {
      const at = 2 * row * size + 2 * column;
      out[row * half + column] = (texels[at]! + texels[at + 1]! + texels[at + size]! + texels[at + size + 1]!) / 4;
    }
  }
  return out;
}
