import { issuePath, RedsunError, type SchemaIssue, shortened } from 'redsun/sdk/util';

/** What is wrong with a parameter: place, what was expected, what came. */
export function describeIssue(issue: SchemaIssue, parameters: unknown): string {
  const path = issuePath(issue);
  const place = path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? shortened(part) : `${text}.${shortened(part)}`;
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

/** As it was written, if that is not too long. Large values are cut before they are put into words. */
export function shown(value: unknown): string {
  const text = JSON.stringify(firstOf(value, 3)) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

const SHOWN_MEMBERS = 40;
const SHOWN_LETTERS = 100;

function firstOf(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, SHOWN_LETTERS);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return Array.isArray(value) ? [] : {};
  if (Array.isArray(value)) return value.slice(0, SHOWN_MEMBERS).map((member) => firstOf(member, depth - 1));
  const members: [string, unknown][] = [];
  for (const key in value) {
    if (members.length === SHOWN_MEMBERS) break;
    members.push([key.slice(0, SHOWN_LETTERS), firstOf(Reflect.get(value, key), depth - 1)]);
  }
  return Object.fromEntries(members);
}
