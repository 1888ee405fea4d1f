/** One instruction of a plan. Handlers answer with a value that `yield` returns to the plan. */
export interface Msg {
  /** What to do: `set`, `read`. */
  readonly command: string;
  /** The device that it is for; null: none. */
  readonly obj: unknown;
  /** Arguments, in order. */
  readonly args: readonly unknown[];
  /** Arguments by name. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Which of several open runs it belongs to; null: the only one. */
  readonly run: string | null;
}

/** A plan: yields messages, gets their answers, returns a result. Answers are what the command's handler documents. */
// biome-ignore lint/suspicious/noExplicitAny: what yield returns depends on the command; each stub narrows it once.
export type Plan<Result = unknown> = Generator<Msg, Result, any>;

/** Makes a message. @param obj - the device that it is for. @param run - key of one of several open runs. */
export function msg(
  command: string,
  obj: unknown = null,
  args: readonly unknown[] = [],
  kwargs: Readonly<Record<string, unknown>> = {},
  run: string | null = null,
): Msg {
  return { command, obj, args, kwargs, run };
}

/** True when `value` has a command. */
export function isMsg(value: unknown): value is Msg {
  return typeof value === 'object' && value !== null && 'command' in value && typeof value.command === 'string';
}

/** `set(z, 12.5)` for messages and logs. */
export function describeMsg(message: Msg): string {
  const obj = message.obj as { name?: unknown } | null;
  const name = obj && typeof obj === 'object' && 'name' in obj ? String(obj.name) : null;
  const parts = [...(name ? [name] : []), ...message.args.map((arg) => JSON.stringify(arg) ?? String(arg))];
  return `${message.command}(${parts.join(', ')})`;
}

const MESSAGE = Symbol.for('redsun.plan-message');

/** Notes on an error which message it came up at, once; its own stack stays as it is. @returns the error. */
export function withMessage(error: Error, message: Msg): Error {
  if (!(MESSAGE in error)) Object.defineProperty(error, MESSAGE, { value: describeMsg(message) });
  return error;
}

/** The message that was being executed, or was the last, when a plan failed with `error`: `set(z, 12.5)`. Empty: it failed before any. */
export function planMessageOf(error: object): string {
  return MESSAGE in error ? String(error[MESSAGE]) : '';
}
