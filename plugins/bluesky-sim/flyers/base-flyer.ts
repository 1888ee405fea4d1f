import type { Awaitable, Collectable, Flyable, Status } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { z } from 'zod';
import { numberKey, SimDevice, type Surroundings } from '../sim-device.ts';

export const flyerOptions = z.strictObject({
  points: z.number().int().min(1).default(3).meta({ description: 'How many readings a flight gives' }),
  stream: z.string().min(1).optional().meta({ description: 'Stream of its readings; default: <name>_stream' }),
});
export type FlyerOptions = Partial<z.infer<typeof flyerOptions>>;

/** A device that takes readings by itself between kickoff and complete: x counts from 0, y is its square. */
export abstract class BaseFlyer extends SimDevice implements Flyable, Collectable {
  static readonly options = flyerOptions;
  protected readonly points: number;
  readonly #stream: string;

  constructor(name: string, { points = 3, stream }: FlyerOptions = {}, surroundings?: Surroundings) {
    super(name, surroundings);
    this.points = points;
    this.#stream = stream ?? `${name}_stream`;
  }

  kickoff(): Status {
    this.called('kickoff');
    return this.finished('kickoff');
  }

  complete(): Status {
    this.called('complete');
    return this.finished('complete');
  }

  describeCollect(): Awaitable<Record<string, DataKey> | Record<string, Record<string, DataKey>>> {
    return { [this.#stream]: this.keys() };
  }

  override readConfiguration(): Record<string, Reading> {
    return { [`${this.name}_n`]: this.reading(this.points) };
  }

  override describeConfiguration(): Record<string, DataKey> {
    return { [`${this.name}_n`]: { ...numberKey(`${this.name}_n`), dtype: 'integer' } };
  }

  protected keys(): Record<string, DataKey> {
    return Object.fromEntries([`${this.name}_x`, `${this.name}_y`].map((key) => [key, numberKey(key)]));
  }

  /** A value for x and one for y. */
  protected both<Value>(x: Value, y: Value): Record<string, Value> {
    return { [`${this.name}_x`]: x, [`${this.name}_y`]: y };
  }
}
