interface Waiting<T> {
  readonly change: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Changes of one thing on disk, one write at a time: those that come while one is under way share the next. */
export class SharedWrites<T> {
  readonly #write: (changes: readonly T[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #writing = false;

  /** @param write - makes the changes in the order they came, and resolves when they are on disk. */
  constructor(write: (changes: readonly T[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the change is on disk; rejects with the error of the write that it was part of. */
  commit(change: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      if (!this.#writing) void this.#writeWaiting();
    });
  }

  async #writeWaiting(): Promise<void> {
    this.#writing = true;
    // Those that come in the same breath, as frames of one batch do, share the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch.map(({ change }) => change));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = false;
  }
}
