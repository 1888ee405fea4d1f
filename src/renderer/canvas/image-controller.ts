import { createImageRenderer } from './create-image-renderer.ts';
import type { ImageRenderer } from './image-renderer.ts';
import { type ImageLayer, valueAt } from './layer.ts';
import { aligned, fitTo, oneToOne, type Point, panBy, type Size, toImage, type Viewport, zoomAt } from './viewport.ts';

/** What the pointer is over. */
export interface PixelReading {
  readonly x: number;
  readonly y: number;
  readonly values: readonly { readonly name: string; readonly colour: string; readonly value: number | null }[];
  /** Each value is the mean of so many pixels along each side. */
  readonly step: number;
}

/** Rounding of a scale is no other scale. */
const NEARLY = 1e-6;

/** Owns canvas, layers and viewport of one picture; React only draws what lies over it. */
export class ImageController implements Disposable {
  #renderer: ImageRenderer;
  #canvas: HTMLCanvasElement;
  #layers: readonly ImageLayer[] = [];
  #image: Size = { width: 1, height: 1 };
  #screen: Size = { width: 1, height: 1 };
  #ratio = 1;
  #view: Viewport = { centre: { x: 0.5, y: 0.5 }, scale: 1, fitted: true };
  #pointer: Point | null = null;
  #scheduled: number | null = null;
  #drawnWaiters: (() => void)[] = [];
  #listeners = new Set<() => void>();

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#renderer = createImageRenderer(canvas);
  }

  get view(): Viewport {
    return this.#view;
  }
  get image(): Size {
    return this.#image;
  }
  get screen(): Size {
    return this.#screen;
  }
  /** The element that stands for the picture. */
  get element(): HTMLElement | null {
    return this.#canvas.parentElement;
  }
  get layers(): readonly ImageLayer[] {
    return this.#layers;
  }
  /** Device pixels per CSS pixel. */
  get ratio(): number {
    return this.#ratio;
  }
  get rendererKind(): ImageRenderer['kind'] {
    return this.#renderer.kind;
  }

  /** Shows other pixels; `image` is the size of the whole picture, px. */
  setLayers(layers: readonly ImageLayer[], image: Size): void {
    const resized = image.width !== this.#image.width || image.height !== this.#image.height;
    this.#layers = layers;
    this.#image = image;
    if (resized || this.#view.fitted) this.#view = this.#aligned(fitTo(image, this.#screen));
    this.#changed();
  }

  resize(screen: Size, ratio: number): void {
    this.#screen = { width: Math.max(1, screen.width), height: Math.max(1, screen.height) };
    this.#ratio = ratio;
    this.#canvas.width = Math.max(1, Math.round(screen.width * ratio));
    this.#canvas.height = Math.max(1, Math.round(screen.height * ratio));
    this.#view = this.#aligned(this.#view.fitted ? fitTo(this.#image, this.#screen) : this.#view);
    this.#draw();
    this.#announce();
  }

  fit(): void {
    this.#show(fitTo(this.#image, this.#screen));
  }
  oneToOne(): void {
    this.#show(oneToOne(this.#image, this.#view));
  }
  zoomAt(factor: number, at: Point = { x: this.#screen.width / 2, y: this.#screen.height / 2 }): void {
    this.#show(zoomAt(this.#view, factor, at, this.#image, this.#screen));
  }
  /** To the next power of two: 25 %, 50 %, 100 %, 200 %. */
  zoomStep(direction: 1 | -1): void {
    const power = Math.log2(this.#view.scale);
    const next = direction === 1 ? Math.floor(power + NEARLY) + 1 : Math.ceil(power - NEARLY) - 1;
    this.zoomAt(2 ** next / this.#view.scale);
  }
  panBy(delta: Point): void {
    this.#show(panBy(this.#view, delta, this.#image));
  }

  /** Where the pointer is on the screen; null: elsewhere, and the middle of the view is read. */
  setPointer(at: Point | null): void {
    this.#pointer = at;
    this.#announce();
  }

  imagePointAt(at: Point): Point {
    return toImage(this.#view, at, this.#screen);
  }

  read(): PixelReading | null {
    const middle = { x: this.#screen.width / 2, y: this.#screen.height / 2 };
    const point = this.imagePointAt(this.#pointer ?? middle);
    const x = Math.floor(point.x);
    const y = Math.floor(point.y);
    if (x < 0 || y < 0 || x >= this.#image.width || y >= this.#image.height || this.#layers.length === 0) return null;
    const values = this.#layers
      .filter((layer) => layer.display.visible)
      .map((layer) => ({ name: layer.name, colour: layer.display.colour, value: valueAt(layer, x, y) }));
    const step = Math.max(1, ...this.#layers.filter((layer) => layer.display.visible).map((layer) => layer.step));
    return { x, y, values, step };
  }

  /** Resolves when what is set now has been painted. */
  painted(): Promise<void> {
    if (this.#scheduled === null) return Promise.resolve();
    return new Promise((resolve) => this.#drawnWaiters.push(resolve));
  }

  /** Called after every change of pixels, viewport or pointer. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    if (this.#scheduled !== null) cancelAnimationFrame(this.#scheduled);
    this.#scheduled = null;
    for (const resolve of this.#drawnWaiters.splice(0)) resolve();
    this.#listeners.clear();
    this.#renderer[Symbol.dispose]();
  }

  #aligned(view: Viewport): Viewport {
    return aligned(view, this.#screen, this.#ratio);
  }

  #show(view: Viewport): void {
    this.#view = this.#aligned(view);
    this.#changed();
  }

  #changed(): void {
    this.#scheduled ??= requestAnimationFrame(() => {
      this.#scheduled = null;
      this.#draw();
      for (const resolve of this.#drawnWaiters.splice(0)) resolve();
    });
    this.#announce();
  }

  #draw(): void {
    this.#renderer.draw(this.#layers, this.#view, this.#screen, this.#ratio);
    // Tells tests and scripts what part is on the screen.
    const { centre, scale } = this.#view;
    this.#canvas.dataset.view = `${centre.x} ${centre.y} ${scale}`;
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}
