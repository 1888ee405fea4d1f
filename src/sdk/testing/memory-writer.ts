import type { FrameMeta, FrameSink } from '../storage/frame-sink.ts';
import type { PixelArray, SourceInfo } from '../storage/source-info.ts';
import { Writer } from '../storage/writer.ts';

/** A frame as it was written. */
export interface StoredFrame {
  /** Device that it came from. */
  readonly source: string;
  /** A copy, C order. */
  readonly pixels: PixelArray;
  /** What came with it. */
  readonly meta: FrameMeta;
}

/** Keeps frames in memory; acknowledges at once, or when told to. */
export class MemoryWriter extends Writer {
  /** What was written, in order. */
  readonly frames: StoredFrame[] = [];
  /** How often the store was opened and finalized. */
  readonly calls: ('open' | 'finalize')[] = [];
  readonly #held: boolean;
  readonly #acknowledged = new Map<string, number>();

  /** @param options - `held`: frames wait for `acknowledge()`. */
  constructor(options: { readonly held?: boolean } = {}) {
    super('memory');
    this.#held = options.held ?? false;
  }

  get mimetype(): string {
    return 'application/x-memory';
  }

  /** All frames taken over so far count as readable. */
  acknowledge(): void {
    for (const source of this.sources.values()) this.#acknowledged.set(source.name, source.framesWritten);
    this.framesAcknowledged();
  }

  override prepare(name: string, capacity = 0): FrameSink {
    this.#acknowledged.set(name, 0);
    return super.prepare(name, capacity);
  }

  override writeFrame(name: string, frame: PixelArray, meta: FrameMeta): void {
    super.writeFrame(name, frame, meta);
    if (!this.#held) this.acknowledge();
  }

  protected override storeFrame(source: SourceInfo, frame: PixelArray, meta: FrameMeta): void {
    this.checkFrame(source, frame);
    this.frames.push({ source: source.name, pixels: frame.slice(), meta });
  }

  protected override openStore(): void {
    this.calls.push('open');
    this.storePath = 'memory://store';
  }

  protected override finalize(): void {
    this.calls.push('finalize');
  }

  protected override acknowledgedOf(source: SourceInfo): number {
    return this.#acknowledged.get(source.name) ?? 0;
  }
}
