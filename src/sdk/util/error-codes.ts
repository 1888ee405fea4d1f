/**
 * The codes of errors, `area/what`, by area: a closed set. A code that is not here does not compile, so that programs, tests and translations
 * can rely on the list. What is written once is never given another meaning.
 *
 * A bundle adds its own area by declaration merging: `declare module 'redsun/sdk/util' { interface ErrorAreas { laser: 'refused' } }`.
 */
export interface ErrorAreas {
  /** A callback of documents. */
  callback: 'buffer-full' | 'write-failed';
  /** A camera, and pictures of it. */
  camera: 'frame-size' | 'frames-missing' | 'not-connected' | 'pictures' | 'render' | 'stopped' | 'worker';
  /** The bridge between clients and host. */
  channel:
    | 'bad-request'
    | 'cancelled'
    | 'duplicate'
    | 'gone'
    | 'id-in-use'
    | 'lost'
    | 'malformed'
    | 'refused'
    | 'slow'
    | 'timeout'
    | 'too-many'
    | 'unknown';
  /** How the terminal was called. */
  cli: 'usage';
  /** A clock of tests. */
  clock: 'deadlock';
  /** The suites that a device, a writer or a presenter must pass. */
  conformance: 'failed';
  /** Who drives the microscope. */
  control: 'asked' | 'held' | 'not-yours' | 'refused' | 'role';
  /** A device. */
  device:
    | 'busy'
    | 'gone'
    | 'handshake'
    | 'in-use'
    | 'limit'
    | 'not-halted'
    | 'not-locked'
    | 'not-staged'
    | 'not-started'
    | 'off-target'
    | 'protocol'
    | 'read-only'
    | 'refused'
    | 'role'
    | 'staged'
    | 'stalled'
    | 'stopped'
    | 'superseded'
    | 'timeout'
    | 'unknown'
    | 'unsupported';
  /** The terminal's doctor, who touches nothing. */
  doctor: 'untouched';
  /** Documents of runs on their way to somebody. */
  document: 'not-flushed' | 'refused';
  /** The RunEngine. */
  engine:
    | 'abort'
    | 'broken-off'
    | 'failed-pause'
    | 'failed-status'
    | 'halt'
    | 'illegal-message'
    | 'interrupted'
    | 'invalid-command'
    | 'mismatched-objects'
    | 'no-answer'
    | 'no-input'
    | 'no-replay'
    | 'not-a-message'
    | 'other-data-keys'
    | 'protocol'
    | 'stop'
    | 'stop-failed'
    | 'too-many-frames'
    | 'transition'
    | 'unknown-data-key'
    | 'untold-frames'
    | 'wait-timeout';
  /** Documents that do not fit together. */
  'event-model':
    | 'invalid'
    | 'lengths'
    | 'no-start'
    | 'not-accessible'
    | 'stopped'
    | 'undefined-spec'
    | 'unfilled'
    | 'unknown-key'
    | 'value';
  /** Something was thrown that is no error, or has no code. */
  error: 'not-an-error' | 'uncoded';
  /** A copy of a store in another format. */
  export:
    | 'ended'
    | 'exists'
    | 'inside'
    | 'nothing'
    | 'too-large'
    | 'unsupported-axes'
    | 'unsupported-dtype'
    | 'write-failed';
  /** What the operator says for the record. */
  facts: 'invalid' | 'unknown';
  /** A file, or a folder that was taken for one. */
  file: 'is-folder' | 'not-regular' | 'too-large';
  /** The process that makes everything safe. */
  guardian: 'died' | 'not-started';
  /** The host process of a window. */
  host: 'failed';
  /** A key that is not there. */
  key: 'unknown';
  /** Lights. */
  light: 'not-off';
  /** A port, and what is said over it. */
  link:
    | 'bad-safe-state'
    | 'cancelled'
    | 'closed'
    | 'held'
    | 'in-use'
    | 'lost'
    | 'not-safe'
    | 'open-failed'
    | 'options-differ'
    | 'protected'
    | 'shared'
    | 'timeout'
    | 'too-long'
    | 'unsupported';
  /** A multi-dimensional acquisition. */
  mda: 'bad-sequence' | 'unknown-plate';
  /** A plan, and what it was given. */
  plan:
    | 'autofocus'
    | 'bad-parameter'
    | 'limit'
    | 'name-taken'
    | 'no-autofocus'
    | 'no-camera'
    | 'no-field-of-view'
    | 'no-focus'
    | 'no-message'
    | 'no-stage'
    | 'not-a-number'
    | 'not-begun'
    | 'protocol'
    | 'ramp-failed'
    | 'several-values'
    | 'too-long'
    | 'unknown'
    | 'unknown-channel'
    | 'unknown-device'
    | 'unknown-plate'
    | 'wrong-device';
  /** A bundle. */
  plugin: 'compile' | 'forbidden-import' | 'load' | 'manifest' | 'no-class' | 'no-export' | 'unresolved-import';
  /** A presenter. */
  presenter: 'protocol';
  /** A run that its program did not see to the end. */
  recover: 'busy' | 'given-up' | 'not-resumable' | 'nothing-missing' | 'thread';
  /** Saved runs and stores that are looked at. */
  review: 'no-store' | 'not-kept' | 'not-open' | 'other-format' | 'outside' | 'unknown-run';
  /** STOP. */
  safety: 'stopped';
  /** The server for browsers. */
  serve: 'listen';
  /** A session, and its file. */
  session: 'invalid' | 'locked' | 'unreadable';
  /** A simulated device. */
  sim: 'refused';
  /** What the present state does not allow. */
  state: 'forbidden' | 'impossible';
  /** How something gets on. */
  status: 'invalid-state' | 'no-clock' | 'timeout' | 'unknown-failure' | 'wait-timeout';
  /** A store of images. */
  store:
    | 'bad-chunk'
    | 'bad-documents'
    | 'bad-index'
    | 'bad-journal'
    | 'bad-links'
    | 'bad-metadata'
    | 'bad-parameters'
    | 'closed'
    | 'decoder-failed'
    | 'foreign-image'
    | 'full'
    | 'layout'
    | 'link-broken'
    | 'lost-frame'
    | 'lost-lines'
    | 'no-array'
    | 'no-image'
    | 'no-plane'
    | 'no-source'
    | 'no-target'
    | 'no-version'
    | 'not-a-store'
    | 'not-found'
    | 'not-open'
    | 'not-repaired'
    | 'over-capacity'
    | 'path-escape'
    | 'protocol'
    | 'resume-mismatch'
    | 'shape'
    | 'short-file'
    | 'thread'
    | 'too-large'
    | 'truncated-chunk'
    | 'unknown-codec'
    | 'unknown-dtype'
    | 'unreadable'
    | 'work-area'
    | 'write-failed'
    | 'wrong-pixels';
  /** What a run waits for. */
  suspender: 'unreadable';
  /** The folder and the disk that runs go to. */
  target:
    | 'bad-name'
    | 'case-insensitive'
    | 'gone'
    | 'moved'
    | 'no-disk'
    | 'no-links'
    | 'no-permission'
    | 'no-rename'
    | 'no-run-folder'
    | 'no-space'
    | 'not-a-folder'
    | 'path-too-long'
    | 'unusable';
  /** Tools for tests. */
  test: 'no-link' | 'no-worker';
  /** A value outside what is allowed. */
  value: 'invalid';
}

/** A code of the catalogue: `target/no-space`. */
export type ErrorCode = { [Area in keyof ErrorAreas]: `${Area}/${ErrorAreas[Area]}` }[keyof ErrorAreas];

/** What the operating system says: `ENOENT`. */
export type SystemCode = `E${Uppercase<string>}`;

/** What goes with an error of some codes, for programs; required there, and absent with all others. */
export interface ErrorDetails {
  /** The value that was asked for, and what is allowed. */
  'device/limit': {
    /** As it was asked for. */
    readonly value: unknown;
    /** Least. */
    readonly low?: number;
    /** Greatest. */
    readonly high?: number;
    /** Of all three. */
    readonly units?: string;
  };
  /** Who has the control. */
  'control/held': {
    /** As people know them. */
    readonly holder: string;
  };
}

/** The details of a code. */
export type DetailsOf<Code extends ErrorCode> = Code extends keyof ErrorDetails ? ErrorDetails[Code] : undefined;
