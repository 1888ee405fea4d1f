import { asError, RedsunError } from '../util/errors.ts';

/** Where text goes: a file, a socket, a list of lines. */
export interface TextSink {
  /** Appends text. What is written while a promise is pending comes after it. */
  write(text: string): void | Promise<void>;
  /** Nothing follows. */
  close(): void | Promise<void>;
}

/** Writes to a sink in order, whether it takes its time or not, and keeps the first failure for whoever comes next. */
export class SinkQueue {
  readonly #sink: TextSink;
  #last: Promise<void> | null = null;
  #failure: RedsunError | null = null;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  /** @throws RedsunError `callback/write-failed` once something could not be written. */
  write(text: string): void {
    if (this.#failure) throw this.#failure;
    this.#do(() => (this.#failure ? undefined : this.#sink.write(text)));
  }

  close(): void {
    this.#do(() => this.#sink.close());
  }

  /** All is written. @throws (as a rejection) RedsunError `callback/write-failed`. */
  async done(): Promise<void> {
    while (this.#last) await this.#last;
    if (this.#failure) throw this.#failure;
  }

  #do(action: () => void | Promise<void>): void {
    if (this.#last) {
      this.#follow(this.#last.then(action));
      return;
    }
    const going = action();
    if (going instanceof Promise) this.#follow(going);
  }

  #follow(going: Promise<void>): void {
    const settled: Promise<void> = going.catch((thrown: unknown) => {
      const cause = asError(thrown);
      this.#failure ??= new RedsunError('callback/write-failed', `Could not write documents: ${cause.message}`, {
        cause,
      });
    });
    this.#last = settled;
    // Once nothing is pending the next write goes straight through.
    void settled.then(() => {
      if (this.#last === settled) this.#last = null;
    });
  }
}
