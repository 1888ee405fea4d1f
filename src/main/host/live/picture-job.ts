import type { PixelCounts } from '../../../shared/pictures/count-pixels.ts';
import type { MadePicture, PictureAsked } from '../../../shared/pictures/make-picture.ts';

/** What the thread is to make of one frame. */
export interface PictureJob {
  readonly id: number;
  /** Memory of the frame, lent until the answer. */
  readonly buffer: SharedArrayBuffer;
  readonly bytesPerPixel: 1 | 2;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Counts of a pixel that holds no more; null: pixels are not counted. */
  readonly ceiling: number | null;
  readonly asked: readonly AskedOf[];
}

/** What one viewer asks for. */
export interface AskedOf extends PictureAsked {
  /** Takes its picture; too small, or null: the thread makes another. */
  readonly memory: SharedArrayBuffer | null;
}

export interface PictureReply {
  readonly id: number;
  /** In the order of `asked`, each in the memory of its viewer. */
  readonly pictures: readonly MadePicture[];
  readonly counts: PixelCounts | null;
}
