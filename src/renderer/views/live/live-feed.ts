import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FrameHeader } from '../../../shared/channels/camera.ts';
import {
  autoLimits,
  type Histogram,
  type ImageController,
  type ImageLayer,
  type LayerDisplay,
} from '../../canvas/index.ts';
import type { Contrast, WindowStore } from '../../stores/window-store.ts';

/** What the panel around the picture shows; changes ten times a second at most. */
export interface LiveSummary {
  /** Of the newest frame that is shown. */
  readonly header: FrameHeader | null;
  /** By layer, in the order they came. */
  readonly histograms: Readonly<Record<string, Histogram>>;
  /** Channels of the run that have no frame of this place yet. */
  readonly missing: readonly string[];
}

interface HeldFrame {
  readonly header: FrameHeader;
  readonly data: Uint16Array;
  /** Of every pixel of the camera frame; of the one before while this one's are not counted. */
  readonly histogram: Histogram | null;
}

/** Channels of one place, plane and time, by layer. */
type Scene = Map<string, HeldFrame>;

const SUMMARY_MS = 200;
/** Frames of other places of the run that are kept, for the channels that will come to them. */
const KEPT_BYTES = 128e6;
const GREY = '#c9ced4';

/**
 * Takes frames from the stream to the canvas. Channels of a run add up where they are of one place, one plane and one time; what a plan
 * does not place is shown alone.
 */
export class LiveFeed {
  readonly summary: StoreApi<LiveSummary> = createStore<LiveSummary>()(() => ({
    header: null,
    histograms: {},
    missing: [],
  }));
  #view: WindowStore;
  #colourOf: (channel: string) => string | undefined;
  #frames: Scene = new Map();
  /** Other scenes of the run, the one that was touched last at the end. */
  #scenes = new Map<string, Scene>();
  #runKey: string | null = null;
  /** Channels that the run has shown, in the order they came. */
  #runNames = new Set<string>();
  #controller: ImageController | null = null;
  #summaryMs = Number.NEGATIVE_INFINITY;
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
    const newest = [...this.#frames.values()].at(-1)?.header;
    if (newest) this.#tell(newest);
    this.refresh();
  }

  /** Forgets the picture: another camera was chosen. */
  clear(): void {
    this.#frames = new Map();
    this.#forgetRun(null);
    this.summary.setState({ header: null, histograms: {}, missing: [] });
    this.refresh();
  }

  /** Resolves when the frame has been painted: the host sends the next one then. */
  async show(header: FrameHeader, payload: Uint8Array): Promise<void> {
    const name = layerName(header);
    const before = this.#frames.get(name)?.histogram ?? null;
    this.#frames = this.#sceneFor(header);
    const histogram = histogramIn(payload, header) ?? this.#frames.get(name)?.histogram ?? before;
    // Newest last, also where a frame is taken again.
    this.#frames.delete(name);
    this.#frames.set(name, { header, data: asCounts(payload, header), histogram });
    if (this.#runKey !== null) this.#runNames.add(name);
    this.#letGo();
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
      const { x, y, widthPx, heightPx, step } = frame.header;
      const place = { x, y, widthPx, heightPx, step };
      return { name, data: frame.data, ...place, offset: 0, factor: 1, display: this.displayOf(name) };
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
    for (const [name, { histogram }] of this.#frames) {
      if (histogram) this.change(name, autoLimits(histogram, ignorePercent));
    }
  }

  #summarise(header: FrameHeader): void {
    const nowMs = performance.now();
    this.#shownTimes = [...this.#shownTimes.filter((timeMs) => nowMs - timeMs < 1000), nowMs];
    const isNewName = !(layerName(header) in this.summary.getState().histograms);
    if (nowMs - this.#summaryMs < SUMMARY_MS && header.source === 'live' && !isNewName) return;
    this.#summaryMs = nowMs;
    this.#tell(header);
    this.#view.setState({ shownFps: header.source === 'live' ? this.#shownTimes.length : null });
  }

  #tell(newest: FrameHeader): void {
    const names = this.#runKey === null ? [...this.#frames.keys()] : [...this.#runNames];
    const histograms: Record<string, Histogram> = {};
    for (const name of names) {
      const histogram = this.#frames.get(name)?.histogram;
      if (histogram) histograms[name] = histogram;
    }
    if (this.#view.getState().autoStretch) this.#stretch(histograms);
    const header = (this.#only !== null ? this.#frames.get(this.#only)?.header : undefined) ?? newest;
    this.summary.setState({ header, histograms, missing: names.filter((name) => !this.#frames.has(name)) });
  }

  #sceneFor(header: FrameHeader): Scene {
    const key = sceneKey(header);
    const runKey = key === null ? null : `${header.camera} ${header.run?.name}`;
    if (runKey !== this.#runKey) this.#forgetRun(runKey);
    if (key === null) return new Map();
    const scene = this.#scenes.get(key) ?? new Map();
    this.#scenes.delete(key);
    this.#scenes.set(key, scene);
    return scene;
  }

  #forgetRun(next: string | null): void {
    this.#scenes.clear();
    this.#runNames.clear();
    this.#runKey = next;
  }

  #letGo(): void {
    let bytes = 0;
    for (const [key, scene] of [...this.#scenes].reverse()) {
      for (const { data } of scene.values()) bytes += data.byteLength;
      if (bytes > KEPT_BYTES && scene !== this.#frames) this.#scenes.delete(key);
    }
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
    const element = this.#controller?.element;
    if (!element) return;
    element.dataset.frameIndex = String(header.index);
    element.dataset.frameSource = header.source;
    element.dataset.step = String(header.step);
  }
}

/** Frames with one key are of the same place, plane and time, and of one camera; null: of its own. */
function sceneKey({ source, camera, run }: FrameHeader): string | null {
  if (source !== 'run' || !run?.place) return null;
  const { c: _channel, ...rest } = run.place;
  const places = Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([camera, run.name, places]);
}

export function layerName(header: Pick<FrameHeader, 'channel' | 'camera'>): string {
  return header.channel ?? header.camera;
}

/** The bins come after the pixels, from the next multiple of 4 bytes. */
function histogramIn(payload: Uint8Array, { widthPx, heightPx, histogram }: FrameHeader): Histogram | null {
  if (histogram === null) return null;
  const { bins, ...rest } = histogram;
  const at = Math.ceil((widthPx * heightPx) / 2) * Uint32Array.BYTES_PER_ELEMENT;
  const bytes = payload.slice(at, at + bins * Uint32Array.BYTES_PER_ELEMENT);
  return { counts: new Uint32Array(bytes.buffer), ...rest };
}

/** The payload is a view into a message: it may start at an odd byte. */
function asCounts(payload: Uint8Array, { widthPx, heightPx }: FrameHeader): Uint16Array {
  const aligned = payload.byteOffset % 2 === 0 ? payload : payload.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, Math.min(widthPx * heightPx, aligned.byteLength >> 1));
}
