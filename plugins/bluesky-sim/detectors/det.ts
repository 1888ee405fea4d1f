import type { Awaitable, Configurable, HasHints, Readable, Stageable, Status, Triggerable } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { ValueError } from 'redsun/sdk/util';
import { z } from 'zod';
import { numberKey, SimDevice, type Surroundings } from '../sim-device.ts';

/** A detector of the simplest kind: it counts how often it was triggered. */
export class Det extends SimDevice implements Readable, Triggerable, Stageable, Configurable, HasHints {
  static readonly options: z.ZodType = z.strictObject({});
  /** s */
  exposure = 0.1;
  /** What it read at the last trigger, counts. */
  value: unknown = 0;
  #triggers = 0;

  constructor(name: string, _options: object = {}, surroundings?: Surroundings) {
    super(name, surroundings);
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [this.name] };
  }

  trigger(): Status {
    this.called('trigger');
    this.#triggers++;
    this.value = this.measure(this.#triggers);
    return this.finished('trigger');
  }

  read(): Record<string, Reading> {
    return { [this.name]: this.reading(this.value) };
  }

  describe(): Record<string, DataKey> {
    return { [this.name]: { ...numberKey(this.name), units: 'counts', precision: 3 } };
  }

  stage(): Awaitable<Status | readonly unknown[]> {
    this.called('stage');
    return [this];
  }

  unstage(): Awaitable<Status | readonly unknown[]> {
    this.called('unstage');
    return [this];
  }

  /** @param settings - `exposure`, s. */
  configure(settings: Readonly<Record<string, unknown>>): [Record<string, Reading>, Record<string, Reading>] {
    this.called('configure', settings);
    const { exposure } = settings;
    if (typeof exposure !== 'number') {
      throw new ValueError(`${this.name}: exposure must be a number of s, not ${JSON.stringify(exposure)}`);
    }
    const before = this.readConfiguration();
    this.exposure = exposure;
    return [before, this.readConfiguration()];
  }

  override readConfiguration(): Record<string, Reading> {
    return { [`${this.name}-exposure`]: this.reading(this.exposure) };
  }

  override describeConfiguration(): Record<string, DataKey> {
    return { [`${this.name}-exposure`]: numberKey(`${this.name}-exposure`) };
  }

  /** The value for this trigger, counted from 1. */
  protected measure(triggers: number): unknown {
    return triggers;
  }
}
