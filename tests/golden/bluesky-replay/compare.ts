import { isSameError, withoutReprs } from './python-form.ts';
import type { RecordedCall, RecordedCase, Trace } from './recorded-case.ts';

const FLOAT_TOLERANCE = 1e-12;
/** s: sleeps that count what a reading took. */
const APPROXIMATE_SLEEP_S = 0.05;

/** Everything in which a trace of ours is not the recorded one, as lines with the place. Empty: they are equal. */
export function differences(expected: RecordedCase, got: Trace): string[] {
  return [
    ...unlike(withoutReprs(expected.msgs), withoutReprs(got.msgs), 'msgs'),
    ...unlike(withoutReprs(expected.docs), withoutReprs(got.docs), 'docs'),
    ...unlike(withoutTimers(expected.timeline), withoutTimers(got.timeline), 'timeline'),
    ...unlike(timers(expected.timeline), timers(got.timeline), 'timers'),
    ...unlike(withoutReprs(expected.device_log), got.device_log, 'device_log'),
    ...unlike(withoutReprs(expected.outcome.stops), withoutReprs(got.outcome.stops), 'stops'),
    ...unlikeCalls(expected.outcome.calls, got.outcome.calls),
    ...unlikeExtras(expected.extras, got.extras),
  ];
}

/** A timer may fire a message earlier or later than it did in a thread of its own. */
function withoutTimers(timeline: readonly string[]): string[] {
  return timeline.filter((entry) => !entry.startsWith('T:'));
}

function timers(timeline: readonly string[]): string[] {
  return timeline.filter((entry) => entry.startsWith('T:'));
}

function unlikeCalls(expected: readonly RecordedCall[], got: readonly RecordedCall[]): string[] {
  const count = unlike(expected.length, got.length, 'calls.length');
  return [
    ...count,
    ...expected.flatMap((one, at) => {
      const other = got[at];
      if (!other) return [];
      const place = `calls[${at}]`;
      const { raised, result, ...rest } = one;
      const { raised: raisedByUs, result: ours, ...ourRest } = other;
      return [
        ...unlike(rest, ourRest, place),
        ...unlike(withoutNoReturn(withoutReprs(result)), withoutReprs(ours), `${place}.result`),
        ...unlikeErrors(raised, raisedByUs, `${place}.raised`),
      ];
    }),
  ];
}

/** Python tells a plan that did not come to its end from one that returned None; undefined and null are told apart by nobody here. */
function withoutNoReturn(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('plan_result' in result)) return result;
  return result.plan_result === '<NO_PLAN_RETURN>' ? { ...result, plan_result: null } : result;
}

type Raised = RecordedCall['raised'];

function unlikeErrors(expected: Raised, got: Raised, place: string): string[] {
  if (expected === null || got === null) return unlike(expected, got, place);
  if (isSameError(expected, got)) return [];
  return [`${place}: expected ${expected.type} "${expected.message}", got ${got.type} "${got.message}"`];
}

type ErrorList = readonly (readonly [label: string, type: string, message: string])[];

/** Errors that a case has caught: `caught` is `[class, message, class of its cause]`, `errors` a list of them with labels. */
function errorsOf({ caught, errors, ...rest }: Trace['extras']): { errors: ErrorList; rest: unknown } {
  const [type = '', message = '', ...cause] = (caught ?? []) as string[];
  const list = (errors ?? []) as ErrorList;
  const causes = cause.map((name): ErrorList[number] => ['cause', name, '']);
  return { errors: caught === undefined ? list : [...list, ['caught', type, message], ...causes], rest };
}

function unlikeExtras(expected: Trace['extras'], got: Trace['extras']): string[] {
  const { errors, rest } = errorsOf(expected);
  const { errors: ours, rest: ourRest } = errorsOf(got);
  const labels = (list: ErrorList) => list.map(([label]) => label);
  return [
    ...unlike(withoutReprs(rest), withoutReprs(ourRest), 'extras'),
    ...unlike(labels(errors), labels(ours), 'extras.errors'),
    ...errors.flatMap(([label, type, message], at) => {
      const [, ourType = '', ourMessage = ''] = ours[at] ?? [];
      return unlikeErrors({ type, message }, { type: ourType, message: ourMessage }, `extras.errors.${label}`);
    }),
  ];
}

function unlike(expected: unknown, got: unknown, place: string): string[] {
  if (isApproximate(expected)) {
    const near = typeof got === 'number' && Math.abs(got - expected.$approx) <= APPROXIMATE_SLEEP_S;
    return near ? [] : [told(expected, got, place)];
  }
  if (typeof expected === 'number' && typeof got === 'number') {
    const scale = Math.max(1, Math.abs(expected));
    return Object.is(expected, got) || Math.abs(expected - got) <= FLOAT_TOLERANCE * scale
      ? []
      : [told(expected, got, place)];
  }
  if (Array.isArray(expected) && Array.isArray(got)) {
    const length = expected.length === got.length ? [] : [told(expected.length, got.length, `${place}.length`)];
    const common = Math.min(expected.length, got.length);
    return [...length, ...expected.slice(0, common).flatMap((item, at) => unlike(item, got[at], `${place}[${at}]`))];
  }
  if (isObject(expected) && isObject(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return [...keys].flatMap((key) => unlike(expected[key], got[key], `${place}.${key}`));
  }
  return expected === got ? [] : [told(expected, got, place)];
}

function told(expected: unknown, got: unknown, place: string): string {
  return `${place}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isApproximate(value: unknown): value is { readonly $approx: number } {
  return isObject(value) && typeof value.$approx === 'number';
}
