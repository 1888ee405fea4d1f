import { isCheckable, type Readable } from '../device/protocols.ts';
import { nameOf } from '../engine/described-object.ts';
import type { Msg, Plan } from '../engine/msg.ts';
import type { Document, DocumentCallback, DocumentName, Reading } from '../events/documents.ts';
import { RedsunError } from '../util/errors.ts';
import { msgMutator } from './mutators.ts';

/** What a plan would do, line by line: runs, moves, readings. Nothing moves. */
export function summarizePlan(plan: Plan): string[] {
  const summary = new Summary();
  return [...plan].flatMap((message) => summary.linesOf(message));
}

/** Tells what a plan does while it does it. @param out - gets the lines of `summarizePlan`, one by one. */
export function summaryWrapper<Result>(plan: Plan<Result>, out: (line: string) => void): Plan<Result> {
  const summary = new Summary();
  return msgMutator(plan, (message) => {
    for (const line of summary.linesOf(message)) out(line);
    return message;
  });
}

class Summary {
  #read: string[] = [];

  linesOf({ command, obj, args }: Msg): string[] {
    switch (command) {
      case 'open_run':
        return [banner(' Open Run ')];
      case 'close_run':
        return [banner(' Close Run ')];
      case 'set':
        return [`${nameOf(obj)} -> ${String(args[0])}`];
      case 'create':
        this.#read = [];
        return [];
      case 'read':
        this.#read.push(nameOf(obj));
        return [];
      case 'save':
        return [`  Read [${this.#read.map((name) => `'${name}'`).join(', ')}]`];
      default:
        return [];
    }
  }
}

/**
 * The way of two axes through a plan: where both have been sent whenever something is read. Nothing moves.
 * @param x - the horizontal axis. @param y - the vertical one. @returns points in the units of the axes; axes that were not sent anywhere yet stand at 0.
 */
export function rasterPath(plan: Plan, x: object, y: object): [x: number, y: number][] {
  const points: [number, number][] = [];
  const at = new Map<unknown, number>([
    [x, 0],
    [y, 0],
  ]);
  for (const { command, obj, args } of plan) {
    if (command === 'set' && at.has(obj)) at.set(obj, Number(args[0]));
    else if (command === 'save') points.push([at.get(x) ?? 0, at.get(y) ?? 0]);
  }
  return points;
}

function banner(text: string): string {
  const left = Math.floor((80 - text.length) / 2);
  return text.padStart(left + text.length, '=').padEnd(80, '=');
}

/**
 * Goes through a plan without moving anything and asks each device whether it may go there.
 * @returns names of devices that cannot say. @throws what the device says of the first value that is out of its limits.
 */
export async function checkLimits(plan: Plan): Promise<readonly string[]> {
  const silent = new Set<string>();
  for (const { command, obj, args } of plan) {
    if (command !== 'set') continue;
    if (isCheckable(obj)) await obj.checkValue(args[0]);
    else silent.add(nameOf(obj));
  }
  return [...silent];
}

/** Answers one kind of message in a simulation. */
interface SimulatedAnswer {
  readonly applies: (message: Msg) => boolean;
  readonly answer: (message: Msg) => unknown;
}

/** Runs plans without devices: takes their messages down and answers them as a test says. */
export class RunEngineSimulator {
  /** What the last plan returned. */
  returnValue: unknown = undefined;
  #handlers: SimulatedAnswer[] = [];
  readonly #callbacks: { readonly callback: DocumentCallback; readonly name: string }[] = [];

  /** Answers messages with these commands; what was added last is asked first. @param filter - of the device with this name, or messages like these. */
  addHandler(
    commands: string | readonly string[],
    answer: (message: Msg) => unknown,
    filter: string | ((message: Msg) => boolean) | null = null,
  ): void {
    const wanted = typeof commands === 'string' ? [commands] : commands;
    const fits = (message: Msg) =>
      filter === null || (typeof filter === 'string' ? nameOf(message.obj) === filter : filter(message));
    this.#handlers.unshift({ applies: (message) => wanted.includes(message.command) && fits(message), answer });
  }

  /** A device reads this value. */
  addReadHandlerFor(obj: Readable & { readonly name: string }, value: unknown): void {
    this.addReadHandlerForMultiple(obj, { [obj.name]: value });
  }

  /** A device reads these values, by data key. */
  addReadHandlerForMultiple(
    obj: Readable & { readonly name: string },
    values: Readonly<Record<string, unknown>>,
  ): void {
    const readings = (): Record<string, Reading> =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, timestamp: 0 }]));
    this.addHandler('read', readings, obj.name);
  }

  /** Called when a plan waits. @param group - absent: for any. */
  addWaitHandler(handler: (message: Msg) => void, group?: unknown): void {
    this.addHandler('wait', handler, ({ kwargs }) => group === undefined || kwargs.group === group);
  }

  /** Plans that subscribe are remembered, for `fireCallback`. */
  addHandlerForCallbackSubscribes(): void {
    this.addHandler('subscribe', ({ args: [callback, name] }) => {
      this.#callbacks.push({ callback: callback as DocumentCallback, name: String(name) });
      return this.#callbacks.length - 1;
    });
  }

  /** Hands a document to whoever the plan has subscribed. */
  fireCallback(name: DocumentName, doc: Document): void {
    for (const one of this.#callbacks) if (one.name === 'all' || one.name === name) one.callback(name, doc);
  }

  /** Runs a plan. @returns its messages. */
  simulatePlan(plan: Plan): Msg[] {
    const messages: Msg[] = [];
    let step = plan.next();
    while (!step.done) {
      const message = step.value;
      messages.push(message);
      step = plan.next(this.#handlers.find(({ applies }) => applies(message))?.answer(message));
    }
    this.returnValue = step.value;
    return messages;
  }
}

/**
 * The messages from the first one that fits. @param group - passes over messages of other groups.
 * @throws RedsunError `plan/no-message` when there is none.
 */
export function assertMessageAndReturnRemaining(
  messages: readonly Msg[],
  fits: (message: Msg) => boolean,
  group?: unknown,
): Msg[] {
  const at = messages.findIndex((message) => {
    const { group: own } = message.kwargs;
    return (group === undefined || own === group) && fits(message);
  });
  if (at < 0) throw new RedsunError('plan/no-message', `None of ${messages.length} messages fits ${fits.toString()}`);
  return messages.slice(at);
}
