import type { TableRow } from './run-data.ts';

/** The newest rows of a table. */
export class RowLog {
  readonly #limit: number;
  #rows: TableRow[] = [];
  /** Rows that came before `#rows[0]`. */
  #first = 0;
  /** Rows before it are known to whoever asks. */
  #told = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(row: TableRow): void {
    this.#rows.push(row);
    // Dropped in bulk: one by one would move all of them each time.
    if (this.#rows.length > 2 * this.#limit) {
      const dropped = this.#rows.length - this.#limit;
      this.#rows.splice(0, dropped);
      this.#first += dropped;
    }
  }

  /** A plan was rewound: events from number `seqNum` on come again. */
  rewind(seqNum: number): void {
    while ((this.#rows.at(-1)?.seqNum ?? 0) >= seqNum) this.#rows.pop();
    this.#told = Math.min(this.#told, this.#end);
  }

  /** Null: nothing new. */
  take(): { readonly from: number; readonly rows: readonly TableRow[] } | null {
    if (this.#told === this.#end) return null;
    const from = Math.max(this.#told, this.#end - this.#limit);
    this.#told = this.#end;
    return { from, rows: this.#rows.slice(from - this.#first) };
  }

  get #end(): number {
    return this.#first + this.#rows.length;
  }
}
