import type { Awaitable, Movable, Readable, Stageable, Stoppable, Triggerable } from '../device/protocols.ts';
import type { Camera, TriggerInfo } from '../device/roles.ts';
import type { Status } from '../device/status.ts';
import { msg, type Plan } from '../engine/msg.ts';
import type { Reading } from '../events/documents.ts';

// Each stub is one message or a fixed few; plans are made of them.

export function* openRun(metadata: Record<string, unknown> = {}): Plan<string> {
  return yield msg('open_run', null, [], metadata);
}

export function* closeRun(exitStatus: string | null = null, reason: string | null = null): Plan<string> {
  return yield msg('close_run', null, [], { exit_status: exitStatus, reason });
}

export function* checkpoint(): Plan<void> {
  yield msg('checkpoint');
}

/** @param seconds - as long as it takes, whatever else goes on. */
export function* sleep(seconds: number): Plan<void> {
  yield msg('sleep', null, [seconds]);
}

export function* stage(obj: Stageable): Plan<Awaitable<Status | readonly unknown[]>> {
  return yield msg('stage', obj);
}

export function* unstage(obj: Stageable): Plan<void> {
  yield msg('unstage', obj);
}

/** Starts a move and goes on; wait for its group. */
export function* absSet<Value>(obj: Movable<Value>, value: Value, group: string): Plan<Status> {
  return yield msg('set', obj, [value], { group });
}

export function* wait(group: string, timeoutS: number | null = null): Plan<boolean> {
  return yield msg('wait', null, [], { group, timeout: timeoutS });
}

/** Moves all of them and waits for all. */
export function* move(targets: ReadonlyMap<Movable, unknown>, group = 'mv'): Plan<void> {
  for (const [obj, value] of targets) yield* absSet(obj, value, group);
  if (targets.size > 0) yield* wait(group);
}

export function* trigger(obj: Triggerable, group: string): Plan<Status> {
  return yield msg('trigger', obj, [], { group });
}

export function* prepare(camera: Camera, info: TriggerInfo): Plan<void> {
  yield msg('prepare', camera, [info], { group: 'prepare' });
  yield* wait('prepare');
}

export function* stop(obj: Stoppable): Plan<void> {
  yield msg('stop', obj);
}

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
