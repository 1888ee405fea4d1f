import type { ImageRenderer } from './image-renderer.ts';
import { type ImageLayer, type LayerDisplay, rgbOf } from './layer.ts';
import { toScreen } from './viewport.ts';

/** A look-up table per layer, summed into one picture of the layers' own size, which the canvas then scales. */
export function createTwoDRenderer(canvas: HTMLCanvasElement): ImageRenderer {
  const context = canvas.getContext('2d', { alpha: false });
  const scratch = document.createElement('canvas');
  const scratchContext = scratch.getContext('2d', { alpha: false });
  const tables = new Map<string, { readonly key: string; readonly table: Uint32Array }>();
  let composed: { readonly layers: readonly ImageLayer[]; readonly image: ImageData } | null = null;

  const tableOf = (layer: ImageLayer): Uint32Array => {
    const key = displayKey(layer);
    const known = tables.get(layer.name);
    if (known?.key === key) return known.table;
    const table = known?.table ?? new Uint32Array(65_536);
    fillTable(table, layer);
    tables.set(layer.name, { key, table });
    return table;
  };
  const compose = (layers: readonly ImageLayer[]): ImageData | null => {
    const shown = layers.filter((layer) => layer.display.visible);
    const [first] = shown;
    if (!first) return null;
    const same =
      composed?.layers.length === shown.length && shown.every((layer, index) => sameAs(layer, composed?.layers[index]));
    if (composed && same) return composed.image;
    const { widthPx, heightPx } = first;
    const before = composed?.image;
    const image = before?.width === widthPx && before.height === heightPx ? before : new ImageData(widthPx, heightPx);
    const pixels = new Uint32Array(image.data.buffer);
    shown.forEach((layer, index) => {
      // Layers of another part, or another size, cannot share the grid.
      if (layer.widthPx !== widthPx || layer.heightPx !== heightPx) return;
      if (layer.x !== first.x || layer.y !== first.y || layer.step !== first.step) return;
      const table = tableOf(layer);
      const { data } = layer;
      if (index === 0) for (let at = 0; at < pixels.length; at += 1) pixels[at] = table[data[at] as number] as number;
      else
        for (let at = 0; at < pixels.length; at += 1)
          pixels[at] = addSaturated(pixels[at] as number, table[data[at] as number] as number);
    });
    composed = { layers: shown, image };
    return image;
  };

  return {
    kind: '2d',
    draw(layers, view, screen, ratio) {
      if (!context || !scratchContext) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.fillStyle = '#050607';
      context.fillRect(0, 0, screen.width, screen.height);
      const image = compose(layers);
      const first = layers.find((layer) => layer.display.visible);
      if (!image || !first) return;
      if (scratch.width !== image.width || scratch.height !== image.height) {
        scratch.width = image.width;
        scratch.height = image.height;
      }
      scratchContext.putImageData(image, 0, 0);
      const corner = toScreen(view, { x: first.x ?? 0, y: first.y ?? 0 }, screen);
      context.imageSmoothingEnabled = view.scale * first.step * ratio < 0.999;
      context.drawImage(
        scratch,
        corner.x,
        corner.y,
        image.width * first.step * view.scale,
        image.height * first.step * view.scale,
      );
    },
    [Symbol.dispose]() {
      tables.clear();
      composed = null;
    },
  };
}

function displayKey({ display, offset, factor }: ImageLayer): string {
  return `${display.colour} ${display.low} ${display.high} ${display.gamma} ${offset} ${factor}`;
}

function sameAs(layer: ImageLayer, other: ImageLayer | undefined): boolean {
  return other !== undefined && layer.data === other.data && displayKey(layer) === displayKey(other);
}

/** Opaque pixels, little-endian: ABGR. */
function fillTable(table: Uint32Array, { display, offset, factor }: ImageLayer): void {
  const [red, green, blue] = rgbOf(display.colour);
  for (let counts = 0; counts < table.length; counts += 1) {
    const bright = brightness(display, counts * factor + offset) * 255;
    table[counts] = ((255 << 24) | ((bright * blue) << 16) | ((bright * green) << 8) | (bright * red)) >>> 0;
  }
}

/** 0..1 on the screen for a value. */
export function brightness(display: Pick<LayerDisplay, 'low' | 'high' | 'gamma'>, value: number): number {
  const { low, high, gamma } = display;
  const part = Math.min(1, Math.max(0, (value - low) / Math.max(high - low, Number.MIN_VALUE)));
  return gamma === 1 ? part : part ** gamma;
}

function addSaturated(one: number, other: number): number {
  const red = Math.min(255, (one & 255) + (other & 255));
  const green = Math.min(255, ((one >> 8) & 255) + ((other >> 8) & 255));
  const blue = Math.min(255, ((one >> 16) & 255) + ((other >> 16) & 255));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
