import type { Readable } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { z } from 'zod';
import { numberKey, SimDevice, type Surroundings } from '../sim-device.ts';

const options = z.strictObject({ value: z.number().default(7).meta({ description: 'What it reads' }) });

/** A value that can be read and nothing else: no trigger, no stage, no configuration. */
export class Plain extends SimDevice implements Readable {
  static readonly options = options;
  value: unknown;

  constructor(name: string, { value = 7 }: { readonly value?: number } = {}, surroundings?: Surroundings) {
    super(name, surroundings);
    this.value = value;
  }

  read(): Record<string, Reading> {
    return { [this.name]: this.reading(this.value) };
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
