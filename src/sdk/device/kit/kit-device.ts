import type { DataKey, Reading } from '../../events/documents.ts';
import { asError, RedsunError } from '../../util/index.ts';
import { Signal } from '../../virtual/signal.ts';
import type { DeviceContext } from '../context.ts';
import { Device } from '../device.ts';
import { checkPropertyValue, type HasProperties, type PropertyState, propertyOf } from '../properties.ts';
import type { Awaitable } from '../protocols.ts';
import { awaited } from './awaited.ts';
import { dataKeysOf, prefixed, propertiesOf, type Quantities, readingsOf } from './quantities.ts';

/** A device whose readings, configuration and properties are made from a table each. */
export abstract class KitDevice extends Device implements HasProperties {
  /** A value of the tables is another. */
  readonly changed = new Signal<[]>();
  /** What the host lends it: links, clock, log. */
  protected readonly context: DeviceContext;
  readonly #parent: unknown;
  readonly #subscriptions = new Map<(readings: Record<string, Reading>) => void, Disposable>();

  /** @param parent - the device that it is a part of; null: none */
  constructor(name: string, context: DeviceContext, parent: unknown = null) {
    super(name);
    this.context = context;
    this.#parent = parent;
  }

  override get parent(): unknown {
    return this.#parent;
  }

  /** Where its values come from, for the record: `serial:/dev/ttyUSB0`. */
  protected abstract get source(): string;

  /** What `read` tells, by full key. */
  protected measured(): Quantities {
    return {};
  }

  /** What `readConfiguration` tells, by key without the device's name; properties, too. */
  protected configured(): Quantities {
    return {};
  }

  /** Properties that are no configuration: what changes while a run goes on. */
  protected adjustable(): Quantities {
    return {};
  }

  /** A run relies on what it is set to. */
  protected get isInRun(): boolean {
    return false;
  }

  /** Readings of now. */
  read(): Awaitable<Record<string, Reading>> {
    return this.readings();
  }

  /** What `measured` says, as readings. */
  protected readings(): Record<string, Reading> {
    return readingsOf(this.measured(), this.context.clock.now());
  }

  /** Unit, type and limits of the readings. */
  describe(): Record<string, DataKey> {
    return dataKeysOf(this.measured(), this.name, this.source);
  }

  readConfiguration(): Record<string, Reading> {
    return readingsOf(prefixed(this.name, this.configured()), this.context.clock.now());
  }

  describeConfiguration(): Record<string, DataKey> {
    return dataKeysOf(prefixed(this.name, this.configured()), this.name, this.source);
  }

  listProperties(): readonly PropertyState[] {
    return propertiesOf({ ...this.adjustable(), ...this.configured() });
  }

  async setProperty(key: string, value: unknown): Promise<unknown> {
    const property = propertyOf(this.name, this.listProperties(), key);
    checkPropertyValue(this.name, property, value);
    if (property.access === 'before-run' && this.isInRun) {
      throw new RedsunError('device/staged', `${this.name}: ${key} is set before a run, and one goes on`);
    }
    const { set } = { ...this.adjustable(), ...this.configured() }[key] ?? {};
    await set?.(value as never);
    return propertyOf(this.name, this.listProperties(), key).value;
  }

  /** Calls `callback` with the readings now and after each change. */
  subscribe(callback: (readings: Record<string, Reading>) => void): void {
    const tell = () => {
      const told = awaited(this.read(), (readings) => {
        // It may have left while the device was asked.
        if (this.#subscriptions.has(callback)) callback(readings);
      });
      if (told instanceof Promise)
        told.catch((thrown: unknown) => this.context.logger.warning(asError(thrown).message));
    };
    if (!this.#subscriptions.has(callback)) this.#subscriptions.set(callback, this.changed.connect(tell));
    tell();
  }

  /** Takes `subscribe` back. */
  clearSub(callback: (readings: Record<string, Reading>) => void): void {
    this.#subscriptions.get(callback)?.[Symbol.dispose]();
    this.#subscriptions.delete(callback);
  }
}
