import type { PixelArray } from './source-info.ts';

/** What goes with a frame into the journal. */
export interface FrameMeta {
  /** Unix time, s, at the end of the exposure. */
  readonly time?: number;
  /** How long it was exposed, ms. */
  readonly exposureMs?: number;
}

/** What a sink needs of its writer. */
export interface FrameTaker {
  /** Takes over a copy of a frame of `name` at once. */
  writeFrame(name: string, frame: PixelArray, meta: FrameMeta): void;
  /** Resolves when there is room for a frame. */
  ready(signal: AbortSignal): Promise<void>;
  /** Resolves when frame `index` of `name` can be read from the store. */
  acknowledged(name: string, index: number, signal: AbortSignal): Promise<void>;
  /** No more frames of `name` will come. */
  complete(name: string): Promise<void>;
}

/** Where a device writes its frames; made by `Writer.prepare`. */
export class FrameSink {
  readonly #writer: FrameTaker;
  readonly #name: string;

  /** @param writer - takes the frames. @param name - of the source that they belong to. */
  constructor(writer: FrameTaker, name: string) {
    this.#writer = writer;
    this.#name = name;
  }

  /**
   * Takes over a copy of one frame at once; the caller may reuse its buffer.
   * @param frame - C order, shape and dtype as given to `updateSource`.
   * @throws KeyError for a source that is not there; what the backend refuses it with: `store/full` when there is no room
   * (await `ready` first), `store/shape`, `store/over-capacity`, `store/not-open`, `store/closed`.
   */
  write(frame: PixelArray, meta: FrameMeta = {}): void {
    this.#writer.writeFrame(this.#name, frame, meta);
  }

  /** Resolves when there is room for a frame: the back-pressure. Rejects with the signal's reason. */
  ready(signal: AbortSignal): Promise<void> {
    return this.#writer.ready(signal);
  }

  /** Resolves when the frame number `index` (from 0) can be read from the store. Rejects with the signal's reason. */
  acknowledged(index: number, signal: AbortSignal): Promise<void> {
    return this.#writer.acknowledged(this.#name, index, signal);
  }

  /** This device writes no more; the last one to say so finalizes the store. Again: nothing. @throws what finalizing throws. */
  close(): Promise<void> {
    return this.#writer.complete(this.#name);
  }
}
