export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What part of the image is seen: the image point in the middle, and screen pixels (CSS) per image pixel. */
export interface Viewport {
  readonly centre: Point;
  readonly scale: number;
  /** Follows the size of the window and of the image until the hand takes over. */
  readonly fitted: boolean;
}

const LARGEST_SCALE = 64;

export function fitTo(image: Size, screen: Size): Viewport {
  const scale = Math.min(screen.width / image.width, screen.height / image.height);
  return { centre: centreOf(image), scale: Number.isFinite(scale) && scale > 0 ? scale : 1, fitted: true };
}

/** One image pixel on one screen pixel. */
export function oneToOne(image: Size, before: Viewport | null): Viewport {
  return { centre: before?.centre ?? centreOf(image), scale: 1, fitted: false };
}

/** Zooms by `factor` and keeps the image point under `at` (screen) where it is. */
export function zoomAt(view: Viewport, factor: number, at: Point, image: Size, screen: Size): Viewport {
  const smallest = fitTo(image, screen).scale / 4;
  const scale = Math.min(LARGEST_SCALE, Math.max(smallest, view.scale * factor));
  const under = toImage(view, at, screen);
  const centre = { x: under.x - (at.x - screen.width / 2) / scale, y: under.y - (at.y - screen.height / 2) / scale };
  return { centre: kept(centre, image), scale, fitted: false };
}

export function panBy(view: Viewport, screenDelta: Point, image: Size): Viewport {
  const centre = { x: view.centre.x - screenDelta.x / view.scale, y: view.centre.y - screenDelta.y / view.scale };
  return { centre: kept(centre, image), scale: view.scale, fitted: false };
}

/**
 * The same view moved by less than half a pixel of the screen, so that the image begins at the edge of one: else a pixel of the screen
 * lies between two of the image, and which of them it shows is chance.
 * @param ratio - pixels of the screen per CSS pixel
 */
export function aligned(view: Viewport, screen: Size, ratio: number): Viewport {
  const along = (centre: number, size: number) => {
    const edge = Math.round((size / 2 - centre * view.scale) * ratio) / ratio;
    return (size / 2 - edge) / view.scale;
  };
  return { ...view, centre: { x: along(view.centre.x, screen.width), y: along(view.centre.y, screen.height) } };
}

export function toImage(view: Viewport, at: Point, screen: Size): Point {
  return {
    x: view.centre.x + (at.x - screen.width / 2) / view.scale,
    y: view.centre.y + (at.y - screen.height / 2) / view.scale,
  };
}

export function toScreen(view: Viewport, at: Point, screen: Size): Point {
  return {
    x: (at.x - view.centre.x) * view.scale + screen.width / 2,
    y: (at.y - view.centre.y) * view.scale + screen.height / 2,
  };
}

function centreOf(image: Size): Point {
  return { x: image.width / 2, y: image.height / 2 };
}

/** The middle of the screen never leaves the image, so that it cannot be lost. */
function kept(centre: Point, image: Size): Point {
  return { x: Math.min(image.width, Math.max(0, centre.x)), y: Math.min(image.height, Math.max(0, centre.y)) };
}
