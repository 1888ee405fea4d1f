/** A box of odd length with weaker ends, so that any width can be had. */
interface Box {
  readonly radius: number;
  readonly inner: number;
  readonly end: number;
}

/** Two boxes one after the other; close enough to the picture of a point out of focus. */
const PASSES = 2;

/** Pixels that a blur of `sigmaPx` reaches. */
export function blurReachPx(sigmaPx: number): number {
  return sigmaPx <= 0 ? 0 : PASSES * (boxOf(sigmaPx).radius + 1);
}

/** Blurs `plane` in place with a standard deviation of `sigmaPx`; `scratch` is as large as the plane. Edges are continued. */
export function blur(plane: Float32Array, scratch: Float32Array, width: number, height: number, sigmaPx: number): void {
  if (sigmaPx <= 0) return;
  const box = boxOf(sigmaPx);
  const line = new Float32Array(width + 2 * box.radius + 2);
  const sums = new Float64Array(width);
  for (let pass = 0; pass < PASSES; pass++) {
    blurRows(plane, scratch, width, height, box, line);
    blurColumns(scratch, plane, width, height, box, sums);
  }
}

function boxOf(sigmaPx: number): Box {
  const variance = sigmaPx ** 2 / PASSES;
  const radius = Math.floor(0.5 * Math.sqrt(12 * variance + 1) - 0.5);
  const length = 2 * radius + 1;
  const ends = (length * (radius * (radius + 1) - 3 * variance)) / (6 * (variance - (radius + 1) ** 2));
  return { radius, inner: 1 / (2 * ends + length), end: ends / (2 * ends + length) };
}

/** Each row is copied out with its edges continued, so that the sum runs without looking where it is. */
function blurRows(
  from: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  box: Box,
  line: Float32Array,
): void {
  const { radius, inner, end } = box;
  const pad = radius + 1;
  const reach = 2 * radius + 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    line.fill(from[row]!, 0, pad);
    line.set(from.subarray(row, row + width), pad);
    line.fill(from[row + width - 1]!, pad + width, pad + width + pad);
    let sum = 0;
    for (let i = 1; i <= reach; i++) sum += line[i]!;
    for (let x = 0; x < width; x++) {
      const entering = line[x + reach + 1]!;
      to[row + x] = inner * sum + end * (line[x]! + entering);
      sum += entering - line[x + 1]!;
    }
  }
}

/** Row by row with a running sum per column: memory is read in its order. */
function blurColumns(
  from: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  box: Box,
  sums: Float64Array,
): void {
  const { radius, inner, end } = box;
  const last = height - 1;
  for (let x = 0; x < width; x++) sums[x] = from[x]! * (radius + 1);
  for (let y = 1; y <= radius; y++) {
    const row = Math.min(y, last) * width;
    for (let x = 0; x < width; x++) sums[x]! += from[row + x]!;
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const before = Math.max(0, y - radius - 1) * width;
    const leaving = Math.max(0, y - radius) * width;
    const after = Math.min(last, y + radius + 1) * width;
    for (let x = 0; x < width; x++) {
      const entering = from[after + x]!;
      to[row + x] = inner * sums[x]! + end * (from[before + x]! + entering);
      sums[x]! += entering - from[leaving + x]!;
    }
  }
}
