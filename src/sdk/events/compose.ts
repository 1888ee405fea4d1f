import { type NewUid, randomUid } from '../util/uid.ts';
import type {
  ConfigurationOf,
  DataKey,
  Datum,
  DatumPage,
  Document,
  DocumentName,
  DocumentTypes,
  Event,
  EventDescriptor,
  EventPage,
  ExitStatus,
  IndexRange,
  ObjectHints,
  Resource,
  RunStart,
  RunStop,
  StreamDatum,
  StreamResource,
} from './documents.ts';
import { EventModelError, EventModelValidationError } from './errors.ts';

/** Throws when a document is not as its schema says. */
export type ValidateDocument = (name: DocumentName, doc: Document) => void;

/** What composing needs. */
export interface ComposeOptions {
  /** Unix time, s. */
  readonly now: () => number;
  /** Uids of documents; given by tests. Default: random. */
  readonly newUid?: NewUid;
  /** Called with each document before it is given out; what it throws goes to the caller. Default: only keys are checked. */
  readonly validate?: ValidateDocument;
}

/** What one may say about a document oneself. */
export interface Identity {
  /** Default: new. */
  readonly uid?: string;
  /** Unix time, s. Default: now. */
  readonly time?: number;
}

/** A stream, and what makes its events. */
export interface ComposedDescriptor {
  /** The stream's document. */
  readonly descriptor: EventDescriptor;
  /** @throws EventModelValidationError when keys are not those of the descriptor, but for `STREAM:` keys. */
  composeEvent(fields: EventFields): Event;
  /** @throws EventModelValidationError as `composeEvent`; EventModelError for columns of different lengths. */
  composeEventPage(fields: EventPageFields): EventPage;
}

/** What an event says. */
export interface EventFields extends Identity, Pick<Event, 'data' | 'timestamps'> {
  /** Place in the stream. Default: the next. */
  readonly seq_num?: number;
  /** Default: empty. */
  readonly filled?: Event['filled'];
}

/** What a page of events says. */
export interface EventPageFields extends Pick<EventPage, 'data' | 'timestamps'> {
  /** Default: new ones. */
  readonly uid?: readonly string[];
  /** Unix time, s, of each. Default: now. */
  readonly time?: readonly number[];
  /** Places in the stream. Default: the next. */
  readonly seq_num?: readonly number[];
  /** Default: empty. */
  readonly filled?: EventPage['filled'];
}

/** What a descriptor says. */
export interface DescriptorFields extends Identity {
  /** Of the stream. */
  readonly name: string;
  /** What its events hold. */
  readonly data_keys: Readonly<Record<string, DataKey>>;
  /** Default: empty. */
  readonly hints?: Readonly<Record<string, ObjectHints>>;
  /** Default: empty. */
  readonly configuration?: Readonly<Record<string, ConfigurationOf>>;
  /** Default: empty. */
  readonly object_keys?: Readonly<Record<string, readonly string[]>>;
  /** Default: empty. */
  readonly object_classes?: Readonly<Record<string, string>>;
}

/** A file, and what makes the documents of its values. */
export interface ComposedResource {
  /** The file's document. */
  readonly resource: Resource;
  /** A value in the file. @param datumKwargs - where in it. */
  composeDatum(datumKwargs: Datum['datum_kwargs']): Datum;
  /** Several values in the file. @param datumKwargs - where in it, by column. */
  composeDatumPage(datumKwargs: DatumPage['datum_kwargs']): DatumPage;
}

/** A store, and what makes the documents of its frames. */
export interface ComposedStreamResource {
  /** The store's document. */
  readonly streamResource: StreamResource;
  /** Frames in the store. @param indices - which frames. @param seqNums - their events. Default: 0 to 0, to be filled in by the run. @param descriptor - of the stream, likewise. */
  composeStreamDatum(indices: IndexRange, seqNums?: IndexRange, descriptor?: EventDescriptor): StreamDatum;
}

/** A run, and what makes its documents. */
export interface ComposedRun {
  /** The first document. */
  readonly start: RunStart;
  /** @throws EventModelValidationError when the stream had other keys before. */
  composeDescriptor(fields: DescriptorFields): ComposedDescriptor;
  /** A file of this run. */
  composeResource(fields: Omit<Resource, 'uid' | 'run_start'> & { readonly uid?: string }): ComposedResource;
  /** A store of this run. */
  composeStreamResource(
    fields: Omit<StreamResource, 'uid' | 'run_start'> & { readonly uid?: string },
  ): ComposedStreamResource;
  /** The last document. @throws EventModelError the second time. */
  composeStop(fields?: Identity & { readonly exit_status?: ExitStatus; readonly reason?: string }): RunStop;
}

/**
 * Begins a run of documents that fit together: uids refer to each other, events are counted.
 * @throws what `validate` throws.
 */
export function composeRun(
  options: ComposeOptions,
  metadata: Record<string, unknown> = {},
  identity: Identity = {},
): ComposedRun {
  const { now, newUid = randomUid } = options;
  const checked = checkedBy(options);
  const start = checked('start', { uid: identity.uid ?? newUid(), time: identity.time ?? now(), ...metadata });
  const streams = new Map<string, Stream>();
  let over = false;
  return {
    start,
    composeDescriptor: (fields) => composeDescriptor(options, start, streams, fields),
    composeResource: (fields) => composeResource(options, { ...fields, run_start: start.uid }),
    composeStreamResource: (fields) => composeStreamResource(options, { ...fields, run_start: start.uid }),
    composeStop({ uid = newUid(), time = now(), exit_status = 'success', reason = '' } = {}) {
      if (over) throw new EventModelError('stopped', `Already composed a RunStop document for run '${start.uid}'.`);
      over = true;
      const num_events = Object.fromEntries([...streams].map(([name, { next }]) => [name, next - 1]));
      return checked('stop', { uid, time, run_start: start.uid, exit_status, reason, num_events });
    },
  };
}

/** A file, of the run that the fields name or of none. @throws what `validate` throws. */
export function composeResource(
  options: ComposeOptions,
  fields: Omit<Resource, 'uid'> & { readonly uid?: string },
): ComposedResource {
  const { newUid = randomUid } = options;
  const checked = checkedBy(options);
  const resource = checked('resource', { path_semantics: 'posix', ...fields, uid: fields.uid ?? newUid() });
  let counter = 0;
  const nextId = () => `${resource.uid}/${counter++}`;
  return {
    resource,
    composeDatum: (datum_kwargs) => checked('datum', { resource: resource.uid, datum_kwargs, datum_id: nextId() }),
    composeDatumPage(datum_kwargs) {
      const [column = []] = Object.values(datum_kwargs);
      return checked('datum_page', { resource: resource.uid, datum_kwargs, datum_id: column.map(nextId) });
    },
  };
}

/** A store, of the run that the fields name or of none. @throws what `validate` throws. */
export function composeStreamResource(
  options: ComposeOptions,
  fields: Omit<StreamResource, 'uid'> & { readonly uid?: string },
): ComposedStreamResource {
  const { newUid = randomUid } = options;
  const checked = checkedBy(options);
  const streamResource = checked('stream_resource', { ...fields, uid: fields.uid ?? newUid() });
  let counter = 0;
  return {
    streamResource,
    composeStreamDatum: (indices, seq_nums = { start: 0, stop: 0 }, descriptor) =>
      checked('stream_datum', {
        stream_resource: streamResource.uid,
        uid: `${streamResource.uid}/${counter++}`,
        seq_nums,
        indices,
        descriptor: descriptor?.uid ?? '',
      }),
  };
}

interface Stream {
  readonly keys: string;
  /** seq_num of the next event. */
  next: number;
}

function composeDescriptor(
  options: ComposeOptions,
  start: RunStart,
  streams: Map<string, Stream>,
  fields: DescriptorFields,
): ComposedDescriptor {
  const { now, newUid = randomUid } = options;
  const checked = checkedBy(options);
  const keys = keyList(Object.keys(fields.data_keys));
  const known = streams.get(fields.name);
  if (known && known.keys !== keys) {
    throw new EventModelValidationError(
      `A descriptor with the name ${fields.name} has already been composed with data_keys ${known.keys}. The requested data_keys were ${keys}. All descriptors in a given stream must have the same data_keys.`,
    );
  }
  const empty = { configuration: {}, object_keys: {}, object_classes: {}, hints: {} };
  const identity = { run_start: start.uid, time: fields.time ?? now(), uid: fields.uid ?? newUid() };
  const descriptor = checked('descriptor', { ...empty, ...fields, ...identity });
  const stream = known ?? { keys, next: 1 };
  streams.set(fields.name, stream);
  return {
    descriptor,
    composeEvent({ uid = newUid(), time = now(), data, timestamps, filled = {}, seq_num = stream.next }) {
      const event = checked('event', { uid, time, data, timestamps, filled, seq_num, descriptor: descriptor.uid });
      checkKeys(descriptor, data, timestamps, filled);
      stream.next = seq_num + 1;
      return event;
    },
    composeEventPage({ data, timestamps, filled = {}, ...given }) {
      const length = columnLength('data', data);
      if (columnLength('timestamps', timestamps) !== length) {
        throw new EventModelError(
          'lengths',
          'Cannot compose event_page: the lists in `timestamps` are of a different length to those in `data`',
        );
      }
      const seq_num = given.seq_num ?? Array.from({ length }, (_, at) => stream.next + at);
      const uid = given.uid ?? seq_num.map(() => newUid());
      const time = given.time ?? seq_num.map(() => now());
      const page = checked('event_page', { uid, time, data, timestamps, seq_num, filled, descriptor: descriptor.uid });
      checkKeys(descriptor, data, timestamps, filled);
      stream.next += seq_num.length;
      return page;
    },
  };
}

function checkedBy({ validate }: ComposeOptions) {
  return <N extends DocumentName>(name: N, doc: DocumentTypes[N]): DocumentTypes[N] => {
    validate?.(name, doc);
    return doc;
  };
}

/** Values in a store are announced by stream_datum documents: events need not have their keys. */
function checkKeys({ data_keys: dataKeys }: EventDescriptor, data: object, timestamps: object, filled: object): void {
  const inEvents = (keys: string[]) => keyList(keys.filter((key) => dataKeys[key]?.external !== 'STREAM:'));
  const [expected, values, times] = [dataKeys, data, timestamps].map((part) => inEvents(Object.keys(part)));
  if (values !== expected || times !== expected) {
    throw new EventModelValidationError(
      `These sets of keys must match (other than "STREAM:" keys): data ${values}, timestamps ${times}, descriptor ${expected}`,
    );
  }
  const more = Object.keys(filled).filter((key) => !(key in data));
  if (more.length > 0) {
    throw new EventModelValidationError(
      `Keys in event['filled'] ${keyList(Object.keys(filled))} must be a subset of those in event['data'] ${keyList(Object.keys(data))}`,
    );
  }
}

function columnLength(what: string, columns: Readonly<Record<string, readonly unknown[]>>): number {
  const lengths = new Set(Object.values(columns).map(({ length }) => length));
  if (lengths.size > 1) {
    throw new EventModelError('lengths', `Cannot compose event_page: \`${what}\` has lists of different lengths`);
  }
  const [length = 0] = lengths;
  return length;
}

function keyList(keys: readonly string[]): string {
  return `[${[...keys].sort().join(', ')}]`;
}
