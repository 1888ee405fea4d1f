/**
 * What the SDK needs of a schema: the Standard Schema interface (standardschema.dev) with its JSON Schema extension.
 * zod 4 implements both, so do others; the SDK itself depends on none.
 */
export interface Schema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
      readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The type that a schema lets through. */
export type SchemaOutput<S> = S extends Schema<infer Output> ? Output : never;

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
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
