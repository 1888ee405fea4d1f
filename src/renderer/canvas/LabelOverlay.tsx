import { type JSX, useEffect, useRef } from 'react';
import type { ImageController } from './image-controller.ts';
import { type LabelPicture, labelPixels } from './label-colours.ts';
import { toScreen } from './viewport.ts';

export interface LabelLayer {
  readonly path: string;
  readonly picture: LabelPicture;
  /** `#rrggbbaa` by label. */
  readonly colours: Readonly<Record<number, string>>;
}

/** Pictures of labels over the picture that they belong to; moves with it. */
export function LabelOverlay(props: {
  readonly controller: ImageController | null;
  readonly layers: readonly LabelLayer[];
  /** 0..1 */
  readonly opacity: number;
}): JSX.Element {
  const { controller, layers, opacity } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef(new Map<LabelPicture, OffscreenCanvas>());
  useEffect(() => {
    const element = canvas.current;
    if (!controller || !element) return;
    const pictures = new Set(layers.map(({ picture }) => picture));
    for (const known of drawn.current.keys()) if (!pictures.has(known)) drawn.current.delete(known);
    for (const { picture, colours } of layers) {
      if (!drawn.current.has(picture)) drawn.current.set(picture, painted(picture, colours));
    }
    let scheduled: number | null = null;
    const draw = () => {
      scheduled = null;
      const sources = layers.flatMap(({ picture }) => drawn.current.get(picture) ?? []);
      drawOver(element, controller, sources, opacity);
    };
    const subscription = controller.onChange(() => {
      scheduled ??= requestAnimationFrame(draw);
    });
    draw();
    return () => {
      subscription[Symbol.dispose]();
      if (scheduled !== null) cancelAnimationFrame(scheduled);
    };
  }, [controller, layers, opacity]);
  return <canvas ref={canvas} className="label-overlay" role="img" aria-label="Labels" hidden={layers.length === 0} />;
}

function painted(picture: LabelPicture, colours: Readonly<Record<number, string>>): OffscreenCanvas {
  const { widthPx, heightPx } = picture;
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  canvas.getContext('2d')?.putImageData(new ImageData(labelPixels(picture, colours), widthPx, heightPx), 0, 0);
  return canvas;
}

function drawOver(
  element: HTMLCanvasElement,
  { image, screen, view }: ImageController,
  sources: readonly OffscreenCanvas[],
  opacity: number,
): void {
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(screen.width * ratio), Math.round(screen.height * ratio)];
  if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
  const context = element.getContext('2d');
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, screen.width, screen.height);
  // A label is a whole pixel, never a mixture of two.
  context.imageSmoothingEnabled = false;
  context.globalAlpha = opacity;
  const corner = toScreen(view, { x: 0, y: 0 }, screen);
  for (const source of sources) {
    context.drawImage(source, corner.x, corner.y, image.width * view.scale, image.height * view.scale);
  }
}
