import type { Awaitable, Movable, Readable, Stageable, Stoppable, Triggerable } from '../device/protocols.ts';
import type { Camera, TriggerInfo } from '../device/roles.ts';
import type { Status } from '../device/status.ts';
import { msg, type Plan } from '../engine/msg.ts';
import type { Reading } from '../events/documents.ts';

// Each stub is one message or a fixed few; plans are made of them.

/**
 * Opens a run. @returns the uid of its start document.
 * @throws IllegalMessageSequence when a run of the same key is open.
 */
export function* openRun(metadata: Record<string, unknown> = {}): Plan<string> {
  return yield msg('open_run', null, [], metadata);
}

/**
 * Closes the run. @param exitStatus - `success`, `abort` or `fail`; null: success. @param reason - goes into the stop document.
 * @returns the uid of the run. @throws IllegalMessageSequence when no run is open.
 */
export function* closeRun(exitStatus: string | null = null, reason: string | null = null): Plan<string> {
  return yield msg('close_run', null, [], { exit_status: exitStatus, reason });
}

/** A place that a paused plan goes back to when it is resumed. */
export function* checkpoint(): Plan<void> {
  yield msg('checkpoint');
}

/** Goes on after `seconds`. @param seconds - s; a pause does not stop the count. */
export function* sleep(seconds: number): Plan<void> {
  yield msg('sleep', null, [seconds]);
}

/** Makes a device ready for a run. @returns what its `stage` returns: a Status, or the devices that were staged. */
export function* stage(obj: Stageable): Plan<Awaitable<Status | readonly unknown[]>> {
  return yield msg('stage', obj);
}

/** Takes a device back to what it was before `stage`. */
export function* unstage(obj: Stageable): Plan<void> {
  yield msg('unstage', obj);
}

/** Starts a move and goes on; wait for its group. */
export function* absSet<Value>(obj: Movable<Value>, value: Value, group: string): Plan<Status> {
  return yield msg('set', obj, [value], { group });
}

/**
 * Waits for every status of `group`. @param timeoutS - s; null: as long as it takes. @returns whether all have ended.
 * @throws FailedStatus when one of them failed; WaitForTimeoutError after `timeoutS`.
 */
export function* wait(group: string, timeoutS: number | null = null): Plan<boolean> {
  return yield msg('wait', null, [], { group, timeout: timeoutS });
}

/** Moves all of them and waits for all. */
export function* move(targets: ReadonlyMap<Movable, unknown>, group = 'mv'): Plan<void> {
  for (const [obj, value] of targets) yield* absSet(obj, value, group);
  if (targets.size > 0) yield* wait(group);
}

/** Starts a reading and goes on; wait for its group. */
export function* trigger(obj: Triggerable, group: string): Plan<Status> {
  return yield msg('trigger', obj, [], { group });
}

/** Tells a camera what comes and waits until it is ready. @throws FailedStatus when it refuses. */
export function* prepare(camera: Camera, info: TriggerInfo): Plan<void> {
  yield msg('prepare', camera, [info], { group: 'prepare' });
  yield* wait('prepare');
}

/** Stops a device at once, as its `stop` does. */
export function* stop(obj: Stoppable): Plan<void> {
  yield msg('stop', obj);
}

/** Reads a device into the open event. @returns its readings by data key. */
export function* read(obj: Readable): Plan<Record<string, Reading>> {
  return yield msg('read', obj);
}

/** Triggers what can be triggered, waits, and reads all into one event. */
export function* triggerAndRead(objects: readonly Readable[], stream = 'primary'): Plan<void> {
  let triggered = false;
  for (const obj of objects) {
    if (!('trigger' in obj)) continue;
    yield* trigger(obj as Readable & Triggerable, 'trigger');
    triggered = true;
  }
  if (triggered) yield* wait('trigger');
  yield msg('create', null, [], { name: stream });
  for (const obj of objects) yield* read(obj);
  yield msg('save');
}
