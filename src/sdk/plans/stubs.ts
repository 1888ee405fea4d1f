import type {
  Awaitable,
  Configurable,
  Flyable,
  Locatable,
  Location,
  Movable,
  PartialEvent,
  PartialEventPage,
  Preparable,
  Readable,
  Stageable,
  Stoppable,
  Subscribable,
  Triggerable,
} from '../device/protocols.ts';
import { Status } from '../device/status.ts';
import { msg, type Plan } from '../engine/msg.ts';
import { planFunction } from '../engine/plan-ledger.ts';
import type { DeclaredStream } from '../engine/run-documents.ts';
import type { Subscribers, SubscriptionName } from '../engine/subscriptions.ts';
import type { Suspender } from '../engine/suspension.ts';
import type { DocumentCallback, ExitStatus, Reading } from '../events/documents.ts';
import { RuntimeError } from '../util/errors.ts';
import { randomUid } from '../util/uid.ts';
import { separateDevices } from './devices.ts';
import type { GroupOptions } from './group.ts';

// Each stub is one message or a fixed few; plans are made of them. Every call needs `yield*`: without it nothing happens.

/** Who hears of documents, as `run` of the engine and `subsWrapper` take it. */
export type { Subscribers };

/**
 * Opens a run. @returns the uid of its start document.
 * @throws IllegalMessageSequence when a run of the same key is open.
 */
export const openRun = planFunction(
  'openRun',
  function* (metadata: Readonly<Record<string, unknown>> = {}): Plan<string> {
    return yield msg('open_run', null, [], metadata);
  },
);

/**
 * Closes the run. @param exitStatus - null: success. @param reason - goes into the stop document.
 * @returns the uid of the run. @throws IllegalMessageSequence when no run is open.
 */
export const closeRun = planFunction(
  'closeRun',
  function* (exitStatus: ExitStatus | null = null, reason: string | null = null): Plan<string> {
    return yield msg('close_run', null, [], { exit_status: exitStatus, reason });
  },
);

/** Describes a stream before its first event. @param collect - of what the devices collect while they fly. @returns its descriptor, what makes its next event without emitting it, and the objects. */
export const declareStream = planFunction(
  'declareStream',
  function* (objects: readonly object[], name: string, collect = false): Plan<DeclaredStream> {
    return yield msg('declare_stream', null, separateDevices(objects), { name, collect });
  },
);

/** Begins an event. @throws IllegalMessageSequence when one is being put together. */
export const create = planFunction('create', function* (name = 'primary'): Plan<void> {
  yield msg('create', null, [], { name });
});

/** Ends the event and emits it. @throws IllegalMessageSequence when there is none. */
export const save = planFunction('save', function* (): Plan<void> {
  yield msg('save');
});

/** Ends the event without emitting it. @throws IllegalMessageSequence when there is none. */
export const drop = planFunction('drop', function* (): Plan<void> {
  yield msg('drop');
});

/** Reads a device, into the event when one is being put together. @returns its readings by data key. */
export const read = planFunction('read', function* (obj: Readable): Plan<Record<string, Reading>> {
  return yield msg('read', obj);
});

/** Where a device is and where it was sent. */
export const locate = planFunction('locate', function* <Value>(obj: Locatable<Value>): Plan<Location<Value>> {
  return yield msg('locate', obj, [], { squeeze: true });
});

/** Where devices are and where they were sent, asked all at once. */
export const locateAll = planFunction('locateAll', function* (objects: readonly Locatable[]): Plan<
  readonly Location[]
> {
  const [first, ...others] = objects;
  return first ? yield msg('locate', first, others, { squeeze: others.length > 0 }) : [];
});

/** Makes an event of each change of a device, in a stream of its own. @param name - of the stream; null: `<device>_monitor`. */
export const monitor = planFunction('monitor', function* (obj: Subscribable, name: string | null = null): Plan<void> {
  yield msg('monitor', obj, [], { name });
});

/** Listens no longer. @throws IllegalMessageSequence when it was not monitored. */
export const unmonitor = planFunction('unmonitor', function* (obj: Subscribable): Plan<void> {
  yield msg('unmonitor', obj);
});

/** Nothing. */
export const nothing = planFunction('nothing', function* (): Plan<void> {
  yield msg('null');
});

/** Starts a move. @returns its status. */
export const absSet = planFunction('absSet', function* <
  Value,
>(obj: Movable<Value>, value: Value, options: GroupOptions = {}): Plan<Status> {
  const { wait: waits = false } = options;
  const group = options.group ?? (waits ? randomUid() : null);
  const status: Status = yield msg('set', obj, [value], { group });
  if (waits) yield msg('wait', null, [], { group });
  return status;
});

/** Moves all of them and waits for all. @param targets - devices and values: a Map, or a list of pairs. @returns their statuses. */
export const mv = planFunction(
  'mv',
  function* (
    targets: Iterable<readonly [obj: Movable, value: unknown]>,
    { group = randomUid(), timeout = null }: { readonly group?: unknown; readonly timeout?: number | null } = {},
  ): Plan<readonly Status[]> {
    const statuses: Status[] = [];
    for (const [obj, value] of targets) statuses.push(yield msg('set', obj, [value], { group }));
    if (statuses.length > 0) yield msg('wait', null, [], { group, timeout });
    return statuses;
  },
);

/** Stops a device at once, as its `stop` does. */
export const stop = planFunction('stop', function* (obj: Stoppable): Plan<void> {
  yield msg('stop', obj);
});

/** Starts a reading. @returns its status. */
export const trigger = planFunction(
  'trigger',
  function* (obj: Triggerable, { group = null, wait: waits = false }: GroupOptions = {}): Plan<Status> {
    const status: Status = yield msg('trigger', obj, [], { group });
    if (waits) yield msg('wait', null, [], { group });
    return status;
  },
);

/** Goes on after `seconds`. @param seconds - s; a pause does not stop the count. */
export const sleep = planFunction('sleep', function* (seconds: number): Plan<void> {
  yield msg('sleep', null, [seconds]);
});

/** How long to wait, and for what else. */
export interface WaitOptions {
  /** s; null: as long as it takes. */
  readonly timeout?: number | null;
  /** False: `wait` returns false when the time is up. Default true. */
  readonly errorOnTimeout?: boolean;
  /** Groups whose failure ends the waiting. */
  readonly watch?: readonly unknown[];
}

/**
 * Waits for every status of `group`. @returns whether all have ended.
 * @throws FailedStatus when one of them failed; WaitForTimeoutError when the time is up.
 */
export const wait = planFunction(
  'wait',
  function* (
    group: unknown = null,
    { timeout = null, errorOnTimeout = true, watch = [] }: WaitOptions = {},
  ): Plan<boolean> {
    return yield msg('wait', null, [], { group, error_on_timeout: errorOnTimeout, timeout, watch });
  },
);

/** Waits until what these functions return has resolved. @returns what they resolved with. @throws WaitForTimeoutError */
export const waitFor = planFunction(
  'waitFor',
  function* (
    waits: readonly ((signal: AbortSignal) => Promise<unknown>)[],
    { timeout }: { readonly timeout?: number } = {},
  ): Plan<readonly unknown[]> {
    return yield msg('wait_for', null, [waits], timeout === undefined ? {} : { timeout });
  },
);

/** A place that a paused plan goes back to when it is resumed. @throws IllegalMessageSequence inside an event. */
export const checkpoint = planFunction('checkpoint', function* (): Plan<void> {
  yield msg('checkpoint');
});

/** From here on there is no way back: a pause ends the plan. */
export const clearCheckpoint = planFunction('clearCheckpoint', function* (): Plan<void> {
  yield msg('clear_checkpoint');
});

/** Pauses, and waits for the operator. */
export const pause = planFunction('pause', function* (): Plan<void> {
  yield msg('pause', null, [], { defer: false });
});

/** Pauses at the next checkpoint. */
export const deferredPause = planFunction('deferredPause', function* (): Plan<void> {
  yield msg('pause', null, [], { defer: true });
});

/** Asks the operator for a line of text. @throws RedsunError `engine/no-input` when nobody can be asked. */
export const inputPlan = planFunction('inputPlan', function* (prompt = ''): Plan<string> {
  return yield msg('input', null, [], { prompt });
});

/** Tells a device what comes. @returns its status. */
export const prepare = planFunction('prepare', function* <
  Value,
>(obj: Preparable<Value>, value: Value, { group = null, wait: waits = false }: GroupOptions = {}): Plan<Status> {
  const status: Status = yield msg('prepare', obj, [value], { group });
  if (waits) yield* wait(group);
  return status;
});

/** Lets a device begin to fly. @returns its status. @throws IllegalMessageSequence when no run is open. */
export const kickoff = planFunction(
  'kickoff',
  function* (obj: Flyable, { group = null, wait: waits = false }: GroupOptions = {}): Plan<Status> {
    const status: Status = yield msg('kickoff', obj, [], { group });
    if (waits) yield* wait(group);
    return status;
  },
);

/** Lets devices begin to fly together, and waits unless told not to. */
export const kickoffAll = planFunction(
  'kickoffAll',
  function* (
    objects: readonly Flyable[],
    { group = randomUid(), wait: waits = true }: GroupOptions = {},
  ): Plan<readonly Status[]> {
    const statuses: Status[] = [];
    for (const obj of objects) statuses.push(yield msg('kickoff', obj, [], { group }));
    if (waits) yield* wait(group);
    return statuses;
  },
);

/** Lets a flying device come to its end. @returns its status. */
export const complete = planFunction(
  'complete',
  function* (obj: Flyable, { group = null, wait: waits = false }: GroupOptions = {}): Plan<Status> {
    const status: Status = yield msg('complete', obj, [], { group });
    if (waits) yield* wait(group);
    return status;
  },
);

/** Lets flying devices come to their end. */
export const completeAll = planFunction(
  'completeAll',
  function* (
    objects: readonly Flyable[],
    { group = randomUid(), wait: waits = false }: GroupOptions = {},
  ): Plan<readonly Status[]> {
    const statuses: Status[] = [];
    for (const obj of objects) statuses.push(yield msg('complete', obj, [], { group }));
    if (waits) yield* wait(group);
    return statuses;
  },
);

/** What is collected, and where to. */
export interface CollectOptions {
  /** A declared stream; null: the device names its streams itself. */
  readonly name?: string | null;
  /** Hands the readings to the plan. Default true. */
  readonly returnPayload?: boolean;
  /** No longer supported: refused when true. */
  readonly stream?: boolean;
}

/** Emits what flying devices have. @returns readings, null for what lies in files. @throws ProtocolError for a stream that was not declared. */
export const collect = planFunction(
  'collect',
  function* (
    objects: readonly object[],
    { name = null, returnPayload = true, stream = false }: CollectOptions = {},
  ): Plan<readonly (PartialEvent | PartialEventPage)[] | null> {
    const [first, ...others] = objects;
    return yield msg('collect', first, others, { stream, return_payload: returnPayload, name });
  },
);

/** Changes settings of a device; streams that it is in are described anew. @returns what they were, and what they are. */
export const configure = planFunction(
  'configure',
  function* (
    obj: Configurable,
    settings: Readonly<Record<string, unknown>>,
  ): Plan<readonly [Record<string, Reading>, Record<string, Reading>]> {
    return yield msg('configure', obj, [settings]);
  },
);

/** Makes a device ready for a run. @returns what its `stage` returns: a Status, or the devices that were staged. */
export const stage = planFunction('stage', function* (obj: Stageable, options: GroupOptions = {}): Plan<
  Awaitable<Status | readonly unknown[]>
> {
  return yield* staging('stage', obj, options);
});

/** Takes a device back to what it was before `stage`. */
export const unstage = planFunction('unstage', function* (obj: Stageable, options: GroupOptions = {}): Plan<
  Awaitable<Status | readonly unknown[]>
> {
  return yield* staging('unstage', obj, options);
});

/** Makes devices ready, in order, and waits for all. */
export const stageAll = planFunction(
  'stageAll',
  function* (objects: readonly object[], group: unknown = randomUid()): Plan<void> {
    yield* stagingAll('stage', objects, group);
  },
);

/** Takes devices back, in order, and waits for all. */
export const unstageAll = planFunction(
  'unstageAll',
  function* (objects: readonly object[], group: unknown = randomUid()): Plan<void> {
    yield* stagingAll('unstage', objects, group);
  },
);

function* staging(
  command: 'stage' | 'unstage',
  obj: Stageable,
  { group = null, wait: waits }: GroupOptions,
): Plan<Status | readonly unknown[]> {
  const result: Status | readonly unknown[] = yield msg(command, obj, [], { group });
  if (result instanceof Status) {
    if (waits) yield msg('wait', null, [], { group });
  } else if (waits === false) {
    throw new RuntimeError(`${String(obj)}: Is an old style device and cannot be told not to wait`);
  }
  return result;
}

function* stagingAll(command: 'stage' | 'unstage', objects: readonly object[], group: unknown): Plan<void> {
  let takesTime = false;
  for (const obj of objects) {
    const result: unknown = yield msg(command, obj, [], { group });
    takesTime ||= result instanceof Status;
  }
  if (takesTime) yield msg('wait', null, [], { group });
}

/** Calls `callback` with documents of one kind until the call ends. @returns a token for `unsubscribe`. */
export const subscribe = planFunction(
  'subscribe',
  function* (name: SubscriptionName, callback: DocumentCallback): Plan<number> {
    return yield msg('subscribe', null, [callback, name]);
  },
);

/** No longer. */
export const unsubscribe = planFunction('unsubscribe', function* (token: number): Plan<void> {
  yield msg('unsubscribe', null, [], { token });
});

/** Lets `suspender` hold plans up. */
export const installSuspender = planFunction('installSuspender', function* (suspender: Suspender): Plan<void> {
  yield msg('install_suspender', null, [suspender]);
});

/** The suspender no longer watches. */
export const removeSuspender = planFunction('removeSuspender', function* (suspender: Suspender): Plan<void> {
  yield msg('remove_suspender', null, [suspender]);
});

/** The same message to each device. @returns the answers. */
export const broadcastMsg = planFunction(
  'broadcastMsg',
  function* (
    command: string,
    objects: Iterable<object>,
    args: readonly unknown[] = [],
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Plan<readonly unknown[]> {
    const answers: unknown[] = [];
    for (const obj of objects) answers.push(yield msg(command, obj, args, kwargs));
    return answers;
  },
);
