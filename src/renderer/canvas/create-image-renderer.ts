import type { ImageRenderer } from './image-renderer.ts';
import { createTwoDRenderer } from './two-d-renderer.ts';
import { createWebGlRenderer } from './webgl-renderer.ts';

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
