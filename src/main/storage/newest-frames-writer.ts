import {
  type FrameMeta,
  type FrameSink,
  type PixelArray,
  type PixelType,
  type SourceInfo,
  Writer,
} from '../../sdk/storage/index.ts';
import { RuntimeError } from '../../sdk/util/index.ts';
import { frameAxesOf, frameGeometry } from './frame-geometry.ts';

/** A frame that is still there. */
export interface KeptFrame {
  readonly source: string;
  /** Among the frames of its source in this run, from 0. */
  readonly number: number;
  /** C order. */
  readonly pixels: PixelArray;
}

/**
 * Takes frames as the Zarr writer does, and refuses what that one refuses, but writes nothing: the newest are kept in memory up to a limit.
 * Readable, and so acknowledged, is each frame at least until the next one comes.
 */
export class NewestFramesWriter extends Writer {
  readonly mimetype = 'application/x-memory';
  readonly #limitBytes: number;
  #frames: KeptFrame[] = [];
  #bytes = 0;

  /** @param limitBytes - kept in all; a single frame is kept even when it is larger. */
  constructor(name: string, limitBytes: number) {
    super(name);
    this.#limitBytes = limitBytes;
  }

  /** Those still there, oldest first; of the last run, until the next one begins. */
  get frames(): readonly KeptFrame[] {
    return this.#frames;
  }

  /** @throws RedsunError `store/shape` for what is no picture, colour picture or volume. */
  override updateSource(
    name: string,
    dtype: PixelType,
    shape: readonly number[],
    extra: Readonly<Record<string, unknown>> = {},
  ): void {
    frameGeometry(dtype, shape, frameAxesOf(name, extra));
    super.updateSource(name, dtype, shape, extra);
  }

  /** @throws RuntimeError while the writer is open, as a store would. */
  override prepare(name: string, capacity = 0): FrameSink {
    if (this.isOpen) throw new RuntimeError('Cannot prepare sources while writer is open.');
    return super.prepare(name, capacity);
  }

  override writeFrame(name: string, frame: PixelArray, meta: FrameMeta): void {
    super.writeFrame(name, frame, meta);
    this.framesAcknowledged();
  }

  protected override storeFrame(source: SourceInfo, frame: PixelArray): void {
    this.checkFrame(source, frame);
    this.#frames.push({ source: source.name, number: source.framesWritten, pixels: frame.slice() });
    this.#bytes += frame.byteLength;
    while (this.#bytes > this.#limitBytes && this.#frames.length > 1) {
      this.#bytes -= this.#frames.shift()?.pixels.byteLength ?? 0;
    }
  }

  protected override openStore(): void {
    this.#frames = [];
    this.#bytes = 0;
    // Readers of the documents must not look for a file.
    this.storePath = `memory:${this.name}`;
  }

  protected override finalize(): void {}

  protected override acknowledgedOf({ framesWritten }: SourceInfo): number {
    return framesWritten;
  }
}
