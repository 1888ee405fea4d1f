/** A well-mixed 32-bit hash of up to four integers: the same numbers give the same specimen everywhere. */
export function hashOf(a: number, b = 0, c = 0, d = 0): number {
  let hash = 0x9e3779b9 ^ a;
  hash = mix(hash) ^ b;
  hash = mix(hash) ^ c;
  hash = mix(hash) ^ d;
  return mix(hash);
}

/** A sequence of numbers in [0, 1) that depends on `seed` alone. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}

function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
