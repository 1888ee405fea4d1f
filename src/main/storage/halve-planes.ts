import type { PixelArray } from '../../sdk/storage/index.ts';
import type { FrameGeometry } from './frame-geometry.ts';

/** Means of 2 x 2 pixels, plane by plane; integers are rounded half up. A last row or column of an odd length counts twice. */
export function halvePlanes(planes: PixelArray, from: FrameGeometry, halved: PixelArray, to: FrameGeometry): void {
  const { heightPx, widthPx } = from;
  const add = halved instanceof Float32Array ? 0 : 2;
  const integer = halved instanceof Float32Array ? 0 : 1;
  let target = 0;
  for (let plane = 0; plane < from.planes.c * from.planes.z; plane++) {
    const start = plane * heightPx * widthPx;
    for (let y = 0; y < to.heightPx; y++) {
      const upper = start + 2 * y * widthPx;
      const lower = 2 * y + 1 < heightPx ? upper + widthPx : upper;
      const whole = widthPx >> 1;
      if (integer) {
        for (let x = 0; x < whole; x++) {
          const at = 2 * x;
          const sum =
            (planes[upper + at] as number) +
            (planes[upper + at + 1] as number) +
            (planes[lower + at] as number) +
            (planes[lower + at + 1] as number);
          halved[target++] = (sum + add) >> 2;
        }
        if (whole < to.widthPx) {
          const at = widthPx - 1;
          halved[target++] = (2 * (planes[upper + at] as number) + 2 * (planes[lower + at] as number) + add) >> 2;
        }
        continue;
      }
      for (let x = 0; x < to.widthPx; x++) {
        const at = 2 * x;
        const next = at + 1 < widthPx ? at + 1 : at;
        halved[target++] =
          ((planes[upper + at] as number) +
            (planes[upper + next] as number) +
            (planes[lower + at] as number) +
            (planes[lower + next] as number)) /
          4;
      }
    }
  }
}
