import { isLocatable, isReadable, type Movable, type Readable } from '../device/protocols.ts';
import type { Status } from '../device/status.ts';
import { type Msg, msg, type Plan } from '../engine/msg.ts';
import { planFunction } from '../engine/plan-ledger.ts';
import type { Reading } from '../events/documents.ts';
import { RedsunError } from '../util/errors.ts';
import { hintedFields } from './devices.ts';
import { type GroupOptions, newGroup } from './group.ts';
import { type Insertion, msgMutator, planMutator } from './mutators.ts';
import { absSet, mv, read } from './stubs.ts';
import { finalizeWrapper } from './wrappers.ts';

/** Where devices stood before a plan first moved them. */
type Positions = Map<unknown, unknown>;

/** Values that the plan sends these devices to count from where they stand. @param devices - absent: all. */
export function relativeSetWrapper<Result>(plan: Plan<Result>, devices?: readonly object[]): Plan<Result> {
  const before: Positions = new Map();
  return msgMutator(planMutator(plan, stashing(before, devices)), (message) => {
    if (message.command !== 'set' || !before.has(message.obj)) return message;
    return { ...message, args: [sum(before.get(message.obj), message.args[0])] };
  });
}

/** Sends devices back to where they stood, however the plan ends. @param devices - absent: all that it moved. */
export function resetPositionsWrapper<Result>(plan: Plan<Result>, devices?: readonly object[]): Plan<Result> {
  const before: Positions = new Map();
  return finalizeWrapper(planMutator(plan, stashing(before, devices)), function* () {
    const group = newGroup('reset');
    for (const [obj, position] of before) yield msg('set', obj, [position], { group });
    yield msg('wait', null, [], { group });
  });
}

/** Starts a move by `value` from where the device stands. */
export function relSet(obj: Movable<number>, value: number, options: GroupOptions = {}): Plan<Status> {
  return relativeSetWrapper(absSet(obj, value, options));
}

/** Moves all of them by these values from where they stand, and waits for all. */
export function mvr(targets: Iterable<readonly [obj: Movable<number>, by: number]>): Plan<readonly Status[]> {
  const list = [...targets] as (readonly [Movable, number])[];
  return relativeSetWrapper(
    mv(list),
    list.map(([obj]) => obj),
  );
}

/** The one value of a device: its position, or the reading that matters. @throws RedsunError `plan/several-values` when there are more. */
export const rd = planFunction(
  'rd',
  function* (obj: Readable & { readonly name: string }, defaultValue: unknown = 0): Plan<unknown> {
    if (isLocatable(obj)) {
      const location: { readonly readback: unknown } | undefined = yield msg('locate', obj);
      return location ? location.readback : defaultValue;
    }
    const hints = hintedFields(obj);
    if (hints.length > 1) throw severalValues(obj.name, hints);
    const readings: Record<string, Reading> | undefined = yield* read(obj);
    if (!readings) return defaultValue;
    const keys = hints.length === 1 ? hints : Object.keys(readings);
    if (keys.length !== 1) throw severalValues(obj.name, keys);
    return readings[keys[0] ?? '']?.value;
  },
);

function severalValues(name: string, keys: readonly string[]): RedsunError {
  return new RedsunError(
    'plan/several-values',
    `${name} has ${keys.length} values (${keys.join(', ')}): hint at one of them`,
  );
}

function stashing(before: Positions, devices: readonly object[] | undefined): (message: Msg) => Insertion | null {
  return (message) => {
    const { command, obj } = message;
    if (command !== 'set' || before.has(obj) || (devices && !devices.includes(obj as object))) return null;
    function* head(): Plan<unknown> {
      before.set(obj, yield* positionOf(obj as object));
      return yield message;
    }
    return { head: head() };
  };
}

/** Where a device was sent last, as far as it can be found out. */
function* positionOf(obj: object): Plan<unknown> {
  if (isLocatable(obj)) {
    const location: { readonly setpoint: unknown } | undefined = yield msg('locate', obj);
    return location ? location.setpoint : 0;
  }
  if ('position' in obj) return obj.position;
  if (!isReadable(obj)) return 0;
  const readings: Record<string, Reading> | undefined = yield msg('read', obj);
  if (!readings) return 0;
  const [hinted = Object.keys(readings)[0] ?? '', another] = hintedFields(obj);
  if (another !== undefined) throw severalValues(String('name' in obj ? obj.name : obj), hintedFields(obj));
  return readings[hinted]?.value;
}

function sum(position: unknown, by: unknown): unknown {
  if (typeof position === 'number' && typeof by === 'number') return position + by;
  throw new RedsunError(
    'plan/not-a-number',
    `A relative move needs numbers, got ${String(position)} and ${String(by)}`,
  );
}
