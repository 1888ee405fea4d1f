/**
 * What the SDK needs of a schema: the Standard Schema interface (standardschema.dev) with its JSON Schema extension.
 * zod 4 implements both, so do others; the SDK itself depends on none.
 */
export interface Schema<Output = unknown> {
  /** What any library of that standard gives: version, name of the library, the check itself, its types and JSON Schema. */
  readonly '~standard': StandardSchema<Output>;
}

/** What a schema offers under the key of the Standard Schema interface. */
export interface StandardSchema<Output> {
  /** Of the interface. */
  readonly version: 1;
  /** The library that the schema was made with. */
  readonly vendor: string;
  /** Checks a value. Libraries with asynchronous rules answer later; the SDK does not take those. */
  readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
  /** Types of what goes in and what comes out, for the compiler only. */
  readonly types?: SchemaTypes<Output> | undefined;
  /** Makes the JSON Schema; absent in libraries that cannot. */
  readonly jsonSchema?: SchemaToJson;
}

/** Types that a schema carries for the compiler. */
export interface SchemaTypes<Output> {
  /** Of what goes in. */
  readonly input: unknown;
  /** Of what comes out. */
  readonly output: Output;
}

/** Makes JSON Schemas of what goes in and what comes out. */
export interface SchemaToJson {
  /** Of what goes in: members with a default may be absent. */
  readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
  /** Of what comes out. */
  readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
}

/** What a check says: the value, defaults filled in, or the list of what is wrong. */
export type SchemaResult<Output> = SchemaSuccess<Output> | SchemaFailure;

/** The value was let through. */
export interface SchemaSuccess<Output> {
  /** Defaults filled in. */
  readonly value: Output;
  /** Absent: tells success from failure. */
  readonly issues?: undefined;
}

/** The value was refused. */
export interface SchemaFailure {
  /** What is wrong, all of it. */
  readonly issues: readonly SchemaIssue[];
}

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** What was expected and what was found. */
  readonly message: string;
  /** Where in the value; absent: the value itself. */
  readonly path?: readonly (PropertyKey | SchemaPathSegment)[] | undefined;
}

/** A step of a path, as some libraries wrap it. */
export interface SchemaPathSegment {
  /** Name of a member, or place in a list. */
  readonly key: PropertyKey;
}

/** The type that a schema lets through. */
export type SchemaOutput<S> = S extends Schema<infer Output> ? Output : never;

/** A JSON Schema, of which the SDK itself reads only these keywords. */
export interface JsonSchema {
  /** Type or types that the value may have. */
  readonly type?: string | readonly string[];
  /** Schema of each member of an object. */
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** Members that must be there. */
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** The JSON Schema of what may be put in; an empty object for a schema library without the extension. */
export function jsonSchemaOf(schema: Schema): JsonSchema {
  return (schema['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }) ?? {}) as JsonSchema;
}

/** The path of an issue as words: `channels.FITC.exposure_ms`. */
export function issuePath(issue: SchemaIssue): (string | number)[] {
  return (issue.path ?? []).map((part) => {
    const key = typeof part === 'object' ? part.key : part;
    return typeof key === 'symbol' ? String(key) : key;
  });
}

/** Checks `value` at once. @returns the value, or the list of what is wrong. A schema that answers later is refused. */
export function validateNow<Output>(schema: Schema<Output>, value: unknown): SchemaResult<Output> {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) return { issues: [{ message: 'schemas that answer later are not supported' }] };
  return result;
}
