import { nearMissHint, RedsunError, ValueError } from '../util/index.ts';
import type { Signal } from '../virtual/signal.ts';
import type { Awaitable, PDevice } from './protocols.ts';
import type { NumberRange } from './roles.ts';

/** What kind of value a property has; `array` is a list of numbers. */
export type PropertyType = 'number' | 'integer' | 'boolean' | 'string' | 'array';

/**
 * When a property may be set: never; before a run only, as a run relies on it; at any time that the device is not in use by somebody else.
 */
export type PropertyAccess = 'read-only' | 'before-run' | 'read-write';

/** One thing that a device is set to or knows of itself, as an operator sees it. */
export interface PropertyState {
  /** Names it in its device: `exposure_ms`. Its configuration reading, where it has one, is `<device>-<key>`. */
  readonly key: string;
  /** What kind of value it has. */
  readonly type: PropertyType;
  /** As read back. */
  readonly value: unknown;
  /** When it may be set. */
  readonly access: PropertyAccess;
  /** Of the value; absent: a plain number, or none at all. */
  readonly units?: string;
  /** Of a number, both included. */
  readonly limits?: NumberRange;
  /** The only values that it takes. */
  readonly choices?: readonly (string | number)[];
  /** What it belongs to, for people; absent: the device as a whole. */
  readonly group?: string;
}

/** A device whose settings can be listed and changed without knowing what it is. */
export interface HasProperties extends PDevice {
  /** All of them, in the order in which people should see them. */
  listProperties(): readonly PropertyState[];
  /**
   * Sets one and reads it back. @returns what it is now. @throws RedsunError `device/limit`, `device/read-only`; ValueError for a key or a
   * value that makes no sense; what the device says
   */
  setProperty(key: string, value: unknown): Awaitable<unknown>;
  /** A property has another value, or may be set to others. */
  readonly changed: Signal<[]>;
}

/** True when the properties of `device` can be listed and set. Judged by its members, so that any bundle's class counts. */
export function hasProperties(device: unknown): device is HasProperties {
  if (typeof device !== 'object' || device === null) return false;
  const { listProperties, setProperty } = device as Partial<HasProperties>;
  return typeof listProperties === 'function' && typeof setProperty === 'function' && 'changed' in device;
}

/** The property of that key. @throws ValueError naming the device and the nearest key */
export function propertyOf(device: string, properties: readonly PropertyState[], key: string): PropertyState {
  const found = properties.find((property) => property.key === key);
  if (found) return found;
  const known = properties.map((property) => property.key);
  throw new ValueError(`${device}: no property "${key}".${nearMissHint(key, known)}`);
}

/**
 * A value that may be given to a property.
 * @throws RedsunError `device/read-only`, `device/limit` with the number, the limits and the unit; ValueError for a value of another type
 */
export function checkPropertyValue(device: string, property: PropertyState, value: unknown): void {
  const { key, type, access, units = '', limits, choices } = property;
  const unit = units === '' ? '' : ` ${units}`;
  if (access === 'read-only') throw new RedsunError('device/read-only', `${device}: ${key} can only be read`);
  if (!isOfType(type, value)) {
    throw new ValueError(`${device}: ${key} must be ${WORDS[type]}, not ${JSON.stringify(value) ?? String(value)}`);
  }
  if (choices && !choices.includes(value as string | number)) {
    const hint = nearMissHint(String(value), choices.map(String));
    throw new RedsunError(
      'device/limit',
      `${device}: ${key} is one of ${choices.join(', ')}${unit}, not ${String(value)}.${hint}`,
    );
  }
  if (limits && typeof value === 'number' && !(value >= limits.low && value <= limits.high)) {
    const { low, high } = limits;
    const words = `${device}: ${key} ${value}${unit} is outside its limits ${low} to ${high}${unit}`;
    throw new RedsunError('device/limit', words, { details: { value, low, high, units } });
  }
}

const WORDS: Readonly<Record<PropertyType, string>> = {
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  string: 'a text',
  array: 'a list of numbers',
};

function isOfType(type: PropertyType, value: unknown): boolean {
  switch (type) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string';
    case 'array':
      return Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isFinite(item));
  }
}
