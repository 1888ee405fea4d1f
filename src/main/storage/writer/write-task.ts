import type { PixelType } from '../../../sdk/storage/index.ts';
import type { Compression } from '../../../shared/config/compression.ts';
import type { FrameGeometry } from '../layout/frame-geometry.ts';
import type { PlacedChunks } from '../layout/shard-index.ts';

// What the main thread and the worker threads of the writer say to each other.

/** Where in a file a frame goes. */
export type FrameRoom =
  /** To a place that is kept for it. */
  | { readonly kind: 'fixed'; readonly offset: number }
  /** Behind what is there: `end` is a counter (one BigInt64) that the threads share, as nobody knows how long compressed data will be. */
  | { readonly kind: 'append'; readonly end: SharedArrayBuffer };

/** One resolution of a frame, and where it goes. */
export interface WriteTarget {
  readonly geometry: FrameGeometry;
  readonly path: string;
  readonly room: FrameRoom;
}

/** Where an uncompressed frame lies in a file, its chunks one after the other. */
export interface StoredFrame {
  readonly path: string;
  readonly offset: number;
}

/** Cut the frame at `slotOffset` of the ring into chunks and write them. */
export interface WriteTask {
  readonly slotOffset: number;
  /** Set: the slot is empty, and the frame is read back into it first, plane after plane as `geometry` says. */
  readonly readBack?: StoredFrame;
  readonly geometry: FrameGeometry;
  readonly dtype: PixelType;
  readonly compression: Compression;
  /** By level, each half as large as the one before; null: that level is not written now. */
  readonly targets: readonly (WriteTarget | null)[];
}

/** Frames that waited for a thread at the same time, in the order they came: one message, and one write for those that lie side by side. */
export interface WriteBatch {
  readonly kind: 'write';
  readonly id: number;
  readonly frames: readonly WriteTask[];
}

/** The file is complete: let go of it. */
export interface CloseTask {
  readonly kind: 'close';
  readonly path: string;
}

export type WorkerTask = WriteBatch | CloseTask;

export interface WrittenFrame {
  /** CRC-32C of the pixels, little-endian, plane after plane; 0 of a frame that is in the store already. */
  readonly crc32c: number;
  /** Of each plane of a frame that has several; else empty. */
  readonly planeCrc32c: readonly number[];
  /** Least and greatest of a sample of the pixels, by channel within the frame. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
  /** By level; null where nothing was to be written. */
  readonly placed: readonly (PlacedChunks | null)[];
}

/** What became of a frame. */
export type FrameOutcome =
  | { readonly kind: 'written'; readonly frame: WrittenFrame }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** To each batch, by frame in its order. */
export interface WorkerReply {
  readonly id: number;
  readonly outcomes: readonly FrameOutcome[];
}

export interface WorkerStart {
  /** The ring, shared by all threads. */
  readonly memory: WebAssembly.Memory;
  /** The parts of it that this thread works in, a frame in each; bytes. */
  readonly workAreas: readonly { readonly offset: number; readonly byteLength: number }[];
  /** Works on the next frames while it writes. */
  readonly writesAside: boolean;
}
