import { z } from 'zod';
import { DEVICE_KINDS, type DeviceKind } from './device-kinds.ts';

// Pieces that the parameters of plans are made of. Messages say what was expected.

/** The name of a device. Its JSON Schema says of which kind; with a session the fitting names are its choices. */
export function deviceName(kind: DeviceKind) {
  const what = DEVICE_KINDS[kind];
  return z.string(`the name of ${what}`).meta({ device: kind, description: `Name of ${what}` });
}

export const detectors = z
  .array(deviceName('readable'), 'a list of names of devices that can be read')
  .describe('Devices to read at each point');

/** A number of points. */
export const pointCount = z.number('a whole number').int('a whole number').min(1, 'a number of at least 1');

export const number = z.number('a number');
export const positive = z.number('a number above 0').positive('a number above 0');
export const position = number.describe('Position, in the unit of the motor');

/** Metadata that bluesky's plans take as a keyword of their own. */
export const md = z
  .record(z.string(), z.unknown(), 'an object')
  .nullable()
  .default(null)
  .describe('Metadata of the plan; that of the item comes before it');

/** Functions of Python: nothing that a message could carry. */
export const functionParameter = z
  .null('null, as a function cannot be sent over a wire')
  .default(null)
  .describe('A function in Python: cannot be given here');

/** Arguments that come in groups, such as motor, start, stop. @param names - of the members of a group. */
export function groupsOf(kind: DeviceKind, names: readonly string[], values: z.ZodType, description: string) {
  return z
    .array(z.union([deviceName(kind), values], `the name of ${DEVICE_KINDS[kind]} or one of its values`))
    .describe(description)
    .meta({ groups: names });
}

/** What every step scan takes besides its own parameters, in bluesky's order. */
export const stepKeywords = { per_step: functionParameter, md };
