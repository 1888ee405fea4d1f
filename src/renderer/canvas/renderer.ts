import type { ImageLayer } from './layer.ts';
import { createTwoDRenderer } from './two-d-renderer.ts';
import type { Size, Viewport } from './viewport.ts';
import { createWebGlRenderer } from './webgl-renderer.ts';

/** Draws layers, added up, on a canvas. */
export interface ImageRenderer extends Disposable {
  readonly kind: 'webgl' | '2d';
  /** `screen` in CSS pixels, `ratio` device pixels per CSS pixel. */
  draw(layers: readonly ImageLayer[], view: Viewport, screen: Size, ratio: number): void;
}

/** WebGL on a graphics card, else a look-up table on the processor: faster there than WebGL in software. */
export function createImageRenderer(canvas: HTMLCanvasElement): ImageRenderer {
  return (hasGraphicsCard() ? createWebGlRenderer(canvas) : null) ?? createTwoDRenderer(canvas);
}

function hasGraphicsCard(): boolean {
  const probe = document.createElement('canvas').getContext('webgl2');
  if (!probe) return false;
  const info = probe.getExtension('WEBGL_debug_renderer_info');
  const name = String(probe.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : probe.RENDERER));
  probe.getExtension('WEBGL_lose_context')?.loseContext();
  return !/swiftshader|llvmpipe|software|basic render/i.test(name);
}
