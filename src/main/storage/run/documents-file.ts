import { basename } from 'node:path';
import type { Document, DocumentName } from '../../../sdk/events/index.ts';
import type { RedsunError } from '../../../sdk/util/index.ts';
import type { DiskGate } from '../target/disk-gate.ts';
import { writeFailed } from '../target/write-failed.ts';
import { LineFile } from './line-file.ts';

/** The documents of a run as JSON Lines, `{"name": ..., "doc": ...}`. NaN and infinities become null, as JSON has none. */
export class DocumentsFile {
  readonly path: string;
  /** For people. */
  readonly name: string;
  readonly #lines: LineFile;
  #last: Promise<void> = Promise.resolve();
  #failure: RedsunError | null = null;

  private constructor(path: string, lines: LineFile) {
    this.path = path;
    this.name = basename(path);
    this.#lines = lines;
  }

  /** @param gate - holds documents back while the disk is full. */
  static async open(path: string, gate: DiskGate | null = null): Promise<DocumentsFile> {
    return new DocumentsFile(path, await LineFile.open(path, gate));
  }

  /** A document callback: takes the document at once and writes it behind. @throws RedsunError `store/write-failed` once a write failed. */
  readonly write = (name: DocumentName, doc: Document): void => {
    if (this.#failure) throw this.#failure;
    const written = this.#lines.append({ name, doc });
    // After a power cut, a run without its start could not be told from others, nor go on.
    const safe = name === 'start' ? written.then(() => this.#lines.sync()) : written;
    this.#last = safe.then(
      () => {},
      (cause: unknown) => {
        this.#failure ??= writeFailed(this.path, cause);
      },
    );
  };

  /** Everything written so far is on the disk. @throws RedsunError `store/write-failed`. */
  async flush(): Promise<void> {
    await this.#last;
    if (this.#failure) throw this.#failure;
    await this.#lines.sync();
  }

  /** Syncs and closes. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#lines.close();
    }
  }
}
