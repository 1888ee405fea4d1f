import type { FrameMeta, FrameSink } from '../storage/frame-sink.ts';
import type { PixelArray, SourceInfo } from '../storage/source-info.ts';
import { Writer } from '../storage/writer.ts';
import { onAbort } from '../util/disposable.ts';
import { RedsunError } from '../util/errors.ts';

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
  readonly #capacities = new Map<string, number>();
  #waiting: (() => void)[] = [];

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
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const check of waiting) check();
  }

  override async ready(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw signal.reason;
  }

  override acknowledged(name: string, index: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (this.getIndicesWritten(name) > index) resolve();
        else this.#waiting.push(check);
      };
      onAbort(signal, () => reject(signal.reason));
      check();
    });
  }

  override prepare(name: string, capacity = 0): FrameSink {
    const sink = super.prepare(name, capacity);
    this.#capacities.set(name, capacity);
    this.#acknowledged.set(name, 0);
    return sink;
  }

  override writeFrame(name: string, frame: PixelArray, meta: FrameMeta): void {
    super.writeFrame(name, frame, meta);
    if (!this.#held) this.acknowledge();
  }

  protected override storeFrame(source: SourceInfo, frame: PixelArray, meta: FrameMeta): void {
    if (!this.isOpen) throw new RedsunError('store/closed', `${source.name}: the store is not open`);
    const size = source.shape.reduce((product, length) => product * length, 1);
    if (frame.length !== size) {
      throw new RedsunError('store/shape', `${source.name}: ${frame.length} pixels, expected ${size}`);
    }
    if (frame.constructor.name.toLowerCase() !== `${source.dtype}array`) {
      throw new RedsunError('store/shape', `${source.name}: a ${frame.constructor.name}, expected ${source.dtype}`);
    }
    const capacity = this.#capacities.get(source.name) ?? 0;
    if (capacity > 0 && source.framesWritten >= capacity) {
      throw new RedsunError('store/over-capacity', `${source.name}: one frame more than the ${capacity} announced`);
    }
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
