import type { DataKey, Reading } from '../../events/documents.ts';
import type { PropertyState } from '../properties.ts';
import type { Awaitable } from '../protocols.ts';
import type { NumberRange } from '../roles.ts';

/** A value with what is known about it. A table of them becomes readings, data keys and properties. */
export interface Quantity {
  /** As read back. */
  readonly value: unknown;
  /** What kind of value it is. */
  readonly dtype: PropertyState['type'];
  /** Of an array. */
  readonly shape?: readonly number[];
  /** Of the value. */
  readonly units?: string;
  /** Of a number, both included. */
  readonly limits?: NumberRange;
  /** The only values that it takes. */
  readonly choices?: readonly (string | number)[];
  /** What it belongs to, for people. */
  readonly group?: string;
  /** Sets it; resolves when the device has it. The value was checked. Absent: it can only be read. */
  readonly set?: (value: never) => Awaitable<void>;
  /** A run relies on it. */
  readonly isForRuns?: boolean;
}

/** By key. */
export type Quantities = Readonly<Record<string, Quantity>>;

/** The keys with the device's name in front: `camera-exposure_ms`. */
export function prefixed(device: string, quantities: Quantities): Quantities {
  return Object.fromEntries(Object.entries(quantities).map(([key, quantity]) => [`${device}-${key}`, quantity]));
}

/** @param timestamp - Unix time, s */
export function readingsOf(quantities: Quantities, timestamp: number): Record<string, Reading> {
  return Object.fromEntries(Object.entries(quantities).map(([key, { value }]) => [key, { value, timestamp }]));
}

/** @param source - where the values come from: `sim:camera`, `serial:/dev/ttyUSB0` */
export function dataKeysOf(quantities: Quantities, device: string, source: string): Record<string, DataKey> {
  return Object.fromEntries(
    Object.entries(quantities).map(([key, { dtype, shape = [], units, limits, choices }]) => [
      key,
      {
        source,
        dtype,
        shape,
        object_name: device,
        ...(units === undefined ? {} : { units }),
        ...(limits === undefined ? {} : { limits: { control: { low: limits.low, high: limits.high } } }),
        ...(choices?.every((choice) => typeof choice === 'string') ? { choices: [...(choices as string[])] } : {}),
      },
    ]),
  );
}

/** The same, for who changes them. */
export function propertiesOf(quantities: Quantities): PropertyState[] {
  return Object.entries(quantities).map(([key, { value, dtype, units, limits, choices, group, set, isForRuns }]) => ({
    key,
    type: dtype,
    value,
    access: set === undefined ? 'read-only' : isForRuns === true ? 'before-run' : 'read-write',
    ...(units === undefined ? {} : { units }),
    ...(limits === undefined ? {} : { limits }),
    ...(choices === undefined ? {} : { choices }),
    ...(group === undefined ? {} : { group }),
  }));
}
