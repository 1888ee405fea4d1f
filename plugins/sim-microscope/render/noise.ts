/** Below this mean the counts of photons are drawn from tables, above it a normal distribution is close enough. */
const NORMAL_FROM = 32;
const ROWS_PER_ELECTRON = 8;
const POISSON_BITS = 11;
const POISSON_MASK = (1 << POISSON_BITS) - 1;
const NORMAL_BITS = 14;

/** Noise by table: a random number picks a quantile, which is several times as fast as computing one. */
export interface NoiseTables {
  readonly normal: Float32Array;
  readonly poisson: Uint8Array;
}

export function makeNoiseTables(): NoiseTables {
  const normal = new Float32Array(1 << NORMAL_BITS);
  for (let i = 0; i < normal.length; i++) normal[i] = normalQuantile((i + 0.5) / normal.length);
  const rows = NORMAL_FROM * ROWS_PER_ELECTRON + 1;
  const poisson = new Uint8Array(rows << POISSON_BITS);
  for (let row = 0; row < rows; row++) fillPoisson(poisson, row << POISSON_BITS, row / ROWS_PER_ELECTRON);
  return { normal, poisson };
}

export interface Digitizer {
  readonly readNoiseElectrons: number;
  readonly fullWellElectrons: number;
  readonly countsPerElectron: number;
  readonly offsetCounts: number;
  readonly maxCounts: number;
}

/**
 * Turns expected electrons of one row into counts: photon noise, read noise, full well, gain, offset, saturation.
 * @returns the state of the random numbers for the next row.
 */
export function digitizeRow(
  electrons: Float32Array,
  width: number,
  out: Uint8Array | Uint16Array,
  outAt: number,
  digitizer: Digitizer,
  tables: NoiseTables,
  randomState: number,
): number {
  const { readNoiseElectrons, fullWellElectrons, countsPerElectron, offsetCounts, maxCounts } = digitizer;
  const { normal, poisson } = tables;
  const readVariance = readNoiseElectrons ** 2;
  let state = randomState;
  for (let x = 0; x < width; x++) {
    const mean = electrons[x]!;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // 14 bits for the normal deviate, 11 for the Poisson one, 7 for the dither.
    const bits = Math.imul(state, 0x9e3779b1);
    const deviate = normal[bits >>> (32 - NORMAL_BITS)]!;
    let drawn: number;
    if (mean >= NORMAL_FROM) {
      drawn = mean + deviate * Math.sqrt(mean + readVariance);
    } else {
      // The row is dithered, so that means between two rows come out right.
      const row = (mean * ROWS_PER_ELECTRON + (bits & 0x7f) / 128) | 0;
      drawn = poisson[(row << POISSON_BITS) | ((bits >>> 7) & POISSON_MASK)]! + deviate * readNoiseElectrons;
    }
    if (drawn > fullWellElectrons) drawn = fullWellElectrons;
    const counts = drawn * countsPerElectron + offsetCounts + 0.5;
    out[outAt + x] = counts < 0 ? 0 : counts > maxCounts ? maxCounts : counts;
  }
  return state;
}

/** Quantiles of a Poisson distribution, in rising order. */
function fillPoisson(table: Uint8Array, at: number, mean: number): void {
  const count = 1 << POISSON_BITS;
  let value = 0;
  let probability = Math.exp(-mean);
  let cumulative = probability;
  for (let i = 0; i < count; i++) {
    while ((i + 0.5) / count > cumulative && value < 255) {
      value++;
      probability *= mean / value;
      cumulative += probability;
    }
    table[at + i] = value;
  }
}

/** The normal deviate that is exceeded with probability 1 - p; by bisection of the distribution function, as it is done once. */
function normalQuantile(p: number): number {
  let low = -6;
  let high = 6;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (normalProbability(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Distribution function of the normal distribution, by its series around 0; good to 1e-10 within 6 deviations. */
function normalProbability(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200 && Math.abs(term) > 1e-14; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
