// A repeatable draw: the same seed draws the same symbols.

/** Draws `count` of `items` without putting back. Generator: mulberry32. */
export function draw(items, count, seed) {
  const rest = [...items];
  const drawn = [];
  let state = seed >>> 0;
  while (drawn.length < count && rest.length > 0) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    drawn.push(...rest.splice(((mixed ^ (mixed >>> 14)) >>> 0) % rest.length, 1));
  }
  return drawn;
}
