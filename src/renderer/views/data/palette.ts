/** Dark to bright with even steps of lightness, readable without red or green. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [24, 22, 62],
  [42, 62, 128],
  [40, 110, 150],
  [48, 158, 148],
  [122, 198, 108],
  [248, 226, 92],
];

/** Colour of a value from 0 to 1. */
export function colourAt(part: number): readonly [red: number, green: number, blue: number] {
  const place = Math.min(1, Math.max(0, part)) * (STOPS.length - 1);
  const at = Math.min(STOPS.length - 2, Math.floor(place));
  const [from, to] = [STOPS[at]!, STOPS[at + 1]!];
  const mix = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * (place - at));
  return [mix(0), mix(1), mix(2)];
}

/** The palette from bottom to top. */
export function gradientCss(): string {
  return `linear-gradient(to top, ${STOPS.map((stop) => `rgb(${stop.join(' ')})`).join(', ')})`;
}
