import type { Document, DocumentName, RunStart } from '../events/documents.ts';
import { RuntimeError } from '../util/errors.ts';
import { SinkQueue, type TextSink } from './text-sink.ts';

/** Opens the sink of a run. */
export type OpenSink = (start: RunStart) => TextSink;

/** One run as a JSON array of `{"name": ..., "doc": ...}`. NaN and infinities become null, as JSON has none. */
export class JsonWriter {
  readonly #open: OpenSink;
  #queue: SinkQueue | null = null;

  /** @param open - called with the start document of each run; its sink is closed after the stop document. */
  constructor(open: OpenSink) {
    this.#open = open;
  }

  /** Takes a document. @throws RuntimeError before a start document; RedsunError `callback/write-failed` once a write failed. */
  readonly onDocument = (name: DocumentName, doc: Document): void => {
    const text = documentText(name, doc);
    if (name === 'start') {
      this.#queue = new SinkQueue(this.#open(doc as RunStart));
      this.#queue.write(`[\n${text}`);
      return;
    }
    if (!this.#queue) throw new RuntimeError(`JsonWriter got a ${name} document before the start of a run`);
    this.#queue.write(`,\n${text}`);
    if (name !== 'stop') return;
    this.#queue.write('\n]');
    this.#queue.close();
  };

  /** All is written. @throws (as a rejection) RedsunError `callback/write-failed`. */
  async done(): Promise<void> {
    await this.#queue?.done();
  }
}

/** Documents as JSON Lines, a `{"name": ..., "doc": ...}` each, run after run. NaN and infinities become null, as JSON has none. */
export class JsonLinesWriter {
  readonly #queue: SinkQueue;

  /** @param sink - whoever opened it closes it. */
  constructor(sink: TextSink) {
    this.#queue = new SinkQueue(sink);
  }

  /** Takes a document. @throws RedsunError `callback/write-failed` once a write failed. */
  readonly onDocument = (name: DocumentName, doc: Document): void => this.#queue.write(`${documentText(name, doc)}\n`);

  /** All is written. @throws (as a rejection) RedsunError `callback/write-failed`. */
  done(): Promise<void> {
    return this.#queue.done();
  }
}

function documentText(name: DocumentName, doc: Document): string {
  return JSON.stringify({ name, doc });
}
