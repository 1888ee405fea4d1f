import { DocumentRouter } from './document-router.ts';
import type { Event, EventDescriptor, IndexRange, StreamDatum, StreamResource } from './documents.ts';
import { DataNotAccessible, UndefinedAssetSpecification, UnfilledData, UnresolvableForeignKeyError } from './errors.ts';

/** Reads the frames of one store. */
export interface FrameReader {
  /** The frames of `indices`, in order. @throws what the store says; rejects with the signal's reason. */
  read(indices: IndexRange, signal: AbortSignal): Promise<readonly unknown[]>;
  /** Lets go of the store. */
  close(): Promise<void>;
}

/** Opens the store that a stream_resource document tells of. */
export type OpenFrameReader = (resource: StreamResource, signal: AbortSignal) => Promise<FrameReader>;

/** What a filler reads with. */
export interface FillerOptions {
  /** By MIME type: `application/x-zarr`. */
  readonly readers: Readonly<Record<string, OpenFrameReader>>;
}

/**
 * Fills events with the frames that stream documents tell of. It takes the documents of a run in order and keeps what it needs;
 * each store is opened once, when its first frame is asked for.
 */
export class Filler extends DocumentRouter {
  readonly #options: FillerOptions;
  readonly #descriptors = new Map<string, EventDescriptor>();
  readonly #resources = new Map<string, StreamResource>();
  /** By stream's descriptor. */
  readonly #frames = new Map<string, StreamDatum[]>();
  readonly #readers = new Map<string, Promise<FrameReader>>();

  /** @param options - readers by MIME type. */
  constructor(options: FillerOptions) {
    super();
    this.#options = options;
  }

  override descriptor(doc: EventDescriptor): void {
    this.#descriptors.set(doc.uid, doc);
  }

  override streamResource(doc: StreamResource): void {
    this.#resources.set(doc.uid, doc);
  }

  /** @throws UnresolvableForeignKeyError for frames in a store that has not come. */
  override streamDatum(doc: StreamDatum): void {
    if (!this.#resources.has(doc.stream_resource)) {
      const message = `StreamDatum refers to unknown StreamResource uid ${doc.stream_resource}`;
      throw new UnresolvableForeignKeyError(doc.stream_resource, message);
    }
    const known = this.#frames.get(doc.descriptor) ?? [];
    this.#frames.set(doc.descriptor, [...known, doc]);
  }

  /**
   * The event with the frames of all `STREAM:` keys of its stream. One frame per event comes as it is, several as a list.
   * @throws UnresolvableForeignKeyError for an event of an unknown stream; UnfilledData for a frame that no document tells of;
   * UndefinedAssetSpecification for a MIME type without a reader; DataNotAccessible for what the reader throws.
   */
  async fillEvent(event: Event, signal: AbortSignal): Promise<Event> {
    const descriptor = this.#descriptors.get(event.descriptor);
    if (!descriptor) {
      const message = `Event refers to unknown EventDescriptor uid ${event.descriptor}`;
      throw new UnresolvableForeignKeyError(event.descriptor, message);
    }
    const data: Record<string, unknown> = { ...event.data };
    const filled: Record<string, boolean | string> = { ...event.filled };
    for (const [key, { external }] of Object.entries(descriptor.data_keys)) {
      if (external !== 'STREAM:') continue;
      const { resource, indices } = this.#place(event, key);
      const frames = await this.#read(resource, indices, signal);
      data[key] = frames.length === 1 ? frames[0] : frames;
      filled[key] = true;
    }
    return { ...event, data, filled };
  }

  /** Lets go of every store. Each is tried; the first error is thrown at the end. */
  async close(): Promise<void> {
    const readers = [...this.#readers.values()];
    this.#readers.clear();
    const ends = await Promise.allSettled(readers.map(async (reader) => (await reader).close()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** As `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #place(event: Event, key: string): { readonly resource: StreamResource; readonly indices: IndexRange } {
    // A run that was resumed may tell of an event twice: what was told last counts.
    for (const datum of [...(this.#frames.get(event.descriptor) ?? [])].reverse()) {
      const resource = this.#resources.get(datum.stream_resource);
      const at = event.seq_num - datum.seq_nums.start;
      const events = datum.seq_nums.stop - datum.seq_nums.start;
      if (resource?.data_key !== key || at < 0 || at >= events) continue;
      const perEvent = (datum.indices.stop - datum.indices.start) / events;
      const start = datum.indices.start + at * perEvent;
      return { resource, indices: { start, stop: start + perEvent } };
    }
    throw new UnfilledData(`No document tells where ${key} of event ${event.seq_num} (${event.uid}) is`);
  }

  async #read(resource: StreamResource, indices: IndexRange, signal: AbortSignal): Promise<readonly unknown[]> {
    const reader = this.#readerOf(resource, signal);
    try {
      return await (await reader).read(indices, signal);
    } catch (cause) {
      signal.throwIfAborted();
      throw new DataNotAccessible(
        `Frames ${indices.start} to ${indices.stop - 1} of ${resource.uri} cannot be read`,
        cause,
      );
    }
  }

  #readerOf(resource: StreamResource, signal: AbortSignal): Promise<FrameReader> {
    const open = this.#options.readers[resource.mimetype];
    if (!open) {
      const known = Object.keys(this.#options.readers).join(', ') || 'none';
      throw new UndefinedAssetSpecification(`There is no reader for ${resource.mimetype}; known are: ${known}`);
    }
    const opened = this.#readers.get(resource.uid);
    if (opened) return opened;
    const opening = open(resource, signal);
    this.#readers.set(resource.uid, opening);
    // What could not be opened is tried again the next time.
    opening.catch(() => this.#readers.delete(resource.uid));
    return opening;
  }
}
