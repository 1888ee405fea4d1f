/** What a client may do at most, each more than the one before: look on, drive the microscope, change how it is set up. */
export type ClientRole = 'observe' | 'operate' | 'administer';

/** A window, a browser, a terminal or a script that is connected. One object for as long as it is. */
export interface Client {
  /** Of this connection; nobody else has it. */
  readonly id: string;
  /** For people: `Firefox on 10.0.0.7`. */
  readonly name: string;
  /** What it may do at most. */
  readonly role: ClientRole;
}

/** What a client has opened. */
export interface ClientResources {
  /**
   * Runs `release` once: when the client has gone, or before, when what this returns is disposed. At once for a client that has gone
   * already.
   */
  defer(release: () => void): Disposable;
}

/** What a handler knows of a call. */
export interface CallContext {
  /** Who asks. */
  readonly client: Client;
  /** Aborts when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** What is opened for the client ends with it. */
  readonly resources: ClientResources;
}
