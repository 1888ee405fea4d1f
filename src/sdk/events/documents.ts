// The documents of event-model 1.24, in Python's spelling: other tools read them. https://blueskyproject.io/event-model/

/** What the type of a value may be called in a data key. */
export const DTYPES = ['string', 'number', 'array', 'boolean', 'integer'] as const;
/** What the type of a value is called in a data key. */
export type Dtype = (typeof DTYPES)[number];

/** Bounds of a value, in its own unit; null: none on that side. */
export interface LimitsRange {
  /** Least value. */
  readonly low: number | null;
  /** Greatest value. */
  readonly high: number | null;
}

/** Bounds of a value, by what they are for. */
export interface DataKeyLimits {
  /** What may be set. */
  readonly control?: LimitsRange | null;
  /** What makes sense to show. */
  readonly display?: LimitsRange | null;
  /** Beyond it something needs a look. */
  readonly warning?: LimitsRange | null;
  /** Beyond it something is wrong. */
  readonly alarm?: LimitsRange | null;
}

/** What one key of a reading holds. */
export interface DataKey {
  /** Where the value comes from, for example `sim:camera`. */
  readonly source: string;
  /** Type of the value. */
  readonly dtype: Dtype;
  /** Lengths of the axes, C order; empty for a scalar, null where it changes. */
  readonly shape: readonly (number | null)[];
  /** NumPy's name of the type, for example `<u2`. */
  readonly dtype_numpy?: string;
  /** Unit of the value; absent or null: it has none. */
  readonly units?: string | null;
  /** Decimals that mean something. */
  readonly precision?: number | null;
  /** `STREAM:` when the value is in a store and announced by stream_datum documents. */
  readonly external?: string;
  /** Values that it may have. */
  readonly choices?: readonly string[];
  /** Bounds, in the unit of the value. */
  readonly limits?: DataKeyLimits;
  /** Device that it belongs to. */
  readonly object_name?: string;
  /** Names of the axes. */
  readonly dims?: readonly string[];
}

/** A value with the Unix time (s) at which it was true. */
export interface Reading<Value = unknown> {
  /** In the unit of its data key. */
  readonly value: Value;
  /** Unix time, s. */
  readonly timestamp: number;
  /** 0: none; 1: minor; 2: major; 3: invalid. */
  readonly alarm_severity?: number;
  /** What the device says about it. */
  readonly message?: string;
}

/** A run begins. */
export interface RunStart {
  /** Unique. */
  readonly uid: string;
  /** Unix time, s. */
  readonly time: number;
  /** Counts runs. */
  readonly scan_id?: number;
  /** Plan that runs. */
  readonly plan_name?: string;
  /** Whatever else is known; values can be written as JSON. */
  readonly [metadata: string]: unknown;
}

/** How a run may end. */
export const EXIT_STATUSES = ['success', 'abort', 'fail'] as const;
/** How a run ended. */
export type ExitStatus = (typeof EXIT_STATUSES)[number];

/** A run has ended. */
export interface RunStop {
  /** Unique. */
  readonly uid: string;
  /** Unix time, s. */
  readonly time: number;
  /** Uid of its start. */
  readonly run_start: string;
  /** How it ended. */
  readonly exit_status: ExitStatus;
  /** Why, when it did not end by itself; else empty. */
  readonly reason: string;
  /** Events by stream. */
  readonly num_events: Readonly<Record<string, number>>;
}

/** What a device was set to when a stream began. */
export interface ConfigurationOf {
  /** Values. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Unix time, s, of each value. */
  readonly timestamps: Readonly<Record<string, number>>;
  /** What the values are. */
  readonly data_keys: Readonly<Record<string, DataKey>>;
}

/** What to show of a device first. */
export interface ObjectHints {
  /** Data keys that matter most. */
  readonly fields?: readonly string[];
}

/** A stream of events begins; or goes on with another configuration. */
export interface EventDescriptor {
  /** Unique. */
  readonly uid: string;
  /** Unix time, s. */
  readonly time: number;
  /** Uid of the run's start. */
  readonly run_start: string;
  /** Of the stream: `primary`. */
  readonly name: string;
  /** What its events hold. */
  readonly data_keys: Readonly<Record<string, DataKey>>;
  /** Data keys by device. */
  readonly object_keys?: Readonly<Record<string, readonly string[]>>;
  /** What each device was set to. */
  readonly configuration?: Readonly<Record<string, ConfigurationOf>>;
  /** What to show first, by device. */
  readonly hints?: Readonly<Record<string, ObjectHints>>;
  /** Class of each device, where it is known. */
  readonly object_classes?: Readonly<Record<string, string>>;
}

/** Readings that were taken together. */
export interface Event {
  /** Unique. */
  readonly uid: string;
  /** Unix time, s. */
  readonly time: number;
  /** Uid of its stream's descriptor. */
  readonly descriptor: string;
  /** Place in its stream, from 1. */
  readonly seq_num: number;
  /** Values by data key. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Unix time, s, of each value. */
  readonly timestamps: Readonly<Record<string, number>>;
  /** For values in external storage: false while `data` holds their id; what was there before once they are filled in. */
  readonly filled: Readonly<Record<string, boolean | string>>;
}

/** Several events of one stream, by column. */
export interface EventPage {
  /** Of each event. */
  readonly uid: readonly string[];
  /** Unix time, s, of each event. */
  readonly time: readonly number[];
  /** Uid of the stream's descriptor. */
  readonly descriptor: string;
  /** Places in the stream, from 1. */
  readonly seq_num: readonly number[];
  /** Columns of values by data key. */
  readonly data: Readonly<Record<string, readonly unknown[]>>;
  /** Unix times, s, of the values. */
  readonly timestamps: Readonly<Record<string, readonly number[]>>;
  /** As in events. */
  readonly filled: Readonly<Record<string, readonly (boolean | string)[]>>;
}

/** Events by stream's name: an old form of pages. */
export type BulkEvents = Readonly<Record<string, readonly (Omit<Event, 'filled'> & Partial<Pick<Event, 'filled'>>)[]>>;

/** A file that datum documents refer to: an old form of stream_resource. */
export interface Resource {
  /** Unique. */
  readonly uid: string;
  /** How to read it. */
  readonly spec: string;
  /** Part of the path that depends on the machine. */
  readonly root: string;
  /** The rest of the path. */
  readonly resource_path: string;
  /** For who reads it. */
  readonly resource_kwargs: Readonly<Record<string, unknown>>;
  /** How paths are spelt. */
  readonly path_semantics?: 'posix' | 'windows';
  /** Uid of the run's start; absent in old documents. */
  readonly run_start?: string;
}

/** A value in a resource. */
export interface Datum {
  /** `<resource>/<number>`: what the event holds in its place. */
  readonly datum_id: string;
  /** Uid of the resource. */
  readonly resource: string;
  /** Where in it. */
  readonly datum_kwargs: Readonly<Record<string, unknown>>;
}

/** Several values in one resource, by column. */
export interface DatumPage {
  /** Of each value. */
  readonly datum_id: readonly string[];
  /** Uid of the resource. */
  readonly resource: string;
  /** Where each is. */
  readonly datum_kwargs: Readonly<Record<string, readonly unknown[]>>;
}

/** Several values in one resource: an old form of pages. */
export interface BulkDatum {
  /** Of each value. */
  readonly datum_ids: readonly string[];
  /** Uid of the resource. */
  readonly resource: string;
  /** Where each is. */
  readonly datum_kwarg_list: readonly Readonly<Record<string, unknown>>[];
}

/** Half-open: `stop` is the first index that is not in it. */
export interface IndexRange {
  /** First index. */
  readonly start: number;
  /** First index after it. */
  readonly stop: number;
}

/** A store that frames of one data key go to. */
export interface StreamResource {
  /** Unique. */
  readonly uid: string;
  /** Data key of the descriptor that its frames belong to. */
  readonly data_key: string;
  /** What the store is: `application/x-zarr`. */
  readonly mimetype: string;
  /** Where it is. */
  readonly uri: string;
  /** Where in it, for who reads it. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Uid of the run's start. */
  readonly run_start?: string;
}

/** Frames that are in a store now. */
export interface StreamDatum {
  /** `<stream_resource>/<number>` */
  readonly uid: string;
  /** Uid of the store's document. */
  readonly stream_resource: string;
  /** Uid of the stream's descriptor. */
  readonly descriptor: string;
  /** Which frames, from 0. */
  readonly indices: IndexRange;
  /** Events that they belong to, from 1. */
  readonly seq_nums: IndexRange;
}

/** All documents by name. */
export interface DocumentTypes {
  /** A run begins. */
  readonly start: RunStart;
  /** A stream begins. */
  readonly descriptor: EventDescriptor;
  /** Readings taken together. */
  readonly event: Event;
  /** Several of them. */
  readonly event_page: EventPage;
  /** Several of them, an old form. */
  readonly bulk_events: BulkEvents;
  /** A file. */
  readonly resource: Resource;
  /** A value in it. */
  readonly datum: Datum;
  /** Several of them. */
  readonly datum_page: DatumPage;
  /** Several of them, an old form. */
  readonly bulk_datum: BulkDatum;
  /** A store. */
  readonly stream_resource: StreamResource;
  /** Frames in it. */
  readonly stream_datum: StreamDatum;
  /** A run has ended. */
  readonly stop: RunStop;
}
/** What a document is called. */
export type DocumentName = keyof DocumentTypes;
/** Any document. */
export type Document = DocumentTypes[DocumentName];

/** A document with its name, so that a switch on `name` narrows `doc`. */
export type NamedDocument = { [N in DocumentName]: Named<N> }[DocumentName];

/** A document of one kind with its name. */
export interface Named<N extends DocumentName> {
  /** What it is called. */
  readonly name: N;
  /** The document. */
  readonly doc: DocumentTypes[N];
}

/** What a device that writes to a store announces before the run has filled in its own uids. */
export type StreamAsset = Named<'stream_resource'> | Named<'stream_datum'>;

/** Receives every document of a run, in order. */
export type DocumentCallback = (name: DocumentName, doc: Document) => void;
