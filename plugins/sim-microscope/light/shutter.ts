import type { DeviceContext } from 'redsun/sdk/device';
import { type Quantities, StandardShutter } from 'redsun/sdk/device/kit';
import { z } from 'zod';
import { sourceOf } from '../sim-device.ts';
import { SimRegister } from '../sim-register.ts';

const options = z.strictObject({
  move_ms: z.number().min(0).max(10_000).default(8).meta({ description: 'Time to open or close', units: 'ms' }),
  start: z.enum(['open', 'closed']).default('closed').meta({ description: 'State at start' }),
});

/** A shutter in front of all lights. It counts as open once it is fully open. */
export class SimShutter extends StandardShutter {
  static readonly options = options;
  readonly #moveMs: number;
  #switch: SimRegister | null = null;

  constructor(name: string, { move_ms: moveMs, start }: z.infer<typeof options>, context: DeviceContext) {
    super(name, { isOpen: start === 'open' }, context);
    this.#moveMs = moveMs;
  }

  async connect(): Promise<void> {
    const states = { start: this.isOpen ? '1' : '0', safe: '0' };
    this.#switch = await SimRegister.open(this.context, this.name, 'light', 'open', states);
  }

  protected async move(wanted: 'open' | 'closed', signal: AbortSignal): Promise<void> {
    const told = this.#switch?.write(wanted === 'open' ? '1' : '0');
    // It is awaited only when the blades have had their time.
    told?.catch(() => {});
    await this.context.clock.sleep(this.#moveMs, signal);
    await told;
  }

  protected override get source(): string {
    return sourceOf(this.name);
  }

  protected override configured(): Quantities {
    return { move_ms: { value: this.#moveMs, dtype: 'number', units: 'ms' } };
  }
}
