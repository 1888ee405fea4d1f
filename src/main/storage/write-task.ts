import type { PixelType } from '../../sdk/storage/index.ts';
import type { FrameGeometry } from './frame-geometry.ts';

// What the main thread and the worker threads of the writer say to each other.

/** Cut the frame at `slotOffset` of the ring into chunks and write them at `fileOffset` of `path`. */
export interface WriteTask {
  readonly kind: 'write';
  readonly id: number;
  readonly slotOffset: number;
  readonly geometry: FrameGeometry;
  readonly dtype: PixelType;
  readonly path: string;
  readonly fileOffset: number;
}

/** The file is complete: let go of it. */
export interface CloseTask {
  readonly kind: 'close';
  readonly path: string;
}

export type WorkerTask = WriteTask | CloseTask;

export interface WrittenFrame {
  /** CRC-32C of the pixels, C order, little-endian. */
  readonly crc32c: number;
  /** Least and greatest of a sample of the pixels. */
  readonly low: number;
  readonly high: number;
}

export type WorkerReply =
  | { readonly kind: 'written'; readonly id: number; readonly frame: WrittenFrame }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string };

export interface WorkerStart {
  readonly ring: SharedArrayBuffer;
}
