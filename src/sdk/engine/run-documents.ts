import type { Awaitable, Subscribable } from '../device/protocols.ts';
import type { Event, EventDescriptor, ExitStatus, Reading } from '../events/documents.ts';
import { after, allOf, inTurn } from '../util/awaitable.ts';
import { ValueError } from '../util/errors.ts';
import type { NewUid } from '../util/uid.ts';
import { assetsOf, emitEventAssets } from './asset-documents.ts';
import { type DescribedObject, describeCollected, describeRead, nameOf } from './described-object.ts';
import { IllegalMessageSequence } from './errors.ts';
import { type Emit, EventStream, type RunIdentity } from './event-stream.ts';
import { type CollectedPayload, FlownData } from './flown-data.ts';
import { Monitors } from './monitors.ts';

/** The event that is being put together. */
interface Bundle {
  readonly stream: string;
  readonly objects: Set<object>;
  readonly data: Record<string, unknown>;
  readonly timestamps: Record<string, number>;
  /** Whose key is whose. */
  readonly owners: Map<string, object>;
}

/** What a plan is told of a stream that it declares: its descriptor, what makes its next event without emitting it, and its objects. */
export type DeclaredStream = readonly [
  descriptor: EventDescriptor,
  compose: (data: Record<string, unknown>, timestamps: Record<string, number>) => Event,
  objects: readonly object[],
];

interface RunDocumentsOptions {
  readonly metadata: Record<string, unknown>;
  readonly emit: Emit;
  readonly newUid: NewUid;
  /** Unix time, s. */
  readonly now: () => number;
  readonly recordInterruptions: boolean;
  /** Hears what is thrown while no message is executed. */
  readonly onError: (thrown: unknown) => void;
}

const INTERRUPTIONS = 'interruptions';

/** Composes the documents of one run, in the order in which messages ask for them. */
export class RunDocuments {
  readonly uid: string;
  readonly monitors: Monitors;
  readonly #run: RunIdentity;
  readonly #streams = new Map<string, EventStream>();
  readonly #flown: FlownData;
  readonly #described = new Map<object, DescribedObject>();
  #checkpoint = new Map<string, number>();
  #bundle: Bundle | null = null;
  /** A resumed run repeats what it was doing: a frame may have been taken that no event speaks of. */
  #rewound = false;

  readonly #options: RunDocumentsOptions;

  constructor(options: RunDocumentsOptions) {
    const { emit, newUid, now, onError } = options;
    this.#options = options;
    this.uid = newUid();
    this.#run = { uid: this.uid, emit, newUid, now };
    this.#flown = new FlownData(this.#run, this.#streams);
    this.monitors = new Monitors(this.#run, this.#streams, onError);
  }

  /** Emits the start document. A subscriber that throws leaves a run that is open, and is closed like any other. */
  open(): void {
    const { metadata, recordInterruptions } = this.#options;
    this.#run.emit('start', { ...metadata, uid: this.uid, time: this.#run.now() });
    if (!recordInterruptions) return;
    const interruption = { source: 'RunEngine', dtype: 'string', shape: [] } as const;
    this.#streams.set(INTERRUPTIONS, new EventStream(this.#run, INTERRUPTIONS, new Map(), undefined, { interruption }));
  }

  /** Frames that were written and that no document tells of, by device. */
  get untold(): ReadonlyMap<string, number> {
    return this.#flown.untold;
  }

  /** An event is being put together. */
  get bundling(): boolean {
    return this.#bundle !== null;
  }

  /** An event in the stream of interruptions, if this run has one. @param content - `pause`, `resume`, or why it is held up. */
  recordInterruption(content: string): void {
    this.#streams.get(INTERRUPTIONS)?.event({ interruption: content }, { interruption: this.#run.now() });
  }

  /** Emits the stop document. */
  close(exitStatus: ExitStatus, reason: string): void {
    this.monitors.clear();
    this.#run.emit('stop', {
      uid: this.#run.newUid(),
      time: this.#run.now(),
      run_start: this.uid,
      exit_status: exitStatus,
      reason,
      num_events: Object.fromEntries([...this.#streams].map(([name, { nextSeqNum }]) => [name, nextSeqNum - 1])),
    });
  }

  /** @throws IllegalMessageSequence when another event is being put together. */
  create(stream: string): void {
    if (this.#bundle)
      throw new IllegalMessageSequence(
        "A second 'create' message is not allowed until the current event bundle is closed with a 'save' or 'drop' message.",
      );
    this.#bundle = { stream, objects: new Set(), data: {}, timestamps: {}, owners: new Map() };
  }

  /** Adds a reading to the event, if one is being put together. @throws ValueError when two objects have the same key. */
  read(obj: object, reading: Record<string, Reading>): Awaitable<void> {
    const bundle = this.#bundle;
    if (!bundle) return;
    const described = this.#described.has(obj)
      ? undefined
      : after(describeRead(obj), (found) => void this.#described.set(obj, found));
    return after(described, () => {
      for (const key in reading) this.#checkOwner(bundle, key, obj);
      bundle.objects.add(obj);
      for (const key in reading) {
        const { value, timestamp } = reading[key] as Reading;
        bundle.owners.set(key, obj);
        bundle.data[key] = value;
        bundle.timestamps[key] = timestamp;
      }
    });
  }

  #checkOwner({ owners }: Bundle, key: string, obj: object): void {
    const owner = owners.get(key);
    if (!owner) return;
    throw new ValueError(
      `Data keys (field names) from ${nameOf(obj)} collide with those from ${nameOf(owner)}. The colliding keys are ${key}`,
    );
  }

  /** @throws IllegalMessageSequence when no event is being put together. */
  drop(): void {
    if (!this.#bundle)
      throw new IllegalMessageSequence(
        "A 'create' message must be sent, to open an event bundle, before that bundle can be dropped with 'drop'.",
      );
    this.#bundle = null;
  }

  /**
   * Emits the descriptor (first time), the documents of files and the event. Nothing for an event without readings.
   * @throws IllegalMessageSequence when no event is being put together; MismatchedObjects.
   */
  save(): Awaitable<void> {
    const bundle = this.#bundle;
    if (!bundle)
      throw new IllegalMessageSequence(
        "A 'create' message must be sent, to open an event bundle, before that bundle can be saved with 'save'.",
      );
    this.#bundle = null;
    if (bundle.objects.size === 0) return;
    const stream = this.#streams.get(bundle.stream) ?? this.#declareRead(bundle);
    stream.requireObjects(bundle.objects);
    const told = inTurn(bundle.objects, (obj) => {
      const assets = assetsOf(obj);
      if (!(assets instanceof Promise) && assets.length === 0) return;
      return after(assets, (found) => emitEventAssets(this.#run, stream, found, this.#rewound));
    });
    return after(told, () => {
      this.#rewound = false;
      stream.event(bundle.data, bundle.timestamps);
    });
  }

  /** Declares a stream before its first event. @param how - `collect`: of what the devices collect while they fly. */
  declareStream(name: string, objects: readonly object[], how: 'read' | 'collect'): Awaitable<DeclaredStream> {
    const described = objects.map((obj) => {
      if (how === 'collect') return describeCollected(obj, name);
      return this.#described.get(obj) ?? describeRead(obj);
    });
    return after(allOf(described), (found) => {
      for (const [at, obj] of objects.entries()) this.#described.set(obj, found[at] as DescribedObject);
      const stream = this.#declare(name, objects);
      return [stream.descriptor, (data, timestamps) => stream.compose(data, timestamps), objects] as const;
    });
  }

  /** `obj` has begun to fly. */
  kickedOff(obj: object): void {
    this.#flown.kickedOff(obj);
  }

  /** Emits what flying devices have. @param name - of a declared stream; null: the one object names its streams itself. */
  collect(objects: readonly object[], name: string | null): Awaitable<CollectedPayload> {
    return this.#flown.collect(objects, name);
  }

  /** Collects from everything that a plan has left. */
  collectLeftovers(onError: (error: unknown) => void): Awaitable<void> {
    return this.#flown.collectLeftovers(onError);
  }

  /** Emits a descriptor and then an event for each change of `obj`. */
  monitor(obj: Subscribable, streamName: string): Awaitable<void> {
    return this.monitors.add(obj, streamName);
  }

  /** A device was configured: its streams get new descriptors. */
  reconfigured(obj: object): Awaitable<void> {
    if (!this.#described.has(obj)) return;
    return after(describeRead(obj), (described) => {
      this.#described.set(obj, described);
      // Declaring anew changes the map: go over what was there.
      for (const [name, stream] of [...this.#streams]) {
        if (!stream.objects.has(obj)) continue;
        this.#declare(name, [...stream.objects.keys()]);
      }
    });
  }

  /** Events from here on are repeated after a pause. */
  markCheckpoint(): void {
    for (const [name, { nextSeqNum }] of this.#streams) this.#checkpoint.set(name, nextSeqNum);
  }

  /** Back to the checkpoint: the next event gets the number that it had then. What interrupted the run, and what was monitored, did happen. */
  rewind(): void {
    this.#bundle = null;
    this.#rewound = true;
    for (const [name, stream] of this.#streams) {
      if (name !== INTERRUPTIONS && !this.monitors.owns(stream)) stream.nextSeqNum = this.#checkpoint.get(name) ?? 1;
    }
  }

  #declareRead({ stream, objects }: Bundle): EventStream {
    return this.#declare(stream, [...objects]);
  }

  #declare(name: string, objects: readonly object[]): EventStream {
    const described = objects.map((obj): [object, DescribedObject] => [
      obj,
      this.#described.get(obj) as DescribedObject,
    ]);
    const stream = new EventStream(this.#run, name, new Map(described), this.#streams.get(name));
    this.#streams.set(name, stream);
    return stream;
  }
}
