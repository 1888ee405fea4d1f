import type { Writer } from 'redsun/sdk/storage';

/** Frames of the present run that can be read from a writer. Sources that only earlier runs used are left out. */
export class PreparedFrames {
  readonly #writer: Writer;
  #before: ReadonlyMap<string, string> = new Map();

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** A run begins: sources that it uses are prepared from now on, which gives them another uid. */
  begin(): void {
    this.#before = new Map([...this.#writer.sources].map(([name, { streamResourceUid: uid }]) => [name, uid]));
  }

  get acknowledged(): number {
    const used = [...this.#writer.sources.values()].filter(
      ({ name, streamResourceUid: uid }) => this.#before.get(name) !== uid,
    );
    return used.reduce((sum, { name }) => sum + this.#writer.getIndicesWritten(name), 0);
  }
}
