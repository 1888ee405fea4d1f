const WORDS = 624;
const SHIFT = 397;

/** MT19937 as numpy's RandomState seeds and reads it, so that a seed draws the same numbers here and there. */
export class MersenneTwister {
  readonly #state = new Uint32Array(WORDS);
  #next = WORDS;

  /** @param seed - 0 to 2^32 - 1 */
  constructor(seed: number) {
    const state = this.#state;
    state[0] = seed >>> 0;
    for (let at = 1; at < WORDS; at++) {
      const before = state[at - 1]!;
      state[at] = Math.imul(1_812_433_253, before ^ (before >>> 30)) + at;
    }
  }

  /** From 0 up to but not including 1, with 53 bits. */
  uniform(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  #word(): number {
    if (this.#next >= WORDS) this.#turn();
    let word = this.#state[this.#next++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  #turn(): void {
    const state = this.#state;
    for (let at = 0; at < WORDS; at++) {
      const mixed = (state[at]! & 0x80000000) | (state[(at + 1) % WORDS]! & 0x7fffffff);
      state[at] = state[(at + SHIFT) % WORDS]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
