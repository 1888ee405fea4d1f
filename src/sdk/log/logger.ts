/** How grave a record is, least first. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
/** How grave a record is. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of the log. */
export interface LogRecord {
  /** Unix time, s. */
  readonly time: number;
  /** How grave it is. */
  readonly level: LogLevel;
  /** Name of the device, presenter or part that speaks. */
  readonly source: string;
  /** What happened, with the number and its unit. */
  readonly message: string;
  /** Class of the object that speaks, where it is known. */
  readonly className?: string;
}

/** Takes messages of one part of the session. */
export interface Logger {
  /** For those who look for a fault. */
  debug(message: string): void;
  /** What the operator may want to read later. */
  info(message: string): void;
  /** Something is not as it should be; the work goes on. */
  warning(message: string): void;
  /** Something failed. */
  error(message: string): void;
}

/** Where records go: a ring buffer, a file, the window. */
export type LogSink = (record: LogRecord) => void;

/** A logger that stamps records with `source` and the time and hands them to `sink`. @param now - Unix time, s. @param className - of who speaks, where it is known. */
export function createLogger(source: string, now: () => number, sink: LogSink, className?: string): Logger {
  const speaker = className === undefined ? { source } : { source, className };
  const at = (level: LogLevel) => (message: string) => sink({ time: now(), level, ...speaker, message });
  return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') };
}

/** Keeps the last `capacity` records and tells listeners of each new one. */
export class LogBuffer {
  readonly #records: LogRecord[] = [];
  readonly #listeners = new Set<LogSink>();
  readonly #capacity: number;

  /** @param capacity - records that are kept; older ones are forgotten. */
  constructor(capacity = 2000) {
    this.#capacity = capacity;
  }

  /** Takes a record: hand it to `createLogger`. */
  readonly write: LogSink = (record) => {
    this.#records.push(record);
    if (this.#records.length > this.#capacity) this.#records.shift();
    for (const listener of [...this.#listeners]) listener(record);
  };

  /** What is kept, oldest first. */
  get records(): readonly LogRecord[] {
    return [...this.#records];
  }

  /** Calls `listener` with each new record until it is disposed. */
  subscribe(listener: LogSink): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
}
