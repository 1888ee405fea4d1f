import type { Awaitable } from 'redsun/sdk/device';
import type { Document, DocumentName } from 'redsun/sdk/events';

/** Where documents of runs go: a file, a table on the screen, a broker. It is reached through a `DocumentSpool`, which never waits for it. */
export interface DocumentSink {
  /** For people: `Data`, `documents.jsonl`. */
  readonly name: string;
  /**
   * Takes one document. What it throws, or rejects with, means that it could not: it gets the same one again. RedsunError
   * `document/refused`: it never will, and wants the next one.
   */
  write(name: DocumentName, document: Document): Awaitable<void>;
  /** Resolves when what it took is safe. Rejects where it is not. */
  flush(): Awaitable<void>;
}
