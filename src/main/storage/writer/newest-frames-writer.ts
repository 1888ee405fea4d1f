import type { FrameMeta, PixelArray, SourceInfo } from '../../../sdk/storage/index.ts';
import { ImageWriter } from './image-writer.ts';

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
export class NewestFramesWriter extends ImageWriter {
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
