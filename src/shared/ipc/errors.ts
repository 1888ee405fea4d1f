import { asError, codeOf, RedsunError } from 'redsun/sdk/util';
import type { WireError } from './messages.ts';

/** Letters of a name, and of a whole message. */
const NAME_LETTERS = 200;
const MESSAGE_LETTERS = 10_000;
const LONG_NAME = new RegExp(`"[^"]{${NAME_LETTERS + 1},}"`, 'g');
const LONG_WORD = new RegExp(`\\S{${NAME_LETTERS + 1},}`, 'g');

/** A message without the megabyte that somebody sent in: long names are cut, with `…` for what is left out. */
export function boundedMessage(message: string): string {
  if (message.length <= NAME_LETTERS) return message;
  const cut = message
    .replace(LONG_NAME, (name) => `${name.slice(0, NAME_LETTERS + 1)}…"`)
    .replace(LONG_WORD, inTheMiddle);
  return cut.length > MESSAGE_LETTERS ? `${cut.slice(0, MESSAGE_LETTERS)}…` : cut;
}

/** Of a path the end says most. */
function inTheMiddle(word: string): string {
  return `${word.slice(0, NAME_LETTERS / 2)}…${word.slice(-NAME_LETTERS / 2)}`;
}

/** Makes an error ready for the bridge. Stacks stay at home. */
export function toWireError(thrown: unknown, depth = 0): WireError {
  const error = asError(thrown);
  const cause = error.cause !== undefined && depth < 4 ? toWireError(error.cause, depth + 1) : undefined;
  const details = plainDetails((error as { readonly details?: unknown }).details);
  return {
    code: codeOf(thrown),
    message: boundedMessage(error.message),
    ...(cause ? { cause } : {}),
    ...(details === undefined ? {} : { details }),
  };
}

/** What can be written down, and is not long. A bundle may hang anything on its errors. */
function plainDetails(details: unknown): unknown {
  if (details === undefined) return undefined;
  try {
    const text = JSON.stringify(details);
    return text.length <= MESSAGE_LETTERS ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The error as it was on the other side. */
export function fromWireError(wire: WireError): RedsunError {
  return RedsunError.passedOn(wire.code, wire.message, {
    ...(wire.cause ? { cause: fromWireError(wire.cause) } : {}),
    ...(wire.details === undefined ? {} : { details: wire.details }),
  });
}
