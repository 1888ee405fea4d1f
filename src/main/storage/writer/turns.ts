/** Work on the same thing is done one after the other, in the order it was asked for; work on different things goes on side by side. */
export class Turns<K> {
  /** The last of each. */
  readonly #last = new Map<K, Promise<void>>();

  /** True when nothing is under way and nothing waits. */
  get isEmpty(): boolean {
    return this.#last.size === 0;
  }

  async take<T>(key: K, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    let leave = () => {};
    const turn = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#last.set(key, turn);
    try {
      await before;
      return await work();
    } finally {
      leave();
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }
}
