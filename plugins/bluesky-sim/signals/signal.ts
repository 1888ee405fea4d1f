import type { Movable, Readable, Status, Subscribable } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { z } from 'zod';
import { numberKey, SimDevice, type Surroundings } from '../sim-device.ts';

type Listener = (readings: Record<string, Reading>) => void;

const options = z.strictObject({ value: z.number().default(0).meta({ description: 'Value at start' }) });

/** A value that can be set, and that tells whoever listens when it changes. */
export class Signal extends SimDevice implements Readable, Movable<unknown>, Subscribable {
  static readonly options = options;
  #value: unknown;
  #listeners: readonly Listener[] = [];

  constructor(name: string, { value = 0 }: { readonly value?: number } = {}, surroundings?: Surroundings) {
    super(name, surroundings);
    this.#value = value;
  }

  get(): unknown {
    return this.#value;
  }

  /** Changes the value without any plan, as the world does. */
  put(value: unknown): void {
    this.#value = value;
    for (const listener of this.#listeners) listener(this.read());
  }

  set(value: unknown): Status {
    this.called('set', value);
    this.put(value);
    return this.finished('set');
  }

  /** Calls `listener` at once, and after each change. */
  subscribe(listener: Listener): void {
    this.called('subscribe');
    this.#listeners = [...this.#listeners, listener];
    listener(this.read());
  }

  clearSub(listener: Listener): void {
    this.called('clear_sub');
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }

  read(): Record<string, Reading> {
    return { [this.name]: this.reading(this.#value) };
  }

  describe(): Record<string, DataKey> {
    return { [this.name]: numberKey(this.name) };
  }

  override readConfiguration(): Record<string, Reading> {
    return {};
  }

  override describeConfiguration(): Record<string, DataKey> {
    return {};
  }
}
