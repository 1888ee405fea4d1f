import { Device, type DeviceContext } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { Signal } from 'redsun/sdk/virtual';

/** A value with what is known about it; becomes a reading and its data key. */
export interface Quantity {
  readonly value: unknown;
  readonly dtype: DataKey['dtype'];
  readonly shape?: readonly number[];
  readonly units?: string;
  readonly limits?: { readonly low: number; readonly high: number };
  readonly choices?: readonly string[];
}
export type Quantities = Readonly<Record<string, Quantity>>;

/** What the simulated devices have in common: readings and configuration made from one table each. */
export abstract class SimDevice extends Device {
  readonly changed = new Signal<[]>();
  protected readonly context: DeviceContext;
  readonly #subscriptions = new Map<(readings: Record<string, Reading>) => void, Disposable>();

  constructor(name: string, context: DeviceContext) {
    super(name);
    this.context = context;
  }

  /** What `read` tells, by full key. */
  protected abstract measured(): Quantities;
  /** What `readConfiguration` tells, by key without the device's name. */
  protected abstract configured(): Quantities;

  read(): Record<string, Reading> {
    return readingsOf(this.measured(), this.context.clock.now());
  }

  describe(): Record<string, DataKey> {
    return dataKeysOf(this.measured(), this.name);
  }

  readConfiguration(): Record<string, Reading> {
    return readingsOf(prefixed(this.name, this.configured()), this.context.clock.now());
  }

  describeConfiguration(): Record<string, DataKey> {
    return dataKeysOf(prefixed(this.name, this.configured()), this.name);
  }

  /** Calls `callback` with the readings now and after each change. */
  subscribe(callback: (readings: Record<string, Reading>) => void): void {
    if (!this.#subscriptions.has(callback)) {
      this.#subscriptions.set(
        callback,
        this.changed.connect(() => callback(this.read())),
      );
    }
    callback(this.read());
  }

  clearSub(callback: (readings: Record<string, Reading>) => void): void {
    this.#subscriptions.get(callback)?.[Symbol.dispose]();
    this.#subscriptions.delete(callback);
  }
}

function prefixed(name: string, quantities: Quantities): Quantities {
  return Object.fromEntries(Object.entries(quantities).map(([key, quantity]) => [`${name}-${key}`, quantity]));
}

function readingsOf(quantities: Quantities, timestamp: number): Record<string, Reading> {
  return Object.fromEntries(Object.entries(quantities).map(([key, { value }]) => [key, { value, timestamp }]));
}

function dataKeysOf(quantities: Quantities, name: string): Record<string, DataKey> {
  return Object.fromEntries(
    Object.entries(quantities).map(([key, { dtype, shape = [], units, limits, choices }]) => [
      key,
      {
        source: `sim:${name}`,
        dtype,
        shape,
        object_name: name,
        ...(units === undefined ? {} : { units }),
        ...(limits === undefined ? {} : { limits: { control: { low: limits.low, high: limits.high } } }),
        ...(choices === undefined ? {} : { choices }),
      },
    ]),
  );
}
