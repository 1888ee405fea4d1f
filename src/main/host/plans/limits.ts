import { isAxis, isCheckable, isLocatable, isSelector } from 'redsun/sdk/device';
import type { Msg, Plan } from 'redsun/sdk/engine';
import { asError, RedsunError } from 'redsun/sdk/util';
import { badParameter } from './describe-issue.ts';
import type { DeviceLookup, Foreseen } from './device-lookup.ts';

/** What positions of a plan count from: zero, or where the devices stand. */
export type MoveKind = 'absolute' | 'relative';

/** Names of the parameters that devices were given in. */
export type Places = ReadonlyMap<object, string>;

/** @throws RedsunError `plan/limit` */
export function checkLimits(plan: string, axis: object, targets: readonly number[]): void {
  for (const target of targets) checkTarget(plan, null, axis, target);
}

/**
 * Goes through a plan that only moves, and asks each device whether it may go there. Nothing moves: relative plans count from where
 * the devices say that they stand, or where plans before this one will leave them. @throws RedsunError `plan/limit`, `plan/bad-parameter`.
 */
export function checkVisited(devices: DeviceLookup, moves: Plan, places: Places, kind: MoveKind): void {
  for (const _slice of visits(devices, moves, places, kind));
}

/** Messages between two slices: some tenths of a ms. */
const SLICE_MESSAGES = 256;

/** As `checkVisited`, a slice at each step, so that others have their turn in between. @throws as `checkVisited` */
export function* visits(
  { plan, foreseen }: DeviceLookup,
  moves: Plan,
  places: Places,
  kind: MoveKind,
): Generator<void, void, void> {
  const before: Foreseen = new Map(foreseen);
  const unknown = new Set<unknown>();
  try {
    let seen = 0;
    for (let step = moves.next(); !step.done; ) {
      if (++seen % SLICE_MESSAGES === 0) yield;
      const message = step.value;
      if (message.command === 'set') {
        const device = message.obj as object;
        const [value] = message.args;
        const target =
          kind === 'relative' && typeof value === 'number' ? value + shift(device, before, unknown) : value;
        if (!unknown.has(device)) checkTarget(plan, places.get(device) ?? null, device, target);
        foreseen.set(device, typeof target === 'number' && !unknown.has(device) ? target : null);
      }
      step = moves.next(answer(message, before, unknown));
    }
  } catch (thrown) {
    if (thrown instanceof RedsunError && thrown.code.startsWith('plan/')) throw thrown;
    throw new RedsunError('plan/bad-parameter', `${plan}: ${asError(thrown).message}`, { cause: thrown });
  }
}

/** Devices that only have a position are not asked: the plan counts from where they are now, and not from where they will be. */
function shift(device: object, before: Foreseen, unknown: Set<unknown>): number {
  const told = before.get(device);
  if (told === undefined || isLocatable(device) || !('position' in device)) return 0;
  if (told === null || typeof device.position !== 'number') {
    unknown.add(device);
    return 0;
  }
  return told - device.position;
}

/** What a plan hears that asks where a device is. @param unknown - gets the devices that cannot say it at once. */
function answer({ command, obj }: Msg, foreseen: Foreseen, unknown: Set<unknown>): unknown {
  if (command !== 'locate' && command !== 'read') return undefined;
  const told = foreseen.get(obj as object);
  const at = told === undefined ? presentPosition(obj) : told;
  if (at === null) unknown.add(obj);
  if (command === 'locate') return { setpoint: at ?? 0, readback: at ?? 0 };
  const name = typeof obj === 'object' && obj !== null && 'name' in obj ? String(obj.name) : '';
  return { [name]: { value: at ?? 0, timestamp: 0 } };
}

function presentPosition(device: unknown): number | null {
  if (typeof device !== 'object' || device === null) return null;
  if ('position' in device) return typeof device.position === 'number' ? device.position : null;
  if (!isLocatable(device)) return null;
  const location = device.locate();
  if (location instanceof Promise) {
    location.catch(() => {});
    return null;
  }
  return typeof location.setpoint === 'number' ? location.setpoint : null;
}

function checkTarget(plan: string, place: string | null, device: object, target: unknown): void {
  const name = 'name' in device ? String(device.name) : 'device';
  const where = place === null ? name : `${place} (${name})`;
  if (isAxis(device) && typeof target !== 'number') {
    throw badParameter(plan, where, `a number of ${device.units}`, target);
  }
  if (isSelector(device) && !device.labels.includes(String(target))) {
    throw badParameter(plan, where, `one of ${device.labels.join(', ')}`, target);
  }
  const limits = limitsOf(device);
  if (limits && typeof target === 'number' && (target < limits.low || target > limits.high)) {
    const unit = limits.unit === 'um' ? 'µm' : limits.unit;
    throw new RedsunError(
      'plan/limit',
      `${plan}: ${where}: ${target} ${unit} is outside its limits, ${limits.low} to ${limits.high} ${unit}`,
    );
  }
  if (!isCheckable(device)) return;
  try {
    // What answers later is met again when the device is set.
    Promise.resolve(device.checkValue(target)).catch(() => {});
  } catch (thrown) {
    const message = `${plan}: ${where}: ${asError(thrown).message}`;
    throw new RedsunError('plan/limit', message, { cause: thrown });
  }
}

/** Where a device may go; null when it does not say. */
export function limitsOf(
  device: object,
): { readonly low: number; readonly high: number; readonly unit: string } | null {
  const limits: unknown = 'limits' in device ? device.limits : null;
  if (typeof limits !== 'object' || limits === null || !('low' in limits) || !('high' in limits)) return null;
  if (typeof limits.low !== 'number' || typeof limits.high !== 'number') return null;
  return { low: limits.low, high: limits.high, unit: 'units' in device ? String(device.units) : 'um' };
}
