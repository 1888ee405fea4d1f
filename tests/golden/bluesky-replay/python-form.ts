// The one rule by which Python's way of writing things is read: where the reference shows an object by its `repr`, the name in it is
// compared. All that is Python's alone is listed here.

/** Names of Python's errors and ours. An AssertionError of a protocol says which device lacks what, and so does ours. */
const ERROR_NAMES: Readonly<Record<string, readonly string[]>> = {
  AssertionError: ['ProtocolError'],
  RuntimeError: ['RuntimeError', 'MismatchedObjects', 'Error'],
};

const REPRS: readonly (readonly [RegExp, string])[] = [
  // Det(name='det')
  [/\b[A-Za-z]\w*\(name='(\w+)'\)/g, '$1'],
  // frozenset({det, m1}), a set of names
  [/frozenset\(\{([^}]*)\}\)/g, '$1'],
  // <function scan_per_step_1d.<locals>.step1>
  [/<function (?:\w+\.<locals>\.)?(\w+)>/g, '$1'],
  // Status(m1.set, done=True, success=False)
  [/\bTrue\b/g, 'true'],
  [/\bFalse\b/g, 'false'],
  // 25.0
  [/(\d)\.0(?!\d)/g, '$1'],
  // {'plain'}, a set of texts
  [/\{'(\w+)'\}/g, '$1'],
];

/** Texts that are the repr of a value. */
const VALUES: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };

/** A recorded value in the spelling of TypeScript. */
export function withoutReprs(value: unknown): unknown {
  if (typeof value === 'string') {
    if (value in VALUES) return VALUES[value];
    return REPRS.reduce((text, [pattern, instead]) => text.replace(pattern, instead), value);
  }
  if (Array.isArray(value)) {
    // A message is a tuple with names.
    const [command, obj, args, kwargs, run, ...rest] = value as unknown[];
    const isMessage = value.length === 5 && typeof command === 'string' && Array.isArray(args) && rest.length === 0;
    return isMessage ? withoutReprs({ command, obj, args, kwargs, run }) : value.map(withoutReprs);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === '$fn') return { $fn: true };
  // A class that was never made into an error, where ours is one without a message.
  if (entries.length === 1 && entries[0]?.[0] === '$class') return { $exc: entries[0][1], message: '' };
  return Object.fromEntries(
    entries
      // Versions of Python's packages.
      .filter(([key]) => key !== 'versions')
      .map(([key, inner]) => [key, withoutReprs(inner)]),
  );
}

/** True when our error is the reference's: its class, and its words, to which ours may add numbers and names. */
export function isSameError(
  expected: { readonly type: string; readonly message: string },
  got: { readonly type: string; readonly message: string },
): boolean {
  const names = ERROR_NAMES[expected.type] ?? [expected.type];
  if (!names.includes(got.type)) return false;
  const message = String(withoutReprs(expected.message));
  // The text of Python's KeyError is the repr of its key; of ours it is a sentence with the key in it.
  const key = /^'([^']*)'$/.exec(message)?.[1];
  return key === undefined ? String(withoutReprs(got.message)).startsWith(message) : got.message.includes(key);
}
