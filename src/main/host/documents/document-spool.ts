import type { Document, DocumentName } from 'redsun/sdk/events';
import type { Logger } from 'redsun/sdk/log';
import { asError, type Clock, hasCode, RedsunError } from 'redsun/sdk/util';
import type { DocumentSink } from './document-sink.ts';

/** Documents that wait for a sink, at most: some minutes of a fast run. */
const MOST_DOCUMENTS = 20_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** Nobody waits longer for a sink. */
const FLUSH_MS = 30_000;
/** Without these nobody can tell what the others are of: they are kept whatever else is let go. */
const KEPT: ReadonlySet<DocumentName> = new Set(['start', 'descriptor', 'stop', 'resource', 'stream_resource']);

type Spooled = readonly [name: DocumentName, document: Document];

export interface SpoolOptions {
  readonly clock: Pick<Clock, 'setTimeout'>;
  readonly logger: Pick<Logger, 'info' | 'warning' | 'error'>;
  /** Default: 20 000. */
  readonly mostDocuments?: number;
}

/**
 * Documents on their way to a sink. `offer` neither throws nor waits: a sink that fails gets each document again, in order, and one that is
 * gone for long costs a bounded memory. No run ends, or is slower, because somebody who only listens is in trouble.
 */
export class DocumentSpool implements Disposable {
  readonly #sink: DocumentSink;
  readonly #options: SpoolOptions;
  readonly #waiting: Spooled[] = [];
  #going: Promise<void> | null = null;
  #retryMs = FIRST_RETRY_MS;
  #timer: Disposable | null = null;
  /** Why the last attempt failed; null: it did not. */
  #fault: Error | null = null;
  #dropped = 0;
  #isOver = false;

  constructor(sink: DocumentSink, options: SpoolOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  /** How many documents wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** A document callback. */
  readonly offer = (name: DocumentName, document: Document): void => {
    if (this.#isOver) return;
    this.#waiting.push([name, document]);
    this.#bound();
    if (this.#going === null && this.#timer === null) this.#drain();
  };

  /** Tries at once what waits, and resolves when the sink has all of it safe. Rejects with why not, also where it takes too long. */
  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      const words = `${this.#sink.name} has not taken its documents in ${FLUSH_MS / 1000} s`;
      const late = () => reject(new RedsunError('document/not-flushed', words));
      const timer = this.#options.clock.setTimeout(late, FLUSH_MS);
      this.#flush()
        .then(resolve, reject)
        .finally(() => timer[Symbol.dispose]());
    });
  }

  async #flush(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
    do {
      await this.#going;
      this.#drain();
    } while (this.#going !== null);
    if (this.#waiting.length > 0) throw this.#fault ?? new RedsunError('document/not-flushed', this.#sink.name);
    await this.#sink.flush();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
    this.#waiting.length = 0;
  }

  /** Hands over what waits, at once as long as the sink takes it at once. */
  #drain(): void {
    for (let next = this.#waiting[0]; next && this.#going === null; next = this.#waiting[0]) {
      try {
        const taken = this.#sink.write(...next);
        if (taken instanceof Promise) this.#going = this.#await(taken, next);
        else this.#took(next);
      } catch (thrown) {
        if (this.#isRefused(thrown, next)) continue;
        this.#failed(asError(thrown));
        return;
      }
    }
  }

  async #await(taken: Promise<void>, document: Spooled): Promise<void> {
    let fault: unknown = null;
    try {
      await taken;
      this.#took(document);
    } catch (thrown) {
      if (!this.#isRefused(thrown, document)) fault = thrown;
    }
    this.#going = null;
    if (fault !== null) this.#failed(asError(fault));
    else this.#drain();
  }

  #took(document: Spooled): void {
    // What was let go meanwhile is not there any more.
    if (this.#waiting[0] === document) this.#waiting.shift();
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#fault === null) return;
    this.#fault = null;
    const { logger } = this.#options;
    if (this.#dropped > 0) logger.error(`${this.#sink.name} takes documents again; ${this.#dropped} were lost to it`);
    else logger.info(`${this.#sink.name} takes documents again; none was lost`);
    this.#dropped = 0;
  }

  #isRefused(thrown: unknown, document: Spooled): boolean {
    if (!hasCode(thrown, 'document/refused')) return false;
    this.#options.logger.warning(`${this.#sink.name} refuses a document (${document[0]}): ${asError(thrown).message}`);
    if (this.#waiting[0] === document) this.#waiting.shift();
    return true;
  }

  #failed(fault: Error): void {
    if (this.#isOver) return;
    const { clock, logger } = this.#options;
    if (this.#fault === null)
      logger.warning(`${this.#sink.name} takes no documents: ${fault.message}. They are kept for it`);
    this.#fault = fault;
    this.#timer?.[Symbol.dispose]();
    this.#timer = clock.setTimeout(() => {
      this.#timer = null;
      this.#drain();
    }, this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }

  #bound(): void {
    const { mostDocuments = MOST_DOCUMENTS } = this.#options;
    while (this.#waiting.length > mostDocuments) {
      // The one that is on its way is none of those.
      const first = this.#going === null ? 0 : 1;
      const at = this.#waiting.findIndex(([name], index) => index >= first && !KEPT.has(name));
      this.#waiting.splice(at < 0 ? first : at, 1);
      this.#dropped++;
    }
  }
}
