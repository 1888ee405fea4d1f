import type { Frame } from 'redsun/sdk/device';
import { onAbort } from 'redsun/sdk/util';

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
}

/** Holds the newest frame of a camera for whoever looks: newest wins, nothing queues up. */
export class FrameTap {
  #newest: DisplayFrame | null = null;
  #sequence = 0;
  readonly #waiting = new Set<() => void>();

  /** Takes a frame that is lent for this call. Costs one strided copy. */
  offer(frame: Frame, maxPixels: number): void {
    this.#sequence++;
    this.#newest = reduce(frame, maxPixels, this.#sequence);
    for (const wake of [...this.#waiting]) wake();
  }

  /** The newest frame after `sequence`. Rejects with the signal's reason. */
  async newerThan(sequence: number, signal: AbortSignal): Promise<DisplayFrame> {
    while (!this.#newest || this.#newest.sequence <= sequence) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#waiting.delete(done);
          listener[Symbol.dispose]();
          resolve();
        };
        const listener = onAbort(signal, done);
        this.#waiting.add(done);
      });
    }
    signal.throwIfAborted();
    return this.#newest;
  }
}

/** The same frame for a receiver that wants fewer pixels. */
export function thin(frame: DisplayFrame, maxPixels: number): DisplayFrame {
  if (frame.pixels.length <= maxPixels) return frame;
  const { widthPx, heightPx, pixels, step } = frame;
  const again = reduce({ ...frame, data: pixels, widthPx, heightPx }, maxPixels, frame.sequence);
  return {
    ...frame,
    ...again,
    step: step * again.step,
    fullWidthPx: frame.fullWidthPx,
    fullHeightPx: frame.fullHeightPx,
    saturated: frame.saturated,
  };
}

function reduce(frame: Frame, maxPixels: number, sequence: number): DisplayFrame {
  const { data, widthPx, heightPx, bitDepth, index, time, exposureMs } = frame;
  const step = Math.max(1, Math.ceil(Math.sqrt((widthPx * heightPx) / maxPixels)));
  const width = Math.floor(widthPx / step);
  const height = Math.floor(heightPx / step);
  const pixels = new Uint16Array(width * height);
  const full = 2 ** bitDepth - 1;
  let saturated = 0;
  if (step === 1) pixels.set(data);
  for (let y = 0, at = 0; y < height; y++) {
    const row = y * step * widthPx;
    for (let x = 0; x < width; x++, at++) {
      const value = data[row + x * step]!;
      if (step > 1) pixels[at] = value;
      if (value >= full) saturated++;
    }
  }
  return {
    sequence,
    index,
    widthPx: width,
    heightPx: height,
    step,
    fullWidthPx: widthPx,
    fullHeightPx: heightPx,
    bitDepth,
    time,
    exposureMs,
    saturated: saturated / Math.max(1, pixels.length),
    pixels,
  };
}
