/** What `redsun doctor` says of one thing. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it. Of something that is `ok` all the same: a warning, of what some do without. */
  readonly remedy?: string;
}

/** A line for people to read. */
export function lineOf({ check, ok, detail, remedy }: Finding): string {
  const word = !ok ? 'FAIL' : remedy === undefined ? 'ok  ' : 'WARN';
  return `${word} ${check.padEnd(11)} ${detail}${remedy === undefined ? '' : `; ${remedy}`}`;
}
