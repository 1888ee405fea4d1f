import type { PDevice } from 'redsun/sdk/device';
import type { JsonSchema } from 'redsun/sdk/util';
import { DEVICE_KINDS, type DeviceKind, isOfKind } from './device-kinds.ts';

/** The schema with the names of fitting devices as choices wherever a device is named. */
export function withDeviceChoices(schema: JsonSchema, devices: readonly PDevice[]): JsonSchema {
  return withChoices(schema, devices) as JsonSchema;
}

function withChoices(part: unknown, devices: readonly PDevice[]): unknown {
  if (Array.isArray(part)) return part.map((inner) => withChoices(inner, devices));
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, inner]) => [key, withChoices(inner, devices)] as const);
  const kind: unknown = 'device' in part ? part.device : null;
  if (!isKind(kind)) return Object.fromEntries(entries);
  const names = devices.filter((device) => isOfKind(kind, device)).map(({ name }) => name);
  return Object.fromEntries([...entries, ['enum', names]]);
}

function isKind(value: unknown): value is DeviceKind {
  return typeof value === 'string' && value in DEVICE_KINDS;
}
