import { onStage, type StageDirection } from '../../shared/geometry/stage-direction.ts';

/** Position of the stage that belongs to the middle of the picture, um, and which way it counts against the picture. */
export interface StagePoint {
  readonly x: number;
  readonly y: number;
  readonly direction: StageDirection;
}

/** Position of the stage that belongs to a pixel: sent there, the stage has it where the middle of the sensor is. */
export function stageAt(
  { x, y, direction }: StagePoint,
  pixel: { readonly x: number; readonly y: number },
  { width, height }: { readonly width: number; readonly height: number },
  umPerPx: number,
): { readonly x: number; readonly y: number } {
  const way = onStage(direction, {
    x: (pixel.x + 0.5 - width / 2) * umPerPx,
    y: (pixel.y + 0.5 - height / 2) * umPerPx,
  });
  return { x: x + way.x, y: y + way.y };
}
