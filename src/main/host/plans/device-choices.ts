import type { PDevice } from 'redsun/sdk/device';
import type { JsonSchema } from 'redsun/sdk/util';
import { DEVICE_KINDS, type DeviceKind, isOfKind } from './device-kinds.ts';
import { limitsOf } from './limits.ts';

/** The schema with the names of fitting devices as choices wherever a device is named, and with the limits of those that have some. */
export function withDeviceChoices(schema: JsonSchema, devices: readonly PDevice[]): JsonSchema {
  return withChoices(schema, devices) as JsonSchema;
}

function withChoices(part: unknown, devices: readonly PDevice[]): unknown {
  if (Array.isArray(part)) return part.map((inner) => withChoices(inner, devices));
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, inner]) => [key, withChoices(inner, devices)] as const);
  const kind: unknown = 'device' in part ? part.device : null;
  if (!isKind(kind)) return Object.fromEntries(entries);
  const fitting = devices.filter((device) => isOfKind(kind, device));
  const limits = fitting.flatMap((device) => {
    const own = limitsOf(device);
    return own ? [[device.name, { low: own.low, high: own.high, units: own.unit }] as const] : [];
  });
  return {
    ...Object.fromEntries(entries),
    enum: fitting.map(({ name }) => name),
    ...(limits.length > 0 ? { limits: Object.fromEntries(limits) } : {}),
  };
}

function isKind(value: unknown): value is DeviceKind {
  return typeof value === 'string' && value in DEVICE_KINDS;
}
