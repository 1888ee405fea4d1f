import type { Document, DocumentName } from '../events/documents.ts';
import type { Clock } from '../util/clock.ts';
import { asError, RedsunError, RuntimeError } from '../util/errors.ts';

/** What a wrapped callback is given and how much may wait for it. */
export interface BufferingOptions {
  /** Gives way between two stretches of work. */
  readonly clock: Pick<Clock, 'setTimeout' | 'monotonicMs'>;
  /** Hears what the callback throws; later documents are still delivered. */
  readonly onFault: (error: Error) => void;
  /** Documents that may wait. Default 1 000 000. */
  readonly queueSize?: number;
}

/** Longest stretch of work, ms. */
const STRETCH_MS = 5;

/**
 * Hands documents to a slow callback later, in order and one at a time, so that the plan does not wait for it. JavaScript has one
 * thread: a callback that computes for long still holds everything up for the time of one document, and belongs into a worker.
 * What it is for are callbacks that wait (a database, a network) and many small ones.
 */
export class BufferingWrapper {
  readonly #target: (name: DocumentName, doc: Document) => void | Promise<void>;
  readonly #options: BufferingOptions;
  readonly #queue: { readonly name: DocumentName; readonly doc: Document }[] = [];
  #first = 0;
  #working = false;
  #closed = false;
  #whenEmpty: (() => void)[] = [];

  /** @param target - a callback; a promise that it returns is waited for. */
  constructor(target: (name: DocumentName, doc: Document) => void | Promise<void>, options: BufferingOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** Documents that wait. */
  get waiting(): number {
    return this.#queue.length - this.#first;
  }

  /** Takes a document. @throws RuntimeError after `shutdown`; RedsunError `callback/buffer-full`: the callback cannot keep up. */
  readonly onDocument = (name: DocumentName, doc: Document): void => {
    if (this.#closed) throw new RuntimeError(`Cannot accept a ${name} document after shutdown`);
    const { queueSize = 1_000_000, clock } = this.#options;
    if (this.waiting >= queueSize) {
      throw new RedsunError(
        'callback/buffer-full',
        `The buffer is full: ${queueSize} documents wait for a callback that cannot keep up`,
      );
    }
    this.#queue.push({ name, doc });
    if (this.#working) return;
    this.#working = true;
    clock.setTimeout(() => void this.#work(), 0);
  };

  /** Takes no further documents; resolves when those that wait have been delivered. */
  async shutdown(): Promise<void> {
    this.#closed = true;
    if (this.#working) await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Taken off in bulk: one by one would move all that wait each time. */
  #next(): { readonly name: DocumentName; readonly doc: Document } {
    const next = this.#queue[this.#first++]!;
    if (this.#first * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#first);
      this.#first = 0;
    }
    return next;
  }

  async #work(): Promise<void> {
    const { clock, onFault } = this.#options;
    const untilMs = clock.monotonicMs() + STRETCH_MS;
    while (this.waiting > 0) {
      const { name, doc } = this.#next();
      try {
        await this.#target(name, doc);
      } catch (thrown) {
        onFault(asError(thrown));
      }
      if (this.waiting > 0 && clock.monotonicMs() >= untilMs) {
        clock.setTimeout(() => void this.#work(), 0);
        return;
      }
    }
    this.#working = false;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}
