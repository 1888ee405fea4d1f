import { RedsunError } from '../../util/errors.ts';

/** What a sequence is refused with: the place in it, the value, and what was expected. Code `mda/bad-sequence`. */
export function refusal(path: string, value: unknown, expected: string): RedsunError<'mda/bad-sequence'> {
  const shown = typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
  return new RedsunError('mda/bad-sequence', `${path}: expected ${expected}, got ${shown}`);
}
