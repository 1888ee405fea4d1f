import { asError, codeOf, RedsunError } from 'redsun/sdk/util';
import type { WireError } from './messages.ts';

/** Makes an error ready for the bridge. Stacks stay at home. */
export function toWireError(thrown: unknown, depth = 0): WireError {
  const error = asError(thrown);
  const cause = error.cause !== undefined && depth < 4 ? toWireError(error.cause, depth + 1) : undefined;
  return { code: codeOf(thrown), message: error.message, ...(cause ? { cause } : {}) };
}

/** The error as it was on the other side. */
export function fromWireError(wire: WireError): RedsunError {
  return new RedsunError(wire.code, wire.message, wire.cause ? { cause: fromWireError(wire.cause) } : undefined);
}
