import {
  type Awaitable,
  hasHints,
  isCollectable,
  isConfigurable,
  isPDevice,
  isReadable,
  isWritesStreamAssets,
} from '../device/protocols.ts';
import type {
  ConfigurationOf,
  DataKey,
  DocumentName,
  DocumentTypes,
  EventDescriptor,
  ExitStatus,
  Reading,
  StreamAsset,
} from '../events/documents.ts';
import { RedsunError, ValueError } from '../util/errors.ts';
import type { NewUid } from '../util/uid.ts';
import { IllegalMessageSequence } from './errors.ts';

type Emit = <N extends DocumentName>(name: N, doc: DocumentTypes[N]) => void;

interface Bundle {
  readonly stream: string;
  readonly readings: Map<object, Record<string, Reading>>;
}

interface Stream {
  readonly descriptor: EventDescriptor;
  readonly objects: ReadonlySet<object>;
  nextSeqNum: number;
}

interface Described {
  readonly name: string;
  readonly dataKeys: Record<string, DataKey>;
  readonly configuration: ConfigurationOf;
}

interface RunBundlerOptions {
  readonly metadata: Record<string, unknown>;
  readonly emit: Emit;
  readonly newUid: NewUid;
  /** Unix time, s. */
  readonly now: () => number;
  readonly recordInterruptions: boolean;
}

/** Composes the documents of one run: descriptors, events, stream assets. */
export class RunBundler {
  readonly uid: string;
  readonly #emit: Emit;
  readonly #newUid: NewUid;
  readonly #now: () => number;
  readonly #streams = new Map<string, Stream>();
  readonly #described = new Map<object, Described>();
  #checkpoint = new Map<string, number>();
  #bundle: Bundle | null = null;
  /** Frames that a flying device has written but no document tells of, as another one has fewer. */
  readonly #ahead = new Map<string, number>();
  /** Goes on counting when the run is rewound: what interrupted it did happen. */
  #interruptions: Stream | null = null;
  /** A resumed run repeats what it was doing: a frame may have been taken that no event speaks of. */
  #rewound = false;

  constructor({ metadata, emit, newUid, now, recordInterruptions }: RunBundlerOptions) {
    this.#emit = emit;
    this.#newUid = newUid;
    this.#now = now;
    this.uid = newUid();
    emit('start', { ...metadata, uid: this.uid, time: now() });
    if (recordInterruptions) this.#interruptions = this.#declareInterruptions();
  }

  /** An event in the stream of interruptions, if this run has one. @param content - `pause`, `resume`, or why it is held up. */
  recordInterruption(content: string): void {
    const stream = this.#interruptions;
    if (!stream) return;
    const time = this.#now();
    this.#emit('event', {
      uid: this.#newUid(),
      time,
      descriptor: stream.descriptor.uid,
      seq_num: stream.nextSeqNum++,
      data: { interruption: content },
      timestamps: { interruption: time },
      filled: {},
    });
  }

  #declareInterruptions(): Stream {
    const descriptor: EventDescriptor = {
      uid: this.#newUid(),
      time: this.#now(),
      run_start: this.uid,
      name: 'interruptions',
      data_keys: { interruption: { source: 'RunEngine', dtype: 'string', shape: [] } },
    };
    this.#emit('descriptor', descriptor);
    return { descriptor, objects: new Set(), nextSeqNum: 1 };
  }

  /** Frames that were written and that no document tells of, by device. */
  get untold(): ReadonlyMap<string, number> {
    return new Map([...this.#ahead].filter(([, frames]) => frames > 0));
  }

  close(exitStatus: ExitStatus, reason: string): void {
    const numEvents: Record<string, number> = {};
    for (const [name, stream] of this.#streams) numEvents[name] = stream.nextSeqNum - 1;
    if (this.#interruptions) numEvents.interruptions = this.#interruptions.nextSeqNum - 1;
    this.#emit('stop', {
      uid: this.#newUid(),
      time: this.#now(),
      run_start: this.uid,
      exit_status: exitStatus,
      reason,
      num_events: numEvents,
    });
  }

  get bundling(): boolean {
    return this.#bundle !== null;
  }

  create(stream: string): void {
    if (this.#bundle)
      throw new IllegalMessageSequence(
        "A second 'create' message is not allowed until the current event bundle is closed with a 'save' or 'drop' message.",
      );
    this.#bundle = { stream, readings: new Map() };
  }

  /** Adds a reading to the bundle, if one is open. */
  async read(obj: object, reading: Record<string, Reading>): Promise<void> {
    const bundle = this.#bundle;
    if (!bundle) return;
    if (!this.#described.has(obj)) this.#described.set(obj, await describe(obj, null));
    const taken = new Set([...bundle.readings.values()].flatMap((other) => Object.keys(other)));
    const twice = Object.keys(reading).find((key) => taken.has(key));
    if (twice !== undefined)
      throw new ValueError(
        `Data keys (field names) from ${nameOf(obj)} collide with those of another object: ${twice}`,
      );
    bundle.readings.set(obj, reading);
  }

  drop(): void {
    if (!this.#bundle)
      throw new IllegalMessageSequence(
        "A 'create' message must be sent, to open an event bundle, before that bundle can be dropped with 'drop'.",
      );
    this.#bundle = null;
  }

  /** Emits the descriptor (first time), the stream assets and the event of the open bundle. */
  async save(): Promise<void> {
    const bundle = this.#bundle;
    if (!bundle)
      throw new IllegalMessageSequence(
        "A 'create' message must be sent, to open an event bundle, before that bundle can be saved with 'save'.",
      );
    this.#bundle = null;
    if (bundle.readings.size === 0) return;
    const objects = [...bundle.readings.keys()];
    const stream = this.#streams.get(bundle.stream) ?? this.#declare(bundle.stream, objects);
    if (objects.length !== stream.objects.size || objects.some((obj) => !stream.objects.has(obj))) {
      throw new RedsunError(
        'engine/mismatched-objects',
        `Mismatched objects read in stream ${bundle.stream}: ${objects.map(nameOf).join(', ')}`,
      );
    }
    const seqNum = stream.nextSeqNum;
    for (const obj of objects) {
      if (isWritesStreamAssets(obj))
        this.#emitAssets(obj.collectAssetDocs(), stream, { start: seqNum, stop: seqNum + 1 });
    }
    const data: Record<string, unknown> = {};
    const timestamps: Record<string, number> = {};
    const filled: Record<string, boolean> = {};
    for (const [obj, readings] of bundle.readings) {
      const keys = this.#described.get(obj)?.dataKeys ?? {};
      for (const [key, { value, timestamp }] of Object.entries(readings)) {
        data[key] = value;
        timestamps[key] = timestamp;
        const { external } = keys[key] ?? {};
        if (external !== undefined && external !== 'STREAM:') filled[key] = false;
      }
    }
    stream.nextSeqNum++;
    this.#rewound = false;
    this.#emit('event', {
      uid: this.#newUid(),
      time: this.#now(),
      descriptor: stream.descriptor.uid,
      seq_num: seqNum,
      data,
      timestamps,
      filled,
    });
  }

  /** Declares a stream before its first event. @param how - `collect`: of what the devices collect while they fly. */
  async declareStream(name: string, objects: readonly object[], how: 'read' | 'collect'): Promise<EventDescriptor> {
    for (const obj of objects) {
      if (how === 'collect') this.#described.set(obj, await describe(obj, name));
      else if (!this.#described.has(obj)) this.#described.set(obj, await describe(obj, null));
    }
    return this.#declare(name, objects).descriptor;
  }

  /** Announces the frames that flying devices have written since the last call. */
  async collect(objects: readonly object[], streamName: string): Promise<void> {
    const stream = this.#streams.get(streamName);
    if (!stream) throw new IllegalMessageSequence(`Stream ${streamName} was not declared`);
    const writers = objects.filter(isWritesStreamAssets);
    const indices = await Promise.all(writers.map((writer) => writer.getIndex()));
    const index = Math.min(...indices);
    for (const [at, writer] of writers.entries()) this.#ahead.set(nameOf(writer), (indices[at] ?? index) - index);
    let frames = 0;
    for (const writer of writers) {
      for (const asset of writer.collectAssetDocs(index)) {
        if (asset.name === 'stream_datum') frames = Math.max(frames, asset.doc.indices.stop - asset.doc.indices.start);
        const seqNums = { start: stream.nextSeqNum, stop: stream.nextSeqNum + frames };
        this.#emitAssets([asset], stream, seqNums, true);
      }
    }
    stream.nextSeqNum += frames;
  }

  /** A device was configured: its streams get new descriptors. */
  async reconfigured(obj: object): Promise<void> {
    if (!this.#described.has(obj)) return;
    this.#described.set(obj, await describe(obj, null));
    // Declaring anew changes the map: go over what was there.
    for (const [name, stream] of [...this.#streams]) {
      if (!stream.objects.has(obj)) continue;
      const declared = this.#declare(name, [...stream.objects]);
      declared.nextSeqNum = stream.nextSeqNum;
    }
  }

  markCheckpoint(): void {
    this.#checkpoint = new Map([...this.#streams].map(([name, stream]) => [name, stream.nextSeqNum]));
  }

  /** Back to the checkpoint: the next event gets the number that it had then. */
  rewind(): void {
    this.#bundle = null;
    this.#rewound = true;
    for (const [name, stream] of this.#streams) stream.nextSeqNum = this.#checkpoint.get(name) ?? 1;
  }

  #declare(name: string, objects: readonly object[]): Stream {
    const dataKeys: Record<string, DataKey> = {};
    const objectKeys: Record<string, string[]> = {};
    const configuration: Record<string, ConfigurationOf> = {};
    const hints: Record<string, { fields?: readonly string[] }> = {};
    for (const obj of objects) {
      const described = this.#described.get(obj);
      if (!described) continue;
      for (const [key, value] of Object.entries(described.dataKeys))
        dataKeys[key] = { ...value, object_name: described.name };
      objectKeys[described.name] = Object.keys(described.dataKeys);
      configuration[described.name] = described.configuration;
      if (hasHints(obj)) hints[described.name] = obj.hints;
    }
    const descriptor: EventDescriptor = {
      uid: this.#newUid(),
      time: this.#now(),
      run_start: this.uid,
      name,
      data_keys: dataKeys,
      object_keys: objectKeys,
      configuration,
      hints,
    };
    const stream: Stream = { descriptor, objects: new Set(objects), nextSeqNum: 1 };
    this.#streams.set(name, stream);
    this.#emit('descriptor', descriptor);
    return stream;
  }

  #emitAssets(
    assets: Iterable<StreamAsset>,
    stream: Stream,
    seqNums: { start: number; stop: number },
    many = false,
  ): void {
    for (const asset of assets) {
      if (asset.name === 'stream_resource') {
        if (!(asset.doc.data_key in stream.descriptor.data_keys)) {
          throw new RedsunError(
            'engine/unknown-data-key',
            `Received a stream_resource with data_key ${asset.doc.data_key} that is not in the descriptor's data_keys [${Object.keys(stream.descriptor.data_keys).join(', ')}]`,
          );
        }
        this.#emit('stream_resource', { ...asset.doc, run_start: this.uid });
        continue;
      }
      const { start, stop } = asset.doc.indices;
      if (!many && stop - start > 1 && !this.#rewound) {
        throw new RedsunError(
          'engine/too-many-frames',
          `Received a stream_datum with ${stop - start} frames for one event`,
        );
      }
      // The event is about the last of them; the frames before it were taken in vain when the run was paused.
      const indices = many ? { start, stop } : { start: stop - 1, stop };
      this.#emit('stream_datum', { ...asset.doc, indices, descriptor: stream.descriptor.uid, seq_nums: seqNums });
    }
  }
}

/** @param stream - that the device flies for; null: it is read. */
async function describe(obj: object, stream: string | null): Promise<Described> {
  const dataKeys =
    stream === null ? (isReadable(obj) ? await later(obj.describe()) : {}) : await collected(obj, stream);
  const data: Record<string, unknown> = {};
  const timestamps: Record<string, number> = {};
  let configurationKeys: Record<string, DataKey> = {};
  if (isPDevice(obj) || isConfigurable(obj)) {
    const device = obj as Parameters<typeof isPDevice>[0] & {
      readConfiguration(): Awaitable<Record<string, Reading>>;
      describeConfiguration(): Awaitable<Record<string, DataKey>>;
    };
    configurationKeys = await later(device.describeConfiguration());
    for (const [key, reading] of Object.entries(await later(device.readConfiguration()))) {
      data[key] = reading.value;
      timestamps[key] = reading.timestamp;
    }
  }
  return { name: nameOf(obj), dataKeys, configuration: { data, timestamps, data_keys: configurationKeys } };
}

/** A device that flies for one stream tells its keys, one that flies for several tells them by stream. */
async function collected(obj: object, stream: string): Promise<Record<string, DataKey>> {
  if (!isCollectable(obj)) return {};
  const told = await later<Record<string, DataKey> | Record<string, Record<string, DataKey>>>(obj.describeCollect());
  const isKey = (value: DataKey | Record<string, DataKey>): value is DataKey => 'source' in value && 'dtype' in value;
  const own = Object.entries(told).filter((entry): entry is [string, DataKey] => isKey(entry[1]));
  if (own.length > 0) return Object.fromEntries(own);
  return ((told as Record<string, Record<string, DataKey>>)[stream] ?? {}) as Record<string, DataKey>;
}

/** Awaits only what really is a promise. */
async function later<T>(value: Awaitable<T>): Promise<T> {
  return value instanceof Promise ? await value : value;
}

export function nameOf(obj: unknown): string {
  return typeof obj === 'object' && obj !== null && 'name' in obj ? String(obj.name) : String(obj);
}
