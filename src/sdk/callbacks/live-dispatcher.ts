import type { SubscriptionName } from '../engine/subscriptions.ts';
import { Subscriptions } from '../engine/subscriptions.ts';
import { DocumentRouter } from '../events/document-router.ts';
import type {
  ConfigurationOf,
  DataKey,
  DocumentCallback,
  DocumentName,
  DocumentTypes,
  Event,
  EventDescriptor,
  RunStart,
  RunStop,
} from '../events/documents.ts';
import type { Clock } from '../util/clock.ts';
import { KeyError } from '../util/errors.ts';
import { type NewUid, randomUid } from '../util/uid.ts';

/** What a second stream of documents is made with. */
export interface LiveDispatcherOptions {
  /** Times of its documents. */
  readonly clock: Pick<Clock, 'now'>;
  /** Uids of its documents. Default: random ones. */
  readonly newUid?: NewUid;
}

/** Where a processed event belongs. */
export interface ProcessedEventOptions {
  /** Default `primary`. */
  readonly streamName?: string;
  /** Tells apart events of one stream that were made in different ways: each gets a descriptor of its own. */
  readonly idArgs?: readonly unknown[];
  /** Configuration in the descriptor. Default empty. */
  readonly config?: Readonly<Record<string, ConfigurationOf>>;
}

/**
 * A second run beside the one that it hears of, with data that were worked on: override `event` and hand what you made of it to
 * `processEvent`. Uids, numbers, descriptors and times are its own; `original_run_uid` in its start document says where it comes from.
 */
export class LiveDispatcher extends DocumentRouter {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #newUid: NewUid;
  readonly #subscriptions = new Subscriptions();
  readonly #raw = new Map<string, EventDescriptor>();
  /** Descriptors that were sent, by what makes them different. */
  readonly #sent = new Map<string, EventDescriptor>();
  readonly #counts = new Map<string, number>();
  #startUid = '';

  /** @param options - clock and uids. */
  constructor(options: LiveDispatcherOptions) {
    super();
    this.#clock = options.clock;
    this.#newUid = options.newUid ?? randomUid;
  }

  /** Calls `callback` with its documents (of one kind). @returns a token for `unsubscribe`. */
  subscribe(callback: DocumentCallback, name: SubscriptionName = 'all'): number {
    return this.#subscriptions.add(callback, name);
  }

  /** Nothing happens for a token that is gone. */
  unsubscribe(token: number): void {
    this.#subscriptions.remove(token);
  }

  override start(doc: RunStart): void {
    this.#raw.clear();
    this.#sent.clear();
    this.#counts.clear();
    this.#startUid = this.#newUid();
    this.#send('start', { ...doc, uid: this.#startUid, original_run_uid: doc.uid, time: this.#clock.now() });
  }

  override descriptor(doc: EventDescriptor): void {
    this.#raw.set(doc.uid, doc);
  }

  override event(doc: Event): void {
    this.processEvent(doc);
  }

  /** Sends an event of the second run, and its descriptor first when it is a new kind. @throws KeyError for an event of an unknown stream. */
  processEvent(doc: Event, { streamName = 'primary', idArgs, config = {} }: ProcessedEventOptions = {}): void {
    const kind = JSON.stringify([streamName, Object.keys(doc.data), idArgs ?? [doc.descriptor]]);
    let descriptor = this.#sent.get(kind);
    if (!descriptor) {
      descriptor = this.#describe(doc, streamName, config);
      this.#sent.set(kind, descriptor);
      this.#send('descriptor', descriptor);
    }
    const time = this.#clock.now();
    const seqNum = (this.#counts.get(streamName) ?? 0) + 1;
    this.#counts.set(streamName, seqNum);
    const timestamps = Object.fromEntries(Object.keys(doc.data).map((key) => [key, time]));
    this.#send('event', {
      ...doc,
      uid: this.#newUid(),
      descriptor: descriptor.uid,
      seq_num: seqNum,
      time,
      timestamps,
    });
  }

  override stop(doc: RunStop): void {
    const time = this.#clock.now();
    const counts = Object.fromEntries(this.#counts);
    this.#send('stop', { ...doc, uid: this.#newUid(), run_start: this.#startUid, time, num_events: counts });
  }

  #describe(doc: Event, name: string, configuration: ProcessedEventOptions['config'] & object): EventDescriptor {
    const raw = this.#raw.get(doc.descriptor);
    if (!raw)
      throw new KeyError(`LiveDispatcher got an event of descriptor ${doc.descriptor}, which it has not heard of`);
    const dataKeys = Object.fromEntries(
      Object.entries(doc.data).map(([key, value]) => [
        key,
        { ...(raw.data_keys[key] ?? keyOf(value)), source: 'Stream' },
      ]),
    );
    return {
      ...raw,
      uid: this.#newUid(),
      time: this.#clock.now(),
      run_start: this.#startUid,
      name,
      data_keys: dataKeys,
      configuration,
      object_keys: { stream: Object.keys(dataKeys) },
    };
  }

  #send<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    this.#subscriptions.emit(name, doc, null);
    this.emit(name, doc);
  }
}

function keyOf(value: unknown): Omit<DataKey, 'source'> {
  if (typeof value === 'string') return { dtype: 'string', shape: [] };
  if (typeof value === 'boolean') return { dtype: 'boolean', shape: [] };
  if (typeof value !== 'object' || value === null) return { dtype: 'number', shape: [] };
  const shape: number[] = [];
  for (let inner: unknown = value; typeof inner === 'object' && inner !== null && 'length' in inner; ) {
    shape.push(Number(inner.length));
    inner = Reflect.get(inner, 0);
  }
  return { dtype: 'array', shape };
}
