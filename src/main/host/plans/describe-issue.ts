import { issuePath, RedsunError, type SchemaIssue } from 'redsun/sdk/util';

/** What is wrong with a parameter: place, what was expected, what came. */
export function describeIssue(issue: SchemaIssue, parameters: unknown): string {
  const path = issuePath(issue);
  const place = path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
  const value = path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : undefined),
    parameters,
  );
  // Of one of several forms: the message says itself which part it is about.
  if (/^[\w.[\]]+: /.test(issue.message)) return `${place}: ${issue.message}, got ${shown(value)}`;
  const [, wanted] =
    /^(?:Invalid input|Too small|Too big): expected (.*?)(?:, received .*)?$/.exec(issue.message) ?? [];
  const expected = wanted ?? issue.message;
  return value === undefined
    ? `${place}: missing, expected ${expected}`
    : `${place}: expected ${expected}, got ${shown(value)}`;
}

/** @param place - the parameter, `args[2]`. @param expected - in words: "a number". */
export function badParameter(plan: string, place: string, expected: string, value: unknown): RedsunError {
  return new RedsunError('plan/bad-parameter', `${plan}: ${place}: expected ${expected}, got ${shown(value)}`);
}

/** As it was written, if that is not too long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
