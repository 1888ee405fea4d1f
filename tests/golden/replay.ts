// How recorded values of the Python reference are compared with ours. These rules and no others:
//  1. Names in the texts of errors and log lines are compared in camelCase: `set_finished()` is `setFinished()`.
//  2. The chain of base classes (`mro`) is Python's; the name of the class and the message are compared.
//  3. What an object prints for itself is `<it>`: `<a.b.Status object at 0x1>`, `Status(move, done=true, ...)`, `[object Object]`.
//  4. A class prints as its name: `<class 'a.b.StatusTimeoutError'>` is `StatusTimeoutError`.
//  5. KeyError prints the repr of its message: `"Unknown source 'x'"` is `Unknown source 'x'`.
//  6. Shapes print as lists: `(4, 6)` and `(1,)` are `[4, 6]` and `[1]`.
//  7. Uids are numbered in the order of their appearance.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The recorded outputs of one script of the reference. Not typed: each test knows what its script recorded. */
export async function recorded(name: string) {
  const value = JSON.parse(await readFile(join(import.meta.dirname, 'sunflare', `${name}.json`), 'utf8'));
  return JSON.parse(JSON.stringify(normalise(value)));
}

/** Titles of rows in docs/deviations-sunflare.md. */
export async function listedDeviations(): Promise<string> {
  return readFile(join(import.meta.dirname, '..', '..', 'docs', 'deviations-sunflare.md'), 'utf8');
}

/** What a call returns or throws, in the form of the recordings. */
export async function outcome(action: () => unknown): Promise<Json> {
  try {
    return { ok: plain((await action()) ?? null) };
  } catch (thrown) {
    const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return normalise({ error: name, message });
  }
}

/** A value as JSON has it, uids numbered. */
export function plain(value: unknown): Json {
  return normalise(JSON.parse(JSON.stringify(value)));
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|<uid\d+>/g;

/** Numbers uids anew in each value that is compared whole. */
export function numberUids(value: Json): Json {
  const known = new Map<string, string>();
  const text = JSON.stringify(value).replace(UUID, (uid) => {
    if (!known.has(uid)) known.set(uid, `<uid${known.size}>`);
    return known.get(uid) ?? uid;
  });
  return JSON.parse(text);
}

function normalise(value: Json): Json {
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value === 'string') return value.replace(/<[\w.]+ object at <addr>>/g, '<it>');
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !(key === 'mro' && 'error' in value))
    .map(([key, one]): [string, Json] => [
      key,
      key === 'message' && 'error' in value && typeof one === 'string' ? text(one, value.error) : normalise(one),
    ]);
  return Object.fromEntries(entries);
}

/** The text of an error or a log line. */
export function text(message: string, error: unknown = null): string {
  const unquoted = error === 'KeyError' ? message.replace(/^(['"])(.*)\1$/s, '$2') : message;
  return unquoted
    .replace(/<it>|<[\w.]+ object at <addr>>|\[object \w+\]|\b\w+\([^()]*done=\w+, success=\w+\)/g, '<it>')
    .replace(/<class '(?:[\w.]+\.)?(\w+)'>/g, '$1')
    .replace(/\((\d+(?:, \d+)*),?\)/g, '[$1]')
    .replace(/[a-z]+(?:_[a-z]+)+/g, (name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}

/** Names in camelCase, as in our objects. */
export function inCamelCase(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      one,
    ]),
  );
}

/** Keys of a recording that a test has compared or listed; the rest are what it forgot. */
export class Replayed {
  readonly #open: Set<string>;

  constructor(golden: Record<string, unknown>) {
    this.#open = new Set(Object.keys(golden));
  }

  /** @throws when there is no such key: a test of something that was never recorded. */
  key(key: string): string {
    if (!this.#open.delete(key)) throw new Error(`"${key}" was not recorded, or is replayed twice`);
    return key;
  }

  get forgotten(): string[] {
    return [...this.#open];
  }
}
