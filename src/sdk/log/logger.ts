export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of the log. */
export interface LogRecord {
  /** Unix time, s. */
  readonly time: number;
  readonly level: LogLevel;
  /** Name of the device, presenter or part that speaks. */
  readonly source: string;
  readonly message: string;
}

export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
}

/** Where records go: a ring buffer, a file, the window. */
export type LogSink = (record: LogRecord) => void;

/** A logger that stamps records with `source` and the time and hands them to `sink`. */
export function createLogger(source: string, now: () => number, sink: LogSink): Logger {
  const at = (level: LogLevel) => (message: string) => sink({ time: now(), level, source, message });
  return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') };
}

/** Keeps the last `capacity` records and tells listeners of each new one. */
export class LogBuffer {
  readonly #records: LogRecord[] = [];
  readonly #listeners = new Set<LogSink>();
  readonly #capacity: number;

  constructor(capacity = 2000) {
    this.#capacity = capacity;
  }

  readonly write: LogSink = (record) => {
    this.#records.push(record);
    if (this.#records.length > this.#capacity) this.#records.shift();
    for (const listener of [...this.#listeners]) listener(record);
  };

  get records(): readonly LogRecord[] {
    return [...this.#records];
  }

  subscribe(listener: LogSink): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
}
