export type { AbstractClass } from './abstract-class.ts';
export { assertNever } from './assert-never.ts';
export { type Clock, sleepWith } from './clock.ts';
export { onAbort, toDisposable } from './disposable.ts';
export type { DetailsOf, ErrorAreas, ErrorCode, ErrorDetails, SystemCode } from './error-codes.ts';
export {
  asError,
  codeOf,
  type ErrorOptions,
  hasCode,
  KeyError,
  RedsunError,
  RuntimeError,
  ValueError,
} from './errors.ts';
export { nearMiss, nearMissHint, shortened } from './near-miss.ts';
export {
  issuePath,
  type JsonSchema,
  jsonSchemaOf,
  type Schema,
  type SchemaFailure,
  type SchemaIssue,
  type SchemaOutput,
  type SchemaPathSegment,
  type SchemaResult,
  type SchemaSuccess,
  type SchemaToJson,
  type SchemaTypes,
  type StandardSchema,
  validateNow,
} from './schema.ts';
export { type NewUid, randomUid } from './uid.ts';
export { WaitingList } from './waiting-list.ts';
