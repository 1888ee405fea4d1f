import type { StreamAsset } from '../events/documents.ts';
import type { Logger } from '../log/logger.ts';
import { KeyError, RedsunError, RuntimeError, ValueError } from '../util/errors.ts';
import { type NewUid, randomUid } from '../util/uid.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { type FrameMeta, FrameSink } from './frame-sink.ts';
import { newSourceInfo, type PixelArray, type PixelType, type SourceInfo } from './source-info.ts';
import type { StorageProxy } from './storage-proxy.ts';

/** What a writer may be given. */
export interface WriterOptions {
  /** Uids of documents; given by tests. Default: random. */
  readonly newUid?: NewUid;
  /** Hears of sources that come and go. Default: nobody. */
  readonly logger?: Logger | null;
}

/** Life of the store behind a writer. */
type Life =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly opened: Promise<void> }
  | { readonly kind: 'closing'; readonly opened: Promise<void>; readonly closed: Promise<void> };

/**
 * Base of storage backends. A backend sets `storePath` at the latest in `kickoff`, takes frames in `storeFrame` and closes in `finalize`.
 * Life: `updateSource` and `prepare` per device, `kickoff` once, `sink.write` per frame, `complete` per device.
 */
export abstract class Writer implements StorageProxy {
  /** Unique in the session; names the writer in the log. */
  readonly name: string;
  /** Becomes the `uri` of stream_resource documents. A backend sets it at the latest in `openStore`. */
  protected storePath = '';
  /** What was declared, by name. */
  protected readonly sourcesByName = new Map<string, SourceInfo>();
  readonly #active = new Set<string>();
  readonly #capacities = new Map<string, number>();
  readonly #acknowledgements = new Acknowledgements();
  readonly #newUid: NewUid;
  readonly #logger: Logger | null;
  #life: Life = { kind: 'closed' };

  /** @param name - for the log. @throws TypeError when it is called for `Writer` itself. */
  constructor(name: string, options: WriterOptions = {}) {
    if (new.target === Writer) throw new TypeError("Can't instantiate abstract class Writer");
    this.name = name;
    this.#newUid = options.newUid ?? randomUid;
    this.#logger = options.logger ?? null;
  }

  /** What the store is, as a MIME type: a property of the backend. */
  abstract get mimetype(): string;
  /** Takes over a copy of the frame at once. */
  protected abstract storeFrame(source: SourceInfo, frame: PixelArray, meta: FrameMeta): void;
  /** Opens the store for the active sources. */
  protected abstract openStore(active: readonly SourceInfo[]): void | Promise<void>;
  /** Everything taken over is on disk and the store is closed when it resolves. */
  protected abstract finalize(): void | Promise<void>;
  /** Frames of a source that can be read from the store by now. */
  protected abstract acknowledgedOf(source: SourceInfo): number;

  /** Resolves when a frame can be taken over. Here: at once; a backend with a limit overrides it. Rejects with the signal's reason. */
  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
  }

  /**
   * Resolves when frame `index` of `name` can be read from the store. Rejects with the signal's reason.
   * @throws KeyError for an unknown name; RedsunError `store/closed` (as a rejection) when the store is closed before.
   */
  async acknowledged(name: string, index: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const reached = () => this.acknowledgedOf(this.requireSource(name)) > index;
    await this.#acknowledgements.wait(reached, `frame ${index} of ${name}`, signal);
  }

  /** A backend says that more frames can be read: `acknowledgedOf` has changed. */
  protected framesAcknowledged(): void {
    this.#acknowledgements.look();
  }

  /**
   * What a backend refuses before it takes a frame over.
   * @throws RedsunError `store/not-open` before kickoff and after the end; `store/shape` for another size or type than declared;
   * `store/over-capacity` for one frame more than announced.
   */
  protected checkFrame({ name, dtype, shape, framesWritten }: SourceInfo, frame: PixelArray): void {
    if (!this.isOpen) throw new RedsunError('store/not-open', `${name}: the store is not open`);
    const pixels = shape.reduce((product, length) => product * length, 1);
    // By name, as frames may come from another realm.
    const type = Object.prototype.toString.call(frame).slice(8, -'Array]'.length).toLowerCase();
    if (frame.length !== pixels || (type !== dtype && !(type === 'uint8clamped' && dtype === 'uint8'))) {
      const expected = `${pixels} pixels ${dtype}, [${shape.join(', ')}]`;
      throw new RedsunError('store/shape', `${name}: a frame of ${frame.length} pixels ${type}; expected ${expected}`);
    }
    const capacity = this.#capacities.get(name) ?? 0;
    if (capacity > 0 && framesWritten >= capacity) {
      const message = `${name}: frame ${framesWritten} is one more than the ${capacity} that were announced`;
      throw new RedsunError('store/over-capacity', message);
    }
  }

  /** From `kickoff` until the last source has completed and the store is closed. */
  get isOpen(): boolean {
    return this.#life.kind !== 'closed';
  }

  /** What was declared, by name, as it changes. */
  get sources(): ReadonlyMap<string, SourceInfo> {
    return this.sourcesByName;
  }

  /**
   * Declares or replaces the array of a device: counters begin at 0, under a new uid.
   * @param shape - of one frame, C order. @param extra - for the backend.
   * @throws RuntimeError while the writer is open.
   */
  updateSource(
    name: string,
    dtype: PixelType,
    shape: readonly number[],
    extra: Readonly<Record<string, unknown>> = {},
  ): void {
    if (this.isOpen) throw new RuntimeError('Cannot update sources while writer is open.');
    const { mimetype } = this;
    const fields = { name, dtype, shape, dataKey: `${name}:buffer:stream`, mimetype, extra };
    this.sourcesByName.set(name, newSourceInfo(fields, this.#newUid));
    this.#logger?.debug(`Updated source '${name}' with shape [${shape.join(', ')}]`);
  }

  /**
   * Takes a declaration back. An unknown name is logged.
   * @throws RuntimeError while the writer is open; KeyError for an unknown name if `raiseIfMissing`.
   */
  clearSource(name: string, options: { readonly raiseIfMissing?: boolean } = {}): void {
    if (this.isOpen) throw new RuntimeError('Cannot clear sources while writer is open.');
    if (this.sourcesByName.delete(name)) {
      this.#active.delete(name);
      this.#logger?.debug(`Cleared source '${name}'`);
      return;
    }
    this.#logger?.error(`Source '${name}' not found.`);
    if (options.raiseIfMissing) throw unknownSource(name);
  }

  /** Frames that can be read from the store by now: of one source, or the least of all, 0 without any. @throws KeyError for an unknown name. */
  getIndicesWritten(name: string | null = null): number {
    if (name !== null) return this.acknowledgedOf(this.requireSource(name));
    const [first, ...rest] = [...this.sourcesByName.values()].map((source) => this.acknowledgedOf(source));
    return first === undefined ? 0 : Math.min(first, ...rest);
  }

  /** Documents begin anew, under a new uid; frames stay counted. @throws KeyError for an unknown name. */
  resetCollectionState(name: string): void {
    const source = this.requireSource(name);
    source.collectionCounter = 0;
    source.streamResourceUid = this.#newUid();
  }

  /**
   * Makes ready for an acquisition: counters at 0, a new uid.
   * @param capacity - frames to come, 0: unknown. The base class takes more than announced; backends refuse them.
   * @throws KeyError for an unknown name.
   */
  prepare(name: string, capacity = 0): FrameSink {
    if (!Number.isInteger(capacity) || capacity < 0) {
      throw new ValueError(`${name}: a capacity of ${capacity} frames; expected 0 or a positive whole number`);
    }
    const source = this.requireSource(name);
    source.framesWritten = 0;
    this.resetCollectionState(name);
    this.#capacities.set(name, capacity);
    this.#active.add(name);
    return new FrameSink(this, name);
  }

  /** Opens the store once; whoever comes while it is open waits until it is. @throws what the backend throws; the writer is closed then. */
  kickoff(): Promise<void> {
    if (this.#life.kind !== 'closed') return this.#life.opened;
    const active = [...this.#active].map((name) => this.requireSource(name));
    // In a later turn, so that the writer is open before the backend can fail.
    const opened = Promise.resolve()
      .then(() => this.openStore(active))
      .catch((error: unknown) => {
        this.#life = { kind: 'closed' };
        throw error;
      });
    this.#life = { kind: 'open', opened };
    return opened;
  }

  /** Takes over a copy of a frame at once; what `FrameSink.write` calls. @throws KeyError for an unknown name; what the backend refuses it with. */
  writeFrame(name: string, frame: PixelArray, meta: FrameMeta): void {
    const source = this.requireSource(name);
    this.storeFrame(source, frame, meta);
    source.framesWritten++;
  }

  /**
   * No more frames of `name` will come. The last active source finalizes the store, once per kickoff; unknown names are passed over.
   * @throws what finalizing throws; the writer is closed all the same.
   */
  async complete(name: string): Promise<void> {
    this.#active.delete(name);
    if (this.#active.size > 0 || this.#life.kind === 'closed') return;
    if (this.#life.kind === 'open') {
      const { opened } = this.#life;
      // Not before it was opened: a store that is being made cannot be closed.
      const closed = opened
        .then(() => this.finalize())
        .finally(() => {
          this.#life = { kind: 'closed' };
          this.#acknowledgements.giveUp();
        });
      this.#life = { kind: 'closing', opened, closed };
    }
    await this.#life.closed;
  }

  /**
   * Stream documents not yet given for the first `indicesWritten` frames: a stream_resource before the first, then a stream_datum.
   * `descriptor` and `seq_nums` are filled in by the run. Frames count as told when the iteration has come to its end.
   * @throws KeyError for an unknown name, when it is iterated.
   */
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

  /** `parameters` of the stream_resource document: what a reader needs to find the array. */
  protected resourceParameters(source: SourceInfo): Record<string, unknown> {
    return { array_name: source.name };
  }

  /** @throws KeyError `Unknown source 'x'` */
  protected requireSource(name: string): SourceInfo {
    const source = this.sourcesByName.get(name);
    if (!source) throw unknownSource(name);
    return source;
  }
}

function unknownSource(name: string): KeyError {
  return new KeyError(`Unknown source '${name}'`);
}
