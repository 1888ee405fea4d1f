import type { ImageLayer } from './layer.ts';
import type { Size, Viewport } from './viewport.ts';

/** Draws layers, added up, on a canvas. */
export interface ImageRenderer extends Disposable {
  readonly kind: 'webgl' | '2d';
  /** `screen` in CSS pixels, `ratio` device pixels per CSS pixel. */
  draw(layers: readonly ImageLayer[], view: Viewport, screen: Size, ratio: number): void;
}
