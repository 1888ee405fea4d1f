import type { PixelType } from '../../../sdk/storage/index.ts';
import type { PixelKernels } from '../kernels/pixel-kernels.ts';
import type { FrameGeometry } from '../layout/frame-geometry.ts';
import { pixelView } from './pixel-view.ts';

/**
 * Means of 2 x 2 pixels, plane by plane; integers are rounded half up. A last row or column of an odd length counts twice.
 * @param planes - and `halved`: parts of the memory that the kernels work on.
 */
export function halvePlanes(
  kernels: PixelKernels,
  planes: Uint8Array,
  from: FrameGeometry,
  halved: Uint8Array,
  to: FrameGeometry,
  dtype: PixelType,
): void {
  const { heightPx, widthPx, bytesPerPixel } = from;
  const rowBytes = widthPx * bytesPerPixel;
  const whole = widthPx >> 1;
  for (let plane = 0; plane < from.planes.c * from.planes.z; plane++) {
    for (let y = 0; y < to.heightPx; y++) {
      const upper = planes.byteOffset + (plane * heightPx + 2 * y) * rowBytes;
      const lower = 2 * y + 1 < heightPx ? upper + rowBytes : upper;
      const target = halved.byteOffset + (plane * to.heightPx + y) * to.widthPx * bytesPerPixel;
      kernels.halveRows(dtype, upper, lower, target, whole);
    }
  }
  if (whole < to.widthPx) halveLastColumn(planes, from, halved, to, dtype);
}

function halveLastColumn(
  planes: Uint8Array,
  { heightPx, widthPx, planes: count }: FrameGeometry,
  halved: Uint8Array,
  to: FrameGeometry,
  dtype: PixelType,
): void {
  const source = pixelView(dtype, planes);
  const target = pixelView(dtype, halved);
  for (let plane = 0; plane < count.c * count.z; plane++) {
    for (let y = 0; y < to.heightPx; y++) {
      const upper = (plane * heightPx + 2 * y + 1) * widthPx - 1;
      const lower = 2 * y + 1 < heightPx ? upper + widthPx : upper;
      const sum = 2 * (source[upper] as number) + 2 * (source[lower] as number);
      target[(plane * to.heightPx + y + 1) * to.widthPx - 1] = dtype === 'float32' ? sum / 4 : (sum + 2) >> 2;
    }
  }
}
