import {
  type Awaitable,
  isEventCollectable,
  isEventPageCollectable,
  isWritesStreamAssets,
  type PartialEvent,
  type PartialEventPage,
  type WritesStreamAssets,
} from '../device/protocols.ts';
import { after, allOf, inTurn } from '../util/awaitable.ts';
import { RuntimeError } from '../util/errors.ts';
import { emitCollectedAssets, listed } from './asset-documents.ts';
import { describeCollectedByStream, nameOf } from './described-object.ts';
import { ProtocolError } from './errors.ts';
import { EventStream, type RunIdentity } from './event-stream.ts';

/** What a plan that collects gets: readings, unless the device keeps them in files. */
export type CollectedPayload = readonly (PartialEvent | PartialEventPage)[] | null;

/** Data of flying devices: fetched when a plan collects, or at the end when it forgot to. */
export class FlownData {
  readonly #run: RunIdentity;
  /** Of the run, by name. */
  readonly #streams: Map<string, EventStream>;
  /** Streams that a device named itself. */
  readonly #ownStreams = new Map<object, ReadonlyMap<string, EventStream>>();
  readonly #uncollected = new Set<object>();
  /** Frames that a device has written but no document tells of, as another one has fewer. */
  readonly #ahead = new Map<string, number>();

  constructor(run: RunIdentity, streams: Map<string, EventStream>) {
    this.#run = run;
    this.#streams = streams;
  }

  /** Frames that were written and that no document tells of, by device. */
  get untold(): ReadonlyMap<string, number> {
    return new Map([...this.#ahead].filter(([, frames]) => frames > 0));
  }

  /** `obj` has begun to fly: somebody has to collect from it. */
  kickedOff(obj: object): void {
    this.#uncollected.add(obj);
  }

  /**
   * Emits what the objects have. @param name - of a declared stream; null: the one object names its streams itself.
   * @throws ProtocolError when that stream was not declared; RuntimeError for several objects without a name.
   */
  collect(objects: readonly object[], name: string | null): Awaitable<CollectedPayload> {
    for (const obj of objects) this.#uncollected.delete(obj);
    if (name !== null) {
      const stream = this.#streams.get(name);
      if (stream) return this.#collectInto(() => stream, stream, objects);
      throw new ProtocolError('If a message stream name is provided declare stream needs to be called first.');
    }
    const [obj] = objects;
    if (!obj || objects.length > 1) {
      throw new RuntimeError('Several objects are collected into a declared stream: give its name');
    }
    return after(this.#streamsOf(obj), (streams) => {
      const [first] = streams.values();
      if (!first) return null;
      return this.#collectInto((keys) => streamWith(streams, keys) ?? first, first, objects);
    });
  }

  /** Collects from everything that a plan has left. @param onError - hears what fails; the rest is still collected. */
  collectLeftovers(onError: (error: unknown) => void): Awaitable<void> {
    return inTurn([...this.#uncollected], async (obj) => {
      try {
        const declared = [...this.#streams.values()].find(({ objects }) => objects.has(obj));
        await this.collect(declared ? [...declared.objects.keys()] : [obj], declared?.name ?? null);
      } catch (thrown) {
        onError(thrown);
      }
    });
  }

  #streamsOf(obj: object): Awaitable<ReadonlyMap<string, EventStream>> {
    const known = this.#ownStreams.get(obj);
    if (known) return known;
    return after(describeCollectedByStream(obj), (described) => {
      const streams = new Map<string, EventStream>();
      for (const [name, one] of described) {
        const stream = new EventStream(this.#run, name, new Map([[obj, one]]), this.#streams.get(name));
        streams.set(name, stream);
        this.#streams.set(name, stream);
      }
      this.#ownStreams.set(obj, streams);
      return streams;
    });
  }

  #collectInto(
    streamOf: (keys: readonly string[]) => EventStream,
    declared: EventStream,
    objects: readonly object[],
  ): Awaitable<CollectedPayload> {
    const writers = objects.filter(isWritesStreamAssets);
    if (writers.length > 0) return this.#collectFrames(declared, writers);
    const payload: (PartialEvent | PartialEventPage)[] = [];
    const collected = inTurn(objects, (obj) => {
      if (isEventPageCollectable(obj)) {
        return after(listed(obj.collectPages()), (pages) => {
          payload.push(...pages);
          for (const { data, timestamps, time } of pages) streamOf(Object.keys(data)).page(data, timestamps, time);
        });
      }
      if (!isEventCollectable(obj)) return;
      return after(listed(obj.collect()), (events) => {
        payload.push(...events);
        emitPages(events, streamOf);
      });
    });
    return after(collected, () => payload);
  }

  #collectFrames(stream: EventStream, writers: readonly WritesStreamAssets[]): Awaitable<null> {
    return after(allOf(writers.map((writer) => writer.getIndex())), (indices) => {
      const index = Math.min(...indices);
      for (const [at, writer] of writers.entries()) this.#ahead.set(nameOf(writer), (indices[at] ?? index) - index);
      let frames = 0;
      const told = inTurn(writers, (writer) =>
        after(listed(writer.collectAssetDocs(index)), (assets) => {
          frames = Math.max(frames, emitCollectedAssets(this.#run, stream, assets));
        }),
      );
      return after(told, () => {
        stream.nextSeqNum += frames;
        return null;
      });
    });
  }
}

/** The stream that has these keys. */
function streamWith(streams: ReadonlyMap<string, EventStream>, keys: readonly string[]): EventStream | undefined {
  return [...streams.values()].find(({ descriptor }) => keys.every((key) => key in descriptor.data_keys));
}

/** One page per stream, with the events in their order. */
function emitPages(events: readonly PartialEvent[], streamOf: (keys: readonly string[]) => EventStream): void {
  const byStream = new Map<EventStream, PartialEvent[]>();
  for (const event of events) {
    const stream = streamOf(Object.keys(event.data));
    const own = byStream.get(stream);
    if (own) own.push(event);
    else byStream.set(stream, [event]);
  }
  for (const [stream, own] of byStream) {
    const keys = Object.keys(own[0]?.data ?? {});
    const column = <V>(of: (event: PartialEvent) => Readonly<Record<string, V>>) =>
      Object.fromEntries(keys.map((key) => [key, own.map((event) => of(event)[key] as V)]));
    stream.page(
      column(({ data }) => data),
      column(({ timestamps }) => timestamps),
      own.map(({ time }) => time),
    );
  }
}
