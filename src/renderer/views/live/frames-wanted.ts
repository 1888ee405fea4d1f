import type { FramesAsked } from '../../../shared/channels/camera.ts';
import type { Size, Viewport } from '../../canvas/index.ts';

/** What a stream of frames is asked for, but for the camera. */
export type FramesWanted = Pick<FramesAsked, 'region' | 'step' | 'maxPixels'>;

/** Before a frame has come its size is not known: enough for a window's picture. */
export const FIRST_FRAMES: FramesWanted = { region: null, step: 1, maxPixels: 1_048_576 };

/** So many pixels are no effort: all of a frame is asked for, and moving it about needs no other. */
const WHOLE_PIXELS = 1_572_864;
const MOST_PIXELS = 33_554_432;
/** Beyond the edges of the window, as a part of it: a frame that is pushed a little is there already. */
const MARGIN = 0.125;
/** Parts begin and end at multiples of it, px: not every move asks anew. */
const GRID_PX = 64;
/** Rounding of a scale is no other scale. */
const NEARLY = 1e-6;

/**
 * What a window needs to see: at 1:1 and above each pixel in sight; zoomed out means of whole blocks, never fewer than one per pixel of the
 * screen.
 * @param image - of the whole frame, px. @param ratio - pixels of the screen per CSS pixel
 */
export function framesWanted(image: Size, view: Viewport, screen: Size, ratio: number): FramesWanted {
  const step = Math.max(1, Math.floor(1 / (view.scale * ratio) + NEARLY));
  const maxPixels = MOST_PIXELS;
  if ((image.width * image.height) / step ** 2 <= WHOLE_PIXELS) return { region: null, step, maxPixels };
  const reach = { x: screen.width / view.scale, y: screen.height / view.scale };
  const [x, right] = span(view.centre.x, reach.x, image.width);
  const [y, bottom] = span(view.centre.y, reach.y, image.height);
  return { region: { x, y, width: right - x, height: bottom - y }, step, maxPixels };
}

/** True when what is asked for now shows all that is wanted, as it is wanted. */
export function isEnough(asked: FramesWanted, image: Size, view: Viewport, screen: Size, ratio: number): boolean {
  const wanted = framesWanted(image, view, screen, ratio);
  if (asked.step !== wanted.step || (asked.region === null) !== (wanted.region === null)) return false;
  const { region } = asked;
  if (region === null) return (image.width * image.height) / asked.step ** 2 <= asked.maxPixels;
  const left = view.centre.x - screen.width / view.scale / 2;
  const top = view.centre.y - screen.height / view.scale / 2;
  return (
    region.x <= Math.max(0, left) &&
    region.y <= Math.max(0, top) &&
    region.x + region.width >= Math.min(image.width, left + screen.width / view.scale) &&
    region.y + region.height >= Math.min(image.height, top + screen.height / view.scale)
  );
}

function span(centre: number, reach: number, size: number): readonly [first: number, end: number] {
  const half = reach * (0.5 + MARGIN);
  const first = Math.max(0, Math.floor((centre - half) / GRID_PX) * GRID_PX);
  const end = Math.min(size, Math.ceil((centre + half) / GRID_PX) * GRID_PX);
  // Pushed out of sight: the corner that is next to it.
  return end > first ? [first, end] : [Math.max(0, Math.min(first, size - 1)), size];
}
