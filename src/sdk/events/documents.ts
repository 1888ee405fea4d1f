// The documents of event-model 1.24, in Python's spelling: other tools read them.

export const DTYPES = ['string', 'number', 'array', 'boolean', 'integer'] as const;
export type Dtype = (typeof DTYPES)[number];

/** What one key of a reading holds. */
export interface DataKey {
  /** Where the value comes from, for example `sim:camera`. */
  readonly source: string;
  readonly dtype: Dtype;
  /** Empty for a scalar. */
  readonly shape: readonly (number | null)[];
  /** NumPy's name of the type, for example `<u2`. */
  readonly dtype_numpy?: string;
  readonly units?: string | null;
  readonly precision?: number | null;
  /** `STREAM:` when the value is in a store and announced by stream_datum documents. */
  readonly external?: string;
  readonly choices?: readonly string[];
  readonly limits?: { readonly control?: { readonly low: number | null; readonly high: number | null } | null };
  readonly object_name?: string;
  readonly dims?: readonly string[];
}

/** A value with the Unix time (s) at which it was true. */
export interface Reading<Value = unknown> {
  readonly value: Value;
  readonly timestamp: number;
  readonly alarm_severity?: number;
  readonly message?: string;
}

export interface RunStart {
  readonly uid: string;
  readonly time: number;
  readonly scan_id?: number;
  readonly plan_name?: string;
  readonly [metadata: string]: unknown;
}

export const EXIT_STATUSES = ['success', 'abort', 'fail'] as const;
export type ExitStatus = (typeof EXIT_STATUSES)[number];

export interface RunStop {
  readonly uid: string;
  readonly time: number;
  readonly run_start: string;
  readonly exit_status: ExitStatus;
  readonly reason: string;
  readonly num_events: Readonly<Record<string, number>>;
}

export interface ConfigurationOf {
  readonly data: Readonly<Record<string, unknown>>;
  readonly timestamps: Readonly<Record<string, number>>;
  readonly data_keys: Readonly<Record<string, DataKey>>;
}

export interface EventDescriptor {
  readonly uid: string;
  readonly time: number;
  readonly run_start: string;
  readonly name: string;
  readonly data_keys: Readonly<Record<string, DataKey>>;
  readonly object_keys?: Readonly<Record<string, readonly string[]>>;
  readonly configuration?: Readonly<Record<string, ConfigurationOf>>;
  readonly hints?: Readonly<Record<string, { readonly fields?: readonly string[] }>>;
}

export interface Event {
  readonly uid: string;
  readonly time: number;
  readonly descriptor: string;
  readonly seq_num: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly timestamps: Readonly<Record<string, number>>;
  readonly filled: Readonly<Record<string, boolean | string>>;
}

export interface EventPage {
  readonly uid: readonly string[];
  readonly time: readonly number[];
  readonly descriptor: string;
  readonly seq_num: readonly number[];
  readonly data: Readonly<Record<string, readonly unknown[]>>;
  readonly timestamps: Readonly<Record<string, readonly number[]>>;
  readonly filled: Readonly<Record<string, readonly (boolean | string)[]>>;
}

/** Half-open: `stop` is the first index that is not in it. */
export interface IndexRange {
  readonly start: number;
  readonly stop: number;
}

export interface StreamResource {
  readonly uid: string;
  readonly data_key: string;
  readonly mimetype: string;
  readonly uri: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly run_start?: string;
}

export interface StreamDatum {
  readonly uid: string;
  readonly stream_resource: string;
  readonly descriptor: string;
  readonly indices: IndexRange;
  readonly seq_nums: IndexRange;
}

export interface DocumentTypes {
  readonly start: RunStart;
  readonly descriptor: EventDescriptor;
  readonly event: Event;
  readonly event_page: EventPage;
  readonly stream_resource: StreamResource;
  readonly stream_datum: StreamDatum;
  readonly stop: RunStop;
}
export type DocumentName = keyof DocumentTypes;
export type Document = DocumentTypes[DocumentName];

/** A document with its name, so that a switch on `name` narrows `doc`. */
export type NamedDocument = { [N in DocumentName]: { readonly name: N; readonly doc: DocumentTypes[N] } }[DocumentName];

/** What a device that writes to a store announces before the run has filled in its own uids. */
export type StreamAsset =
  | { readonly name: 'stream_resource'; readonly doc: StreamResource }
  | { readonly name: 'stream_datum'; readonly doc: StreamDatum };

/** Receives every document of a run, in order. */
export type DocumentCallback = (name: DocumentName, doc: Document) => void;
