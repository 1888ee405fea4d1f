import type { DeviceContext, LightState } from 'redsun/sdk/device';
import { type Quantities, StandardLight } from 'redsun/sdk/device/kit';
import { z } from 'zod';
import { hashOf } from '../seeded-random.ts';
import { sourceOf } from '../sim-device.ts';
import { SimRegister } from '../sim-register.ts';

/** The measured power wanders by about this part of itself. */
const POWER_NOISE = 0.003;
/** A power meter gives one value per this time. */
const POWER_READ_BACK_MS = 100;

export const lightOptions = {
  max_power_mw: z.number().positive().max(100_000).default(100).meta({ description: 'Power at 100 %', units: 'mW' }),
  intensity_percent: z.number().min(0).max(100).default(20).meta({ description: 'Intensity at start', units: '%' }),
  seed: z.int().default(1).meta({ description: 'Of the noise of the measured power' }),
};

export interface SimLightOptions {
  readonly max_power_mw: number;
  readonly intensity_percent: number;
  readonly seed: number;
}

/** A light source that switches at once and reports a slightly noisy power. Its switch lies behind a link once it is connected. */
export abstract class SimLight extends StandardLight {
  readonly #options: SimLightOptions;
  #switch: SimRegister | null = null;

  constructor(name: string, options: SimLightOptions, context: DeviceContext, wavelengthNm: number | null) {
    super(name, { wavelengthNm, intensityPercent: options.intensity_percent }, context);
    this.#options = options;
  }

  async connect(): Promise<void> {
    this.#switch = await SimRegister.open(this.context, this.name, 'light', 'on', { start: '0', safe: '0' });
  }

  /** Without the noise of the meter, mW: what falls on the specimen when the shutter is open. */
  get emittedPowerMw(): number {
    return this.state.on ? (this.#options.max_power_mw * this.state.intensityPercent) / 100 : 0;
  }

  override get powerMw(): number {
    const slot = Math.floor(this.context.clock.monotonicMs() / POWER_READ_BACK_MS);
    const wander = (hashOf(this.#options.seed, slot) / 0xffffffff - 0.5) * 2 * POWER_NOISE * Math.sqrt(3);
    return this.emittedPowerMw * (1 + wander);
  }

  protected apply({ on }: Partial<LightState>): Promise<void> | undefined {
    return on === undefined ? undefined : this.#switch?.write(on ? '1' : '0');
  }

  /** Its switch, which was read back, is all that it has. */
  protected override shines(): null {
    return null;
  }

  protected override get source(): string {
    return sourceOf(this.name);
  }

  protected override configured(): Quantities {
    return { max_power_mw: { value: this.#options.max_power_mw, dtype: 'number', units: 'mW' }, ...super.configured() };
  }
}
