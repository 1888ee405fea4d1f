export { assertNever } from './assert-never.ts';
export { type Clock, sleepWith } from './clock.ts';
export { onAbort, toDisposable } from './disposable.ts';
export { asError, codeOf, hasCode, KeyError, RedsunError, RuntimeError, ValueError } from './errors.ts';
export { nearMiss, nearMissHint } from './near-miss.ts';
export {
  issuePath,
  type JsonSchema,
  jsonSchemaOf,
  type Schema,
  type SchemaIssue,
  type SchemaOutput,
  type SchemaResult,
  validateNow,
} from './schema.ts';
export { type NewUid, randomUid } from './uid.ts';
