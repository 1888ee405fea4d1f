import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FrameHeader } from '../../../shared/channels/camera.ts';
import {
  autoLimits,
  type Histogram,
  histogramOf,
  type ImageController,
  type ImageLayer,
  type LayerDisplay,
} from '../../canvas/index.ts';
import type { Contrast, WindowStore } from '../../stores/window-store.ts';

/** What the panel around the picture shows; changes ten times a second at most. */
export interface LiveSummary {
  readonly header: FrameHeader | null;
  /** By layer, in the order they came. */
  readonly histograms: Readonly<Record<string, Histogram>>;
}

interface HeldFrame {
  readonly header: FrameHeader;
  readonly data: Uint16Array;
}

const SUMMARY_MS = 200;
const LABEL_MS = 100;
const GREY = '#c9ced4';

/** Takes frames from the stream to the canvas. During a run the newest frame of each channel stays, so that they add up. */
export class LiveFeed {
  readonly summary: StoreApi<LiveSummary> = createStore<LiveSummary>()(() => ({ header: null, histograms: {} }));
  #view: WindowStore;
  #colourOf: (channel: string) => string | undefined;
  #frames = new Map<string, HeldFrame>();
  #controller: ImageController | null = null;
  #summaryMs = Number.NEGATIVE_INFINITY;
  #labelMs = Number.NEGATIVE_INFINITY;
  #shownTimes: number[] = [];
  /** null: every channel. */
  #only: string | null = null;

  constructor(view: WindowStore, colourOf: (channel: string) => string | undefined) {
    this.#view = view;
    this.#colourOf = colourOf;
  }

  attach(controller: ImageController | null): void {
    this.#controller = controller;
    this.refresh();
  }

  /** Shows one channel of a run, or all of them. */
  showOnly(channel: string | null): void {
    this.#only = channel;
    this.refresh();
  }

  /** Forgets the picture: another camera was chosen. */
  clear(): void {
    this.#frames.clear();
    this.summary.setState({ header: null, histograms: {} });
    this.refresh();
  }

  /** Resolves when the frame has been painted: the host sends the next one then. */
  async show(header: FrameHeader, payload: Uint8Array): Promise<void> {
    const name = layerName(header);
    if (header.source !== 'run') this.#frames.clear();
    for (const [held, frame] of this.#frames) {
      if (held !== name && frame.header.source !== 'run') this.#frames.delete(held);
    }
    this.#frames.set(name, { header, data: asCounts(payload, header) });
    this.#summarise(header);
    this.refresh();
    this.#label(header);
    await this.#controller?.painted();
  }

  /** Draws again with the limits and colours of now. */
  refresh(): void {
    const frames = [...this.#frames].filter(
      ([name]) => this.#only === null || this.#frames.size === 1 || name === this.#only,
    );
    const first = frames[0]?.[1].header;
    const layers = frames.map(([name, frame]): ImageLayer => {
      const { widthPx, heightPx, step } = frame.header;
      return { name, data: frame.data, widthPx, heightPx, step, offset: 0, factor: 1, display: this.displayOf(name) };
    });
    this.#controller?.setLayers(
      layers,
      first ? { width: first.fullWidthPx, height: first.fullHeightPx } : { width: 1, height: 1 },
    );
  }

  displayOf(name: string): LayerDisplay {
    const { contrast, liveColour } = this.#view.getState();
    const kept = contrast[name];
    const bits = this.#frames.get(name)?.header.bitDepth ?? 16;
    const limits: Contrast = kept ?? { low: 0, high: 2 ** bits - 1, gamma: 1, visible: true };
    const alone = this.#frames.size <= 1;
    return { ...limits, colour: (liveColour || !alone ? this.#colourOf(name) : undefined) ?? GREY };
  }

  change(name: string, change: Partial<Contrast>): void {
    const { colour: _, ...limits } = this.displayOf(name);
    this.#view.setState(({ contrast }) => ({ contrast: { ...contrast, [name]: { ...limits, ...change } } }));
    this.refresh();
  }

  autoOnce(): void {
    const { ignorePercent } = this.#view.getState();
    for (const [name, { data, header }] of this.#frames) {
      this.change(name, autoLimits(histogramOf(data, 0, 2 ** header.bitDepth), ignorePercent));
    }
  }

  #summarise(header: FrameHeader): void {
    const nowMs = performance.now();
    this.#shownTimes = [...this.#shownTimes.filter((timeMs) => nowMs - timeMs < 1000), nowMs];
    const isNewName = !(layerName(header) in this.summary.getState().histograms);
    if (nowMs - this.#summaryMs < SUMMARY_MS && header.source === 'live' && !isNewName) return;
    this.#summaryMs = nowMs;
    const entries = [...this.#frames].map(([name, frame]) => {
      const known = name === layerName(header) ? undefined : this.summary.getState().histograms[name];
      return [name, known ?? histogramOf(frame.data, 0, 65_536)] as const;
    });
    const histograms = Object.fromEntries(entries);
    if (this.#view.getState().autoStretch) this.#stretch(histograms);
    this.summary.setState({ header, histograms });
    this.#view.setState({ shownFps: header.source === 'live' ? this.#shownTimes.length : null });
  }

  #stretch(histograms: Readonly<Record<string, Histogram>>): void {
    const { ignorePercent, contrast } = this.#view.getState();
    const next = { ...contrast };
    for (const [name, histogram] of Object.entries(histograms)) {
      const { colour: _, ...limits } = this.displayOf(name);
      next[name] = { ...limits, ...autoLimits(histogram, ignorePercent) };
    }
    this.#view.setState({ contrast: next });
  }

  /** Tells tests and scripts which frame is on the screen. */
  #label(header: FrameHeader): void {
    const nowMs = performance.now();
    if (nowMs - this.#labelMs < LABEL_MS && header.source === 'live') return;
    this.#labelMs = nowMs;
    const element = this.#controller?.element;
    if (!element) return;
    element.dataset.frameIndex = String(header.index);
    element.dataset.frameSource = header.source;
  }
}

export function layerName(header: Pick<FrameHeader, 'channel' | 'camera'>): string {
  return header.channel ?? header.camera;
}

/** The payload is a view into a message: it may start at an odd byte. */
function asCounts(payload: Uint8Array, { widthPx, heightPx }: FrameHeader): Uint16Array {
  const aligned = payload.byteOffset % 2 === 0 ? payload : payload.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, Math.min(widthPx * heightPx, aligned.byteLength >> 1));
}
