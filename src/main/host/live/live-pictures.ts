import type { Frame } from 'redsun/sdk/device';
import type { Clock } from 'redsun/sdk/util';
import { onAbort } from 'redsun/sdk/util';
import type { MadePicture, PictureAsked } from '../../../shared/pictures/make-picture.ts';
import { type KeptFrame, KeptFrames } from './kept-frames.ts';
import type { PictureFacts } from './picture-facts.ts';
import type { PictureThread } from './picture-thread.ts';

/** Of a Live that nobody looks at a frame is kept twice a second: who comes later sees one, and nearly nothing is copied. */
const UNSEEN_S = 0.5;
/** The pixels of a Live are counted ten times a second: nobody reads the figures faster. */
const COUNT_AGAIN_S = 0.1;
/** A picture whose pixels were not counted, and after which none comes for so long, is counted after all, ms. */
const SETTLED_MS = 200;

/** A picture for one viewer, whose memory is used again when it asks for the next. */
export interface ViewedPicture {
  readonly frame: KeptFrame;
  readonly picture: MadePicture;
  /** Part of all pixels that hold no more, as counted last. */
  readonly saturated: number;
}

/** Somebody who looks at a camera. */
export interface Viewer extends Disposable {
  /** The newest picture that this viewer has not seen; older ones are left out. Rejects with the signal's reason; RedsunError `camera/pictures`. */
  next(signal: AbortSignal): Promise<ViewedPicture>;
}

interface Looking {
  readonly asked: PictureAsked;
  /** Of its last picture, for the next one. */
  memory: SharedArrayBuffer | null;
  /** Of the last frame that it got. */
  seen: number;
  waiting: { readonly resolve: (picture: ViewedPicture) => void; readonly reject: (error: unknown) => void } | null;
}

/** Makes of a camera's frames exactly what its viewers ask for, in a thread; nothing while nobody looks. Newest wins, nothing queues up. */
export class LivePictures implements Disposable {
  readonly #thread: PictureThread;
  readonly #clock: Pick<Clock, 'setTimeout'>;
  readonly #kept = new KeptFrames();
  readonly #viewers = new Set<Looking>();
  #sequence = 0;
  /** Unix s, when a frame was kept, and when pixels were counted, last. */
  #keptAt = Number.NEGATIVE_INFINITY;
  #countedAt = Number.NEGATIVE_INFINITY;
  #saturated = 0;
  #isWorking = false;
  #settling: Disposable | null = null;

  constructor(thread: PictureThread, clock: Pick<Clock, 'setTimeout'>) {
    this.#thread = thread;
    this.#clock = clock;
  }

  /** Takes a frame that is lent for this call. @param factsOf - asked only where the frame is kept */
  offer(frame: Frame, factsOf: () => PictureFacts): void {
    this.#sequence++;
    const sinceS = frame.time - this.#keptAt;
    const facts = factsOf();
    const isEnough = this.#viewers.size === 0 && facts.source === 'live' && sinceS >= 0 && sinceS < UNSEEN_S;
    if (isEnough && this.#kept.all.at(-1)?.facts.source === 'live') return;
    this.#keptAt = frame.time;
    this.#kept.keep(frame, this.#sequence, facts);
    this.#work();
  }

  look(asked: PictureAsked): Viewer {
    const looking: Looking = { asked, memory: null, seen: 0, waiting: null };
    this.#viewers.add(looking);
    return {
      next: (signal) => this.#next(looking, signal),
      [Symbol.dispose]: () => void this.#viewers.delete(looking),
    };
  }

  [Symbol.dispose](): void {
    this.#settling?.[Symbol.dispose]();
  }

  #next(looking: Looking, signal: AbortSignal): Promise<ViewedPicture> {
    return new Promise<ViewedPicture>((resolve, reject) => {
      signal.throwIfAborted();
      const listening = onAbort(signal, () => {
        looking.waiting = null;
        reject(signal.reason);
      });
      const settle =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          looking.waiting = null;
          listening[Symbol.dispose]();
          then(value);
        };
      looking.waiting = { resolve: settle(resolve), reject: settle(reject) };
      this.#work();
    });
  }

  /** One frame at a time, for all who wait for it. */
  #work(): void {
    if (this.#isWorking) return;
    const frame = this.#nextFrame();
    if (!frame) return;
    const viewers = [...this.#viewers].filter(({ waiting, seen }) => waiting && seen < frame.sequence);
    this.#isWorking = true;
    frame.isRead = true;
    this.#make(frame, viewers)
      .catch((error: unknown) => {
        for (const { waiting } of viewers) waiting?.reject(error);
      })
      .finally(() => {
        this.#isWorking = false;
        this.#kept.give(frame);
        this.#work();
      });
  }

  /** The oldest that somebody who waits has not seen: in Live there is but the newest. */
  #nextFrame(): KeptFrame | undefined {
    const waiting = [...this.#viewers].filter((viewer) => viewer.waiting !== null);
    return this.#kept.all.find(({ sequence }) => waiting.some(({ seen }) => seen < sequence));
  }

  async #make(frame: KeptFrame, viewers: readonly Looking[]): Promise<void> {
    const { buffer, bytesPerPixel, shape, sequence } = frame;
    const { widthPx, heightPx } = shape;
    const ceiling = this.#isToBeCounted(frame) ? ceilingOf(shape) : null;
    const asked = viewers.map((viewer) => ({ ...viewer.asked, memory: viewer.memory }));
    const { pictures, counts } = await this.#thread.make({
      buffer,
      bytesPerPixel,
      widthPx,
      heightPx,
      ceiling,
      asked,
    });
    if (counts) {
      frame.counts = counts;
      this.#saturated = counts.saturated;
      this.#countedAt = shape.time;
    }
    for (const [index, viewer] of viewers.entries()) {
      const picture = pictures[index];
      if (!picture) continue;
      viewer.seen = sequence;
      viewer.memory = picture.pixels.buffer as SharedArrayBuffer;
      viewer.waiting?.resolve({ frame, picture, saturated: frame.counts?.saturated ?? this.#saturated });
    }
    if (frame.counts === null) this.#settleLater(frame);
  }

  #isToBeCounted({ counts, facts, shape }: KeptFrame): boolean {
    if (counts !== null) return false;
    const sinceS = shape.time - this.#countedAt;
    return facts.source !== 'live' || sinceS < 0 || sinceS >= COUNT_AGAIN_S;
  }

  /** What stands on the screen is shown again with its own figures. */
  #settleLater(frame: KeptFrame): void {
    this.#settling?.[Symbol.dispose]();
    this.#settling = this.#clock.setTimeout(() => {
      if (this.#kept.all.at(-1) !== frame || frame.counts !== null) return;
      this.#countedAt = Number.NEGATIVE_INFINITY;
      for (const viewer of this.#viewers) viewer.seen = Math.min(viewer.seen, frame.sequence - 1);
      this.#work();
    }, SETTLED_MS);
  }
}

/** Where the full well or the converter ends, whichever comes first. */
function ceilingOf({ bitDepth, ceilingCounts }: KeptFrame['shape']): number {
  return Math.min(ceilingCounts ?? Number.POSITIVE_INFINITY, 2 ** bitDepth - 1);
}
