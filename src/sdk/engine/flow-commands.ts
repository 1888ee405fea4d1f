import type { Status } from '../device/status.ts';
import type { DocumentCallback } from '../events/documents.ts';
import { onAbort } from '../util/disposable.ts';
import { KeyError, ValueError } from '../util/errors.ts';
import type { CommandContext, CommandHandler } from './command-context.ts';
import { IllegalMessageSequence, WaitForTimeoutError } from './errors.ts';
import type { SubscriptionName } from './subscriptions.ts';
import type { Suspender, SuspendRequest } from './suspension.ts';

/** Commands about the plan itself: waiting, checkpoints, pauses, listeners. */
export const FLOW_COMMANDS: Readonly<Record<string, CommandHandler>> = {
  null: () => undefined,

  wait(engine, { args, kwargs }) {
    if (!('group' in kwargs) && args.length === 0) throw new KeyError('group');
    const group = 'group' in kwargs ? kwargs.group : args[0];
    const joined = engine.groups.get(group);
    if (!joined) {
      engine.waitingHook?.(new Set());
      engine.waitingHook?.(null);
      return true;
    }
    const watched = (Array.isArray(kwargs.watch) ? kwargs.watch : []).flatMap((other) => [
      ...(engine.groups.get(other) ?? []),
    ]);
    engine.waitingHook?.(joined);
    if (allSucceeded(joined)) {
      engine.groups.delete(group);
      engine.waitingHook?.(null);
      return true;
    }
    const timeoutS = kwargs.timeout as number | null | undefined;
    return waitFor(engine, group, [...joined], watched, timeoutS ?? null, kwargs.error_on_timeout !== false).finally(
      () => engine.waitingHook?.(null),
    );
  },

  /** Waits until all of the given functions' promises have resolved. @returns what they resolved with. */
  async wait_for(engine, { args, kwargs }) {
    const [waits] = args as [readonly ((signal: AbortSignal) => Promise<unknown>)[]];
    const controller = new AbortController();
    const brokenOff = engine.breakOffSignal();
    using _broken = onAbort(brokenOff, () => controller.abort(brokenOff.reason));
    const timeoutS = kwargs.timeout as number | null | undefined;
    using _timer =
      timeoutS === null || timeoutS === undefined
        ? null
        : engine.clock.setTimeout(
            () =>
              controller.abort(new WaitForTimeoutError(`Plan failed to complete in the specified time: ${timeoutS} s`)),
            timeoutS * 1000,
          );
    const late = new Promise<never>((_, reject) => onAbort(controller.signal, () => reject(controller.signal.reason)));
    return await Promise.race([Promise.all(waits.map((wait) => wait(controller.signal))), late]);
  },

  /** What is left is asked for anew where the message brings a function for it: a pause must not make the sleep longer. */
  async sleep(engine, { args, kwargs }) {
    const left = kwargs.left as (() => number) | undefined;
    const seconds = Number(left ? left() : args[0]);
    if (!Number.isFinite(seconds)) throw new ValueError(`sleep: ${String(args[0])} is not a number of seconds`);
    await engine.clock.sleep(Math.max(0, seconds * 1000), engine.breakOffSignal());
  },

  checkpoint(engine) {
    for (const run of engine.runs.values()) {
      if (run.bundling) {
        throw new IllegalMessageSequence("Cannot 'checkpoint' after 'create' and before 'save'. Aborting!");
      }
    }
    engine.checkpoint();
  },

  clear_checkpoint: (engine) => engine.clearCheckpoint(),

  rewindable(engine, { args: [wanted] }) {
    if (wanted !== null && wanted !== undefined) engine.setRewindable(Boolean(wanted));
    return engine.rewindable;
  },

  pause: (engine, { kwargs }) => engine.requestPause(kwargs.defer === true),

  subscribe(engine, { args }) {
    const [callback, name] = args as [DocumentCallback, SubscriptionName?];
    return engine.subscribeForCall(callback, name ?? 'all');
  },

  unsubscribe: (engine, { args, kwargs }) => engine.unsubscribe(Number(kwargs.token ?? args[0])),

  install_suspender: (engine, { args }) => engine.installSuspender(args[0] as Suspender),

  remove_suspender: (engine, { args }) => engine.removeSuspender(args[0] as Suspender),

  input: (engine, { kwargs }) => engine.ask(String(kwargs.prompt ?? ''), engine.breakOffSignal()),

  RE_class: (engine) => engine.engineClass,

  _start_suspender(engine, { args: [prePlan, postPlan, justification, until] }) {
    return engine.startSuspension({ prePlan, postPlan, justification, until } as SuspendRequest);
  },

  _resume_from_suspender: (engine) => engine.resumeDevices(),
};

function allSucceeded(statuses: Iterable<Status>): boolean {
  for (const status of statuses) if (!status.success) return false;
  return true;
}

async function waitFor(
  engine: CommandContext,
  group: unknown,
  statuses: readonly Status[],
  watched: readonly Status[],
  timeoutS: number | null,
  errorOnTimeout: boolean,
): Promise<boolean> {
  const allDone = Promise.all(statuses.map(ended));
  // A failure among the watched comes up by itself; here it only ends the waiting.
  const first: Promise<unknown>[] = [allDone, ...watched.map(failed)];
  if (timeoutS === null) await Promise.race(first);
  else {
    const controller = new AbortController();
    const brokenOff = engine.breakOffSignal();
    using _broken = onAbort(brokenOff, () => controller.abort(brokenOff.reason));
    const late = engine.clock.sleep(timeoutS * 1000, controller.signal).then(
      () => 'late' as const,
      () => 'done' as const,
    );
    const won = await Promise.race([...first, late]);
    controller.abort();
    if (won === 'late') {
      if (!errorOnTimeout) return false;
      const names = statuses.filter((status) => !status.done).map((status) => status.label);
      throw new WaitForTimeoutError(
        `Plan failed to complete in the specified time: after ${timeoutS} s there is still ${names.join(', ')}`,
      );
    }
  }
  engine.groups.delete(group);
  // A failed status comes up by itself, with its device's error as the cause, at the next message.
  return allSucceeded(statuses);
}

function ended(status: Status): Promise<void> {
  return new Promise((resolve) => status.addCallback(() => resolve()));
}

function failed(status: Status): Promise<void> {
  return new Promise((resolve) =>
    status.addCallback(() => {
      if (!status.success) resolve();
    }),
  );
}
