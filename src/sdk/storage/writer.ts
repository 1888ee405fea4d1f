import type { StreamAsset } from '../events/documents.ts';
import { KeyError, RuntimeError } from '../util/errors.ts';
import { type NewUid, randomUid } from '../util/uid.ts';

export type PixelType = 'uint8' | 'uint16' | 'int16' | 'float32';
export type PixelArray = Uint8Array | Uint16Array | Int16Array | Float32Array;

/** An array that a device will write frames to. */
export interface SourceInfo {
  readonly name: string;
  readonly dtype: PixelType;
  /** Of one frame, C order. */
  readonly shape: readonly number[];
  /** Key in the documents: `<name>:buffer:stream`. */
  readonly dataKey: string;
  readonly mimetype: string;
  readonly extra: Readonly<Record<string, unknown>>;
  /** Frames taken over since `prepare`. */
  framesWritten: number;
  /** Frames already announced by stream documents. */
  collectionCounter: number;
  streamResourceUid: string;
}

/** What goes with a frame into the journal. */
export interface FrameMeta {
  /** Unix time, s, at the end of the exposure. */
  readonly time?: number;
  readonly exposureMs?: number;
}

/** Where a device writes its frames; made by `Writer.prepare`. */
export class FrameSink {
  readonly #writer: Writer;
  readonly #name: string;

  constructor(writer: Writer, name: string) {
    this.#writer = writer;
    this.#name = name;
  }

  /**
   * Takes over a copy of one frame at once; the caller may reuse its buffer.
   * @param frame - C order, shape and dtype as given to `updateSource`.
   * @throws RedsunError `store/full` when there is no room: await `ready` first.
   */
  write(frame: PixelArray, meta: FrameMeta = {}): void {
    this.#writer.writeFrame(this.#name, frame, meta);
  }

  /** Resolves when there is room for a frame: the back-pressure. */
  ready(signal: AbortSignal): Promise<void> {
    return this.#writer.ready(signal);
  }

  /** Resolves when the frame number `index` (from 0) can be read from the store. */
  acknowledged(index: number, signal: AbortSignal): Promise<void> {
    return this.#writer.acknowledged(this.#name, index, signal);
  }

  /** This device writes no more; the last one to say so finalizes the store. */
  close(): Promise<void> {
    return this.#writer.complete(this.#name);
  }
}

/**
 * Base of storage backends. A backend sets `storePath` at the latest in `kickoff`, takes frames in `storeFrame` and closes in `finalize`.
 * Life: `updateSource` and `prepare` per device, `kickoff` once, `sink.write` per frame, `complete` per device.
 */
export abstract class Writer {
  readonly name: string;
  /** Becomes the `uri` of stream_resource documents. */
  protected storePath = '';
  protected readonly sourcesByName = new Map<string, SourceInfo>();
  readonly #active = new Set<string>();
  readonly #newUid: NewUid;
  #open = false;
  #opening: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(name: string, newUid: NewUid = randomUid) {
    this.name = name;
    this.#newUid = newUid;
  }

  abstract get mimetype(): string;
  /** Takes over a copy of the frame at once. */
  protected abstract storeFrame(source: SourceInfo, frame: PixelArray, meta: FrameMeta): void;
  /** Opens the store for the active sources. */
  protected abstract openStore(active: readonly SourceInfo[]): void | Promise<void>;
  /** Everything taken over is on disk and the store is closed when it resolves. */
  protected abstract finalize(): void | Promise<void>;
  /** Resolves when a frame can be taken over. */
  abstract ready(signal: AbortSignal): Promise<void>;
  /** Frames of a source that can be read from the store by now. */
  protected abstract acknowledgedOf(source: SourceInfo): number;
  /** Resolves when frame `index` of `name` can be read from the store. */
  abstract acknowledged(name: string, index: number, signal: AbortSignal): Promise<void>;

  get isOpen(): boolean {
    return this.#open;
  }

  get sources(): ReadonlyMap<string, SourceInfo> {
    return this.sourcesByName;
  }

  /** Declares or replaces the array of a device. @throws RuntimeError while the writer is open. */
  updateSource(
    name: string,
    dtype: PixelType,
    shape: readonly number[],
    extra: Readonly<Record<string, unknown>> = {},
  ): void {
    if (this.#open) throw new RuntimeError('Cannot update sources while writer is open.');
    this.sourcesByName.set(name, {
      name,
      dtype,
      shape,
      dataKey: `${name}:buffer:stream`,
      mimetype: this.mimetype,
      extra,
      framesWritten: 0,
      collectionCounter: 0,
      streamResourceUid: this.#newUid(),
    });
  }

  clearSource(name: string, options: { readonly raiseIfMissing?: boolean } = {}): void {
    if (this.#open) throw new RuntimeError('Cannot clear sources while writer is open.');
    if (!this.sourcesByName.delete(name) && options.raiseIfMissing) throw new KeyError(name);
  }

  /** Frames that can be read from the store by now: of one source, or the least of all. */
  getIndicesWritten(name?: string): number {
    if (name !== undefined) return this.acknowledgedOf(this.requireSource(name));
    return (
      Math.min(
        ...[...this.sourcesByName.values()].map((source) => this.acknowledgedOf(source)),
        Number.MAX_SAFE_INTEGER,
      ) % Number.MAX_SAFE_INTEGER
    );
  }

  resetCollectionState(name: string): void {
    const source = this.requireSource(name);
    source.collectionCounter = 0;
    source.streamResourceUid = this.#newUid();
  }

  /** @param capacity - frames to come, 0: unknown. */
  prepare(name: string, _capacity = 0): FrameSink {
    const source = this.requireSource(name);
    source.framesWritten = 0;
    this.resetCollectionState(name);
    this.#active.add(name);
    return new FrameSink(this, name);
  }

  /** Opens the store once; whoever comes while it is being opened waits for it. */
  kickoff(): Promise<void> {
    // Forgotten in a later turn: a backend that throws at once would do so before there is anything to forget.
    this.#opening ??= this.#openNow().catch((error: unknown) => {
      this.#open = false;
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #openNow(): Promise<void> {
    this.#open = true;
    await this.openStore([...this.#active].map((name) => this.requireSource(name)));
  }

  writeFrame(name: string, frame: PixelArray, meta: FrameMeta): void {
    const source = this.requireSource(name);
    this.storeFrame(source, frame, meta);
    source.framesWritten++;
  }

  /** The last active source to complete finalizes the store. Once per kickoff. */
  async complete(name: string): Promise<void> {
    this.#active.delete(name);
    if (this.#active.size > 0 || !this.#open) return;
    this.#closing ??= this.#closeNow().finally(() => {
      this.#open = false;
      this.#opening = null;
      this.#closing = null;
    });
    await this.#closing;
  }

  async #closeNow(): Promise<void> {
    await this.finalize();
  }

  /** Stream documents not yet given for the first `indicesWritten` frames; `descriptor` and `seq_nums` are filled in by the run. */
  *collectStreamDocs(name: string, indicesWritten: number): Generator<StreamAsset> {
    const source = this.requireSource(name);
    const stop = Math.min(indicesWritten, source.framesWritten);
    const start = source.collectionCounter;
    if (stop <= 0 || start >= stop) return;
    const uid = source.streamResourceUid;
    if (start === 0) {
      const { mimetype, dataKey } = source;
      const parameters = this.resourceParameters(source);
      yield { name: 'stream_resource', doc: { data_key: dataKey, mimetype, parameters, uid, uri: this.storePath } };
    }
    yield {
      name: 'stream_datum',
      doc: {
        descriptor: '',
        indices: { start, stop },
        seq_nums: { start: 0, stop: 0 },
        stream_resource: uid,
        uid: `${uid}/${start}`,
      },
    };
    source.collectionCounter = stop;
  }

  protected resourceParameters(source: SourceInfo): Record<string, unknown> {
    return { array_name: source.name };
  }

  protected requireSource(name: string): SourceInfo {
    const source = this.sourcesByName.get(name);
    if (!source) throw new KeyError(`Unknown source '${name}'`);
    return source;
  }
}
