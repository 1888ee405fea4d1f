import type { Frame } from 'redsun/sdk/device';
import { WaitingList } from 'redsun/sdk/util';
import type { PictureFacts } from './picture-facts.ts';

/** A frame reduced to what a screen can show, in a buffer of its own. */
export interface DisplayFrame {
  readonly sequence: number;
  readonly index: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly step: number;
  readonly fullWidthPx: number;
  readonly fullHeightPx: number;
  readonly bitDepth: number;
  readonly time: number;
  readonly exposureMs: number;
  readonly saturated: number;
  readonly pixels: Uint16Array;
  readonly facts: PictureFacts;
}

const COUNT_AGAIN_S = 0.1;

/** Holds the newest frame of a camera for whoever looks: newest wins, nothing queues up. */
export class FrameTap {
  #newest: DisplayFrame | null = null;
  /** When the pixels of a live frame were counted last, Unix s. */
  #countedAt = Number.NEGATIVE_INFINITY;
  #sequence = 0;
  readonly #waiting = new WaitingList();

  /**
   * Takes a frame that is lent for this call. Costs one strided copy, and a look at every pixel: of a fast Live ten times a second, as
   * nobody can read the figure faster.
   */
  offer(frame: Frame, maxPixels: number, facts: PictureFacts): void {
    this.#sequence++;
    const { bitDepth, index, time, exposureMs } = frame;
    const shape = strided(frame, maxPixels);
    const saturated = this.#saturated(frame, facts);
    this.#newest = { sequence: this.#sequence, index, bitDepth, time, exposureMs, saturated, facts, ...shape };
    this.#waiting.look();
  }

  #saturated(frame: Frame, { source }: PictureFacts): number {
    const before = this.#newest;
    const sinceS = frame.time - this.#countedAt;
    const isFresh = sinceS >= 0 && sinceS < COUNT_AGAIN_S;
    if (isFresh && source === 'live' && before?.facts.source === 'live') return before.saturated;
    this.#countedAt = frame.time;
    return fullPart(frame);
  }

  /** The newest frame after `sequence`. Rejects with the signal's reason. */
  async newerThan(sequence: number, signal: AbortSignal): Promise<DisplayFrame> {
    await this.#waiting.until(() => this.#newest !== null && this.#newest.sequence > sequence, signal);
    signal.throwIfAborted();
    return this.#newest!;
  }
}

/** The same frame for a receiver that wants fewer pixels. */
export function thin(frame: DisplayFrame, maxPixels: number): DisplayFrame {
  if (frame.pixels.length <= maxPixels) return frame;
  const { widthPx, heightPx, pixels, step, fullWidthPx, fullHeightPx } = frame;
  const again = strided({ data: pixels, widthPx, heightPx }, maxPixels);
  return { ...frame, ...again, step: step * again.step, fullWidthPx, fullHeightPx };
}

/** Every `step`th pixel of every `step`th row. */
function strided({ data, widthPx, heightPx }: Pick<Frame, 'data' | 'widthPx' | 'heightPx'>, maxPixels: number) {
  const step = Math.max(1, Math.ceil(Math.sqrt((widthPx * heightPx) / maxPixels)));
  const width = Math.floor(widthPx / step);
  const height = Math.floor(heightPx / step);
  const pixels = new Uint16Array(width * height);
  if (step === 1) pixels.set(data);
  for (let y = 0, at = 0; step > 1 && y < height; y++) {
    const row = y * step * widthPx;
    for (let x = 0; x < width; x++, at++) pixels[at] = data[row + x * step]!;
  }
  return { widthPx: width, heightPx: height, step, fullWidthPx: widthPx, fullHeightPx: heightPx, pixels };
}

/** Part of all pixels that hold no more. A small bright spot may lie between the pixels that are shown. */
function fullPart({ data, bitDepth, ceilingCounts }: Frame): number {
  const ceiling = Math.min(ceilingCounts ?? Number.POSITIVE_INFINITY, 2 ** bitDepth - 1);
  let full = 0;
  for (let at = 0; at < data.length; at++) if (data[at]! >= ceiling) full++;
  return full / Math.max(1, data.length);
}
