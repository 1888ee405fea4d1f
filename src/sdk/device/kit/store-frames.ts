import type { DataKey, StreamAsset } from '../../events/documents.ts';
import type { FrameSink } from '../../storage/frame-sink.ts';
import type { StorageProxy } from '../../storage/storage-proxy.ts';
import type { Frame, TriggerInfo } from '../roles.ts';

/** What an array in the store must know of the camera's frames. */
export interface FrameFormat {
  /** Of a pixel. */
  readonly dtype: 'uint8' | 'uint16';
  /** Rows and columns, px. */
  readonly shape: readonly [heightPx: number, widthPx: number];
}

/** The camera's side of the session's store, from `stage` to `unstage`. Without a writer frames are counted and let go. */
export class StoreFrames {
  readonly #camera: string;
  readonly #writer: StorageProxy | null;
  #sink: FrameSink | null = null;
  #framesWritten = 0;

  constructor(camera: string, writer: StorageProxy | null, format: FrameFormat) {
    this.#camera = camera;
    this.#writer = writer;
    this.#declare(format, { frames: 0 });
  }

  /** Takes in how many frames will come and how they lie; nothing once frames are being written. */
  prepare(format: FrameFormat, info: TriggerInfo): void {
    if (this.#framesWritten === 0 && !this.#writer?.isOpen) this.#declare(format, info);
  }

  /** Opens the store, if no other camera has. */
  async open(): Promise<void> {
    await this.#writer?.kickoff();
  }

  /** Hands a frame over once there is room for it. @returns resolves when the frame can be read from the store */
  async write(frame: Frame, signal: AbortSignal): Promise<{ readonly acknowledged: Promise<void> }> {
    const sink = this.#sink;
    if (!sink) return { acknowledged: Promise.resolve() };
    await sink.ready(signal);
    sink.write(frame.data, { time: frame.time, exposureMs: frame.exposureMs });
    const acknowledged = sink.acknowledged(this.#framesWritten++, signal);
    acknowledged.catch(() => {}); // The caller hears of it when it waits for it.
    return { acknowledged };
  }

  /** No more frames come. */
  async close(): Promise<void> {
    await this.#sink?.close();
  }

  #declare(format: FrameFormat, { frames, layout }: TriggerInfo): void {
    if (!this.#writer) return;
    this.#writer.updateSource(this.#camera, format.dtype, format.shape, layout === undefined ? {} : { layout });
    this.#sink = this.#writer.prepare(this.#camera, frames);
  }
}

/** The array's entry in descriptors. */
export function streamKeyOf(
  camera: string,
  source: string,
  { dtype, shape }: FrameFormat,
  collectionsPerEvent: number,
): Record<string, DataKey> {
  return {
    [`${camera}:buffer:stream`]: {
      source,
      dtype: 'array',
      shape: [collectionsPerEvent, ...shape],
      dtype_numpy: dtype === 'uint8' ? '|u1' : '<u2',
      external: 'STREAM:',
      object_name: camera,
    },
  };
}

/** Stream documents for the events all of whose frames can be read by now, up to event `index`. */
export function* collectFrom(
  camera: string,
  writer: StorageProxy | null,
  index: number | undefined,
  collectionsPerEvent: number,
): Generator<StreamAsset> {
  if (!writer?.sources.has(camera)) return;
  const readable = Math.floor(writer.getIndicesWritten(camera) / collectionsPerEvent);
  yield* writer.collectStreamDocs(camera, index === undefined ? readable : Math.min(index, readable));
}
