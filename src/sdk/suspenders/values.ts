/** A value in a justification: texts stand in quotes. */
export function inWords(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** The number that a value is; NaN for one that is none, also for texts that look like one. */
export function asNumber(value: unknown): number {
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN;
}
