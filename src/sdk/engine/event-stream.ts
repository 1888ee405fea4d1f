import { hasHints } from '../device/protocols.ts';
import type {
  ConfigurationOf,
  DataKey,
  DocumentName,
  DocumentTypes,
  Event,
  EventDescriptor,
} from '../events/documents.ts';
import type { NewUid } from '../util/uid.ts';
import { type DescribedObject, nameOf } from './described-object.ts';
import { MismatchedObjects, OtherDataKeys } from './errors.ts';

/** Hands a document to whoever listens. */
export type Emit = <N extends DocumentName>(name: N, doc: DocumentTypes[N]) => void;

/** What the documents of one run share. */
export interface RunIdentity {
  /** Of the start document. */
  readonly uid: string;
  readonly emit: Emit;
  readonly newUid: NewUid;
  /** Unix time, s. */
  readonly now: () => number;
}

/** One stream of a run: its descriptor and how far its events have come. */
export class EventStream {
  readonly name: string;
  /** What one event is made of, with what its descriptor says of it. */
  readonly objects: ReadonlyMap<object, DescribedObject>;
  readonly descriptor: EventDescriptor;
  /** Keys whose values lie in files that are not streams: their events are not filled. */
  readonly #unfilled: readonly string[];
  readonly #run: RunIdentity;
  nextSeqNum: number;

  /**
   * Emits the descriptor. @param before - the stream of that name as it was described before: its events are counted on.
   * @param ownKeys - that belong to no object. @throws OtherDataKeys when it was described with others.
   */
  constructor(
    run: RunIdentity,
    name: string,
    objects: ReadonlyMap<object, DescribedObject>,
    before: EventStream | undefined,
    ownKeys: Readonly<Record<string, DataKey>> = {},
  ) {
    this.name = name;
    this.objects = objects;
    this.#run = run;
    const dataKeys: Record<string, DataKey> = { ...ownKeys };
    const objectKeys: Record<string, string[]> = {};
    const configuration: Record<string, ConfigurationOf> = {};
    const hints: Record<string, { fields?: readonly string[] }> = {};
    for (const [obj, described] of objects) {
      for (const [key, value] of Object.entries(described.dataKeys))
        dataKeys[key] = { ...value, object_name: described.name };
      objectKeys[described.name] = Object.keys(described.dataKeys);
      configuration[described.name] = described.configuration;
      if (hasHints(obj)) hints[described.name] = obj.hints;
    }
    if (before) requireSameKeys(before, dataKeys);
    this.nextSeqNum = before?.nextSeqNum ?? 1;
    this.#unfilled = Object.entries(dataKeys)
      .filter(([, { external }]) => external !== undefined && external !== 'STREAM:')
      .map(([key]) => key);
    this.descriptor = {
      uid: run.newUid(),
      time: run.now(),
      run_start: run.uid,
      name,
      data_keys: dataKeys,
      object_keys: objectKeys,
      configuration,
      hints,
      object_classes: {},
    };
    run.emit('descriptor', this.descriptor);
  }

  /** @throws MismatchedObjects when an event is made of other objects than the descriptor tells of. */
  requireObjects(read: ReadonlySet<object>): void {
    if (read.size === this.objects.size) {
      let same = true;
      for (const obj of read) same &&= this.objects.has(obj);
      if (same) return;
    }
    throw new MismatchedObjects([...this.objects.keys()].map(nameOf), [...read].map(nameOf));
  }

  /** Emits the next event. */
  event(data: Record<string, unknown>, timestamps: Record<string, number>): void {
    this.#run.emit('event', this.compose(data, timestamps));
  }

  /** The next event. */
  compose(data: Record<string, unknown>, timestamps: Record<string, number>): Event {
    const filled: Record<string, boolean> = {};
    for (const key of this.#unfilled) if (key in data) filled[key] = false;
    const { uid: descriptor } = this.descriptor;
    const { newUid, now } = this.#run;
    return { uid: newUid(), time: now(), descriptor, seq_num: this.nextSeqNum++, data, timestamps, filled };
  }

  /** Emits a page with the next events. */
  page(
    data: Readonly<Record<string, readonly unknown[]>>,
    timestamps: Readonly<Record<string, readonly number[]>>,
    time: readonly number[],
  ): void {
    const { uid: descriptor } = this.descriptor;
    const uid = time.map(() => this.#run.newUid());
    const seqNum = time.map(() => this.nextSeqNum++);
    this.#run.emit('event_page', { uid, time, descriptor, seq_num: seqNum, data, timestamps, filled: {} });
  }
}

function requireSameKeys({ name, descriptor }: EventStream, dataKeys: Readonly<Record<string, DataKey>>): void {
  const [before, now] = [Object.keys(descriptor.data_keys), Object.keys(dataKeys)];
  if (before.length === now.length && now.every((key) => key in descriptor.data_keys)) return;
  throw new OtherDataKeys(name, before, now);
}
