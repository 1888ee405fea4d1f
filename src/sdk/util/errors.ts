import type { DetailsOf, ErrorCode, ErrorDetails, SystemCode } from './error-codes.ts';

/** What an error may carry beside its message. */
export type ErrorOptions<Code extends ErrorCode> = {
  /** What it came from. */
  readonly cause?: unknown;
} & (Code extends keyof ErrorDetails
  ? {
      /** For programs. */
      readonly details?: DetailsOf<Code>;
    }
  : unknown);

/**
 * The one error class of Redsun: a stable `code` (`area/what`) of the catalogue, a message that names the thing and the number, and the
 * cause. Errors cross process and bundle borders, so they are told apart by `code`, never by `instanceof`.
 */
export class RedsunError<Code extends ErrorCode = ErrorCode> extends Error {
  /** Stable: `area/what`. What programs tell errors apart by. */
  readonly code: Code;
  /** What programs may want to know, typed by the code; undefined where there is nothing, or nobody said. */
  readonly details: DetailsOf<Code> | undefined;

  constructor(code: Code, message: string, options?: ErrorOptions<Code>) {
    super(message, options);
    this.code = code;
    this.details = (options as { readonly details?: DetailsOf<Code> } | undefined)?.details;
    this.name = 'RedsunError';
  }

  /** An error that came from somewhere else with a code: from the other end of a bridge, a thread, a bundle. Its code may be any. */
  static passedOn(
    code: string,
    message: string,
    options?: { readonly cause?: unknown; readonly details?: unknown },
  ): RedsunError {
    return new RedsunError(code as ErrorCode, message, options as ErrorOptions<ErrorCode>);
  }
}

/** A key that is not there. Python's `KeyError`. Code `key/unknown`. */
export class KeyError extends RedsunError<'key/unknown'> {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('key/unknown', message, options);
    this.name = 'KeyError';
  }
}

/** A value outside what is allowed. Python's `ValueError`. Code `value/invalid`. */
export class ValueError extends RedsunError<'value/invalid'> {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('value/invalid', message, options);
    this.name = 'ValueError';
  }
}

/** An action that the present state does not allow. Python's `RuntimeError`. Code `state/forbidden`. */
export class RuntimeError extends RedsunError<'state/forbidden'> {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('state/forbidden', message, options);
    this.name = 'RuntimeError';
  }
}

/** True when `error` carries the given code, wherever it was made. */
export function hasCode(error: unknown, code: ErrorCode | SystemCode): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Whatever was thrown, as an `Error`: strings and plain objects are wrapped, Errors pass unchanged. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new RedsunError('error/not-an-error', String(thrown), { cause: thrown });
}

/** The code of whatever was thrown; `error/uncoded` where it has none. */
export function codeOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : 'error/uncoded';
}
