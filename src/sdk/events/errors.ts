import type { ErrorAreas } from '../util/error-codes.ts';
import { type ErrorOptions, RedsunError } from '../util/errors.ts';

/** Documents that do not fit together. Code `event-model/...`; the names of classes are those of event-model. */
export class EventModelError<
  Code extends ErrorAreas['event-model'] = ErrorAreas['event-model'],
> extends RedsunError<`event-model/${Code}`> {
  /** @param what - last part of the code. @param message - which document and what was expected. */
  constructor(what: Code, message: string, options?: { readonly cause?: unknown }) {
    super(`event-model/${what}`, message, options as ErrorOptions<`event-model/${Code}`>);
    this.name = 'EventModelError';
  }
}

/** A document that belongs to another run, or refers to nothing known. Code `event-model/value`. */
export class EventModelValueError extends EventModelError<'value'> {
  /** @param message - which document. */
  constructor(message: string) {
    super('value', message);
    this.name = 'EventModelValueError';
  }
}

/** A document that is composed wrongly. Code `event-model/invalid`. */
export class EventModelValidationError extends EventModelError<'invalid'> {
  /** @param message - which keys, or what the schema expects. */
  constructor(message: string) {
    super('invalid', message);
    this.name = 'EventModelValidationError';
  }
}

/** A document refers to another one that has not come. Code `event-model/unknown-key`. */
export class UnresolvableForeignKeyError extends EventModelError<'unknown-key'> {
  /** The uid that nobody knows. */
  readonly key: string;

  /** @param key - the uid that nobody knows. @param message - where it was used. */
  constructor(key: string, message: string) {
    super('unknown-key', message);
    this.name = 'UnresolvableForeignKeyError';
    this.key = key;
  }
}

/** No reader for a kind of store. Code `event-model/undefined-spec`. */
export class UndefinedAssetSpecification extends EventModelError<'undefined-spec'> {
  /** @param message - the MIME type, and those that are known. */
  constructor(message: string) {
    super('undefined-spec', message);
    this.name = 'UndefinedAssetSpecification';
  }
}

/** A store that documents refer to cannot be read. The cause is the reader's error. Code `event-model/not-accessible`. */
export class DataNotAccessible extends EventModelError<'not-accessible'> {
  /** @param message - which frame of which store. @param cause - what the reader said. */
  constructor(message: string, cause: unknown) {
    super('not-accessible', message, { cause });
    this.name = 'DataNotAccessible';
  }
}

/** Values are asked for that no store holds, or holds yet. Code `event-model/unfilled`. */
export class UnfilledData extends EventModelError<'unfilled'> {
  /** @param message - which key of which event. */
  constructor(message: string) {
    super('unfilled', message);
    this.name = 'UnfilledData';
  }
}
