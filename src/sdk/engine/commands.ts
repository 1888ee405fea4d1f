import {
  type Awaitable,
  isConfigurable,
  isFlyable,
  isLocatable,
  isMovable,
  isPreparable,
  isReadable,
  isStageable,
  isStoppable,
  isTriggerable,
} from '../device/protocols.ts';
import { Status } from '../device/status.ts';
import type { DocumentCallback, DocumentName, DocumentTypes, ExitStatus, Reading } from '../events/documents.ts';
import type { Clock } from '../util/clock.ts';
import { onAbort } from '../util/disposable.ts';
import { RedsunError, ValueError } from '../util/errors.ts';
import { IllegalMessageSequence, WaitForTimeoutError } from './errors.ts';
import type { Msg } from './msg.ts';
import { nameOf, type RunBundler } from './run-bundler.ts';
import type { SubscriptionName } from './subscriptions.ts';

/** What command handlers may touch of the engine. */
export interface CommandContext {
  /** All waiting and all times go through it. */
  readonly clock: Clock;
  /** Open runs, by key. @internal */
  readonly runs: Map<string | null, RunBundler>;
  /** Statuses to be waited for, by group. */
  readonly groups: Map<unknown, Set<Status>>;
  /** Staged devices, to be unstaged at the end whatever happens. */
  readonly staged: Set<object>;
  /** Devices that were set, to be stopped on a pause and at the end. */
  readonly moved: Set<object>;
  /** Called with what a `wait` waits for, and with null when it is over. */
  readonly waitingHook: ((statuses: ReadonlySet<Status> | null) => void) | null;
  /** Opens a run; resolves with its uid. @throws what refuses its metadata. */
  openRun(key: string | null, planMetadata: Record<string, unknown>): Awaitable<string>;
  /** Hands a document to every subscriber. */
  emit<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void;
  /** Puts a status into a group; a failure comes up at the next message. */
  track(status: Status, group: unknown): void;
  /** A place to come back to. */
  checkpoint(): void;
  /** What came before is not repeated when a run is resumed: it could not be. */
  forgetMessages(): void;
  /** There is no place to come back to: a pause ends the plan. */
  clearCheckpoint(): void;
  /** Pauses at once, or at the next checkpoint. */
  requestPause(defer: boolean): void;
  /** Aborts when the message that is being executed is broken off. Ask before the first `await`. */
  breakOffSignal(): AbortSignal;
  /** Frames of a device were written that no document tells of. */
  reportUntold(device: string, frames: number): void;
  /** Devices that were paused go on. */
  resumeDevices(): void;
  /** @returns a token for `unsubscribe`. */
  subscribe(callback: DocumentCallback, name?: SubscriptionName): number;
  /** Nothing happens for a token that is gone. */
  unsubscribe(token: number): void;
}

/** Answers one kind of message; what it returns or resolves with goes back into the plan. */
export type CommandHandler = (engine: CommandContext, message: Msg) => unknown;

/** Messages that are not repeated when a run is resumed from its checkpoint. */
export const UNCACHED: ReadonlySet<string> = new Set([
  'pause',
  'subscribe',
  'unsubscribe',
  'stage',
  'unstage',
  'open_run',
  'close_run',
]);

export const COMMANDS: Readonly<Record<string, CommandHandler>> = {
  null: () => undefined,

  open_run(engine, message) {
    if (engine.runs.has(message.run)) throw new IllegalMessageSequence('A second open_run before the first was closed');
    return engine.openRun(message.run, message.kwargs);
  },

  close_run(engine, message) {
    const run = requireRun(engine, message);
    run.close((message.kwargs.exit_status as ExitStatus | null) ?? 'success', String(message.kwargs.reason ?? ''));
    engine.runs.delete(message.run);
    engine.forgetMessages();
    for (const [device, frames] of run.untold) engine.reportUntold(device, frames);
    return run.uid;
  },

  async declare_stream(engine, message) {
    const objects = message.args.filter((arg): arg is object => typeof arg === 'object' && arg !== null);
    const how = message.kwargs.collect === true ? 'collect' : 'read';
    return requireRun(engine, message).declareStream(String(message.kwargs.name), objects, how);
  },

  create(engine, message) {
    requireRun(engine, message).create(String(message.kwargs.name ?? 'primary'));
  },

  async read(engine, message) {
    const obj = required(message, isReadable, 'Readable');
    const reading: Record<string, Reading> | null = await obj.read();
    if (!reading) throw new RedsunError('engine/no-reading', `${nameOf(obj)}.read() gave nothing`);
    await engine.runs.get(message.run)?.read(obj, reading);
    return reading;
  },

  save: (engine, message) => requireRun(engine, message).save(),

  drop(engine, message) {
    requireRun(engine, message).drop();
  },

  async locate(_engine, message) {
    const first = await required(message, isLocatable, 'Locatable').locate();
    if (message.args.length === 0 && message.kwargs.squeeze !== false) return first;
    return [first, ...(await Promise.all(message.args.filter(isLocatable).map((obj) => obj.locate())))];
  },

  set(engine, message) {
    const obj = required(message, isMovable, 'Movable');
    engine.moved.add(obj);
    return tracked(engine, message, obj.set(message.args[0]));
  },

  trigger: (engine, message) => tracked(engine, message, required(message, isTriggerable, 'Triggerable').trigger()),

  prepare: (engine, message) =>
    tracked(engine, message, required(message, isPreparable, 'Preparable').prepare(message.args[0])),

  kickoff(engine, message) {
    requireRun(engine, message);
    return tracked(engine, message, required(message, isFlyable, 'Flyable').kickoff());
  },

  complete: (engine, message) => tracked(engine, message, required(message, isFlyable, 'Flyable').complete()),

  async collect(engine, message) {
    const objects = [message.obj, ...message.args].filter(
      (arg): arg is object => typeof arg === 'object' && arg !== null,
    );
    await requireRun(engine, message).collect(objects, String(message.kwargs.name));
  },

  async configure(engine, message) {
    const obj = required(message, isConfigurable, 'Configurable');
    for (const run of engine.runs.values()) {
      if (run.bundling) throw new IllegalMessageSequence('Cannot configure after create but before save');
    }
    const result = await obj.configure((message.args[0] ?? {}) as Record<string, unknown>);
    for (const run of engine.runs.values()) await run.reconfigured(obj);
    return result;
  },

  async stage(engine, message) {
    const { obj } = message;
    if (!isStageable(obj)) return [];
    engine.staged.add(obj);
    engine.forgetMessages();
    const result = await obj.stage();
    return result instanceof Status ? tracked(engine, message, result) : result;
  },

  async unstage(engine, message) {
    const { obj } = message;
    if (!isStageable(obj)) return [];
    engine.forgetMessages();
    const result = await obj.unstage();
    engine.staged.delete(obj);
    return result instanceof Status ? tracked(engine, message, result) : result;
  },

  stop: (_engine, message) => required(message, isStoppable, 'Stoppable').stop(),

  wait(engine, message) {
    const group = message.kwargs.group ?? null;
    const statuses = [...(engine.groups.get(group) ?? [])];
    const timeoutS = message.kwargs.timeout as number | null | undefined;
    if (statuses.every((status) => status.success)) {
      engine.groups.delete(group);
      return true;
    }
    engine.waitingHook?.(new Set(statuses));
    const errorOnTimeout = message.kwargs.error_on_timeout !== false;
    return waitFor(engine, group, statuses, timeoutS ?? null, errorOnTimeout).finally(() => engine.waitingHook?.(null));
  },

  /** Waits until all of the given functions' promises have resolved. */
  async wait_for(engine, message) {
    const [waits] = message.args as [readonly ((signal: AbortSignal) => Promise<unknown>)[]];
    const controller = new AbortController();
    const brokenOff = engine.breakOffSignal();
    using _broken = onAbort(brokenOff, () => controller.abort(brokenOff.reason));
    const timeoutS = message.kwargs.timeout as number | null | undefined;
    using _timer =
      timeoutS === null || timeoutS === undefined
        ? null
        : engine.clock.setTimeout(
            () => controller.abort(new WaitForTimeoutError(`Not done after ${timeoutS} s`)),
            timeoutS * 1000,
          );
    const late = new Promise<never>((_, reject) => onAbort(controller.signal, () => reject(controller.signal.reason)));
    await Promise.race([Promise.all(waits.map((wait) => wait(controller.signal))), late]);
  },

  resume_devices: (engine) => engine.resumeDevices(),

  async sleep(engine, message) {
    const seconds = Number(message.args[0]);
    if (!Number.isFinite(seconds)) throw new ValueError(`sleep: ${String(message.args[0])} is not a number of seconds`);
    await engine.clock.sleep(Math.max(0, seconds * 1000), engine.breakOffSignal());
  },

  checkpoint(engine) {
    for (const run of engine.runs.values()) {
      if (run.bundling)
        throw new IllegalMessageSequence("Cannot 'checkpoint' after 'create' and before 'save'. Aborting!");
    }
    engine.checkpoint();
  },

  clear_checkpoint: (engine) => engine.clearCheckpoint(),

  pause: (engine, message) => engine.requestPause(message.kwargs.defer === true),

  subscribe: (engine, message) => {
    const [callback, name] = message.args as [DocumentCallback, SubscriptionName?];
    return engine.subscribe(callback, name ?? 'all');
  },

  unsubscribe: (engine, message) => engine.unsubscribe(Number(message.args[0])),
};

function tracked(engine: CommandContext, message: Msg, status: Status): Status {
  engine.track(status, message.kwargs.group ?? null);
  return status;
}

async function waitFor(
  engine: CommandContext,
  group: unknown,
  statuses: readonly Status[],
  timeoutS: number | null,
  errorOnTimeout: boolean,
): Promise<boolean> {
  const allDone = Promise.all(
    statuses.map((status) => new Promise<void>((resolve) => status.addCallback(() => resolve()))),
  );
  if (timeoutS === null) await allDone;
  else {
    const controller = new AbortController();
    const brokenOff = engine.breakOffSignal();
    using _broken = onAbort(brokenOff, () => controller.abort(brokenOff.reason));
    const late = engine.clock.sleep(timeoutS * 1000, controller.signal).then(
      () => 'late' as const,
      () => 'done' as const,
    );
    const first = await Promise.race([allDone, late]);
    controller.abort();
    if (first === 'late') {
      if (!errorOnTimeout) return false;
      const names = statuses.filter((status) => !status.done).map((status) => status.label);
      throw new WaitForTimeoutError(`Not done after ${timeoutS} s: ${names.join(', ')}`);
    }
  }
  engine.groups.delete(group);
  // A failed status comes up by itself, with its device's error as the cause, at the next message.
  return statuses.every((status) => status.success);
}

function requireRun(engine: CommandContext, message: Msg): RunBundler {
  const run = engine.runs.get(message.run);
  if (!run) throw new IllegalMessageSequence(`A '${message.command}' message was sent but no run is open.`);
  return run;
}

function required<T>(message: Msg, is: (value: unknown) => value is T, protocol: string): T {
  if (is(message.obj)) return message.obj;
  throw new RedsunError('engine/protocol', `${nameOf(message.obj)} does not implement all ${protocol} methods`);
}
