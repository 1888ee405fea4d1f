import {
  type DeviceContext,
  finishedStatus,
  type Light,
  type LightState,
  type Status,
  statusOf,
} from 'redsun/sdk/device';
import { RedsunError, ValueError } from 'redsun/sdk/util';
import { z } from 'zod';
import { hashOf } from '../seeded-random.ts';
import { type Quantities, SimDevice } from '../sim-device.ts';
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
export abstract class SimLight extends SimDevice implements Light {
  readonly role = 'light';
  readonly wavelengthNm: number | null;
  readonly #options: SimLightOptions;
  #state: LightState;
  #switch: SimRegister | null = null;

  constructor(name: string, options: SimLightOptions, context: DeviceContext, wavelengthNm: number | null) {
    super(name, context);
    this.#options = options;
    this.wavelengthNm = wavelengthNm;
    this.#state = { on: false, intensityPercent: options.intensity_percent };
  }

  get state(): LightState {
    return this.#state;
  }

  async connect(): Promise<void> {
    this.#switch = await SimRegister.open(this.context, this.name, 'light', 'on', { start: '0', safe: '0' });
  }

  /** Without the noise of the meter, mW: what falls on the specimen when the shutter is open. */
  get emittedPowerMw(): number {
    return this.#state.on ? (this.#options.max_power_mw * this.#state.intensityPercent) / 100 : 0;
  }

  get powerMw(): number {
    const slot = Math.floor(this.context.clock.monotonicMs() / POWER_READ_BACK_MS);
    const wander = (hashOf(this.#options.seed, slot) / 0xffffffff - 0.5) * 2 * POWER_NOISE * Math.sqrt(3);
    return this.emittedPowerMw * (1 + wander);
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [`${this.name}-intensity_percent`] };
  }

  set(wanted: Partial<LightState>): Status {
    if (typeof wanted !== 'object' || wanted === null) {
      throw new ValueError(`${this.name}: expected {on, intensityPercent}, not ${JSON.stringify(wanted)}`);
    }
    const { on = this.#state.on, intensityPercent = this.#state.intensityPercent } = wanted;
    if (typeof on !== 'boolean') throw new ValueError(`${this.name}: "on" must be true or false, not ${String(on)}`);
    if (!(intensityPercent >= 0 && intensityPercent <= 100)) {
      throw new RedsunError('device/limit', `${this.name}: ${intensityPercent} % is outside its limits 0 to 100 %`);
    }
    const label = `${this.name}: ${on ? 'on' : 'off'} at ${intensityPercent} %`;
    const register = this.#switch;
    if (!register) {
      this.#become({ on, intensityPercent });
      return finishedStatus(label);
    }
    return statusOf(() => this.#apply(wanted, register), { label, clock: this.context.clock });
  }

  async turnOff(): Promise<void> {
    await this.set({ on: false }).wait();
  }

  async #apply(wanted: Partial<LightState>, register: SimRegister): Promise<void> {
    if (wanted.on !== undefined) await register.write(wanted.on ? '1' : '0');
    // What was asked of it meanwhile stands.
    this.#become({ ...this.#state, ...wanted });
  }

  #become(state: LightState): void {
    this.#state = state;
    this.changed.emit();
  }

  protected override measured(): Quantities {
    const { on, intensityPercent } = this.#state;
    return {
      [`${this.name}-on`]: { value: on, dtype: 'boolean' },
      [`${this.name}-intensity_percent`]: {
        value: intensityPercent,
        dtype: 'number',
        units: '%',
        limits: { low: 0, high: 100 },
      },
      [`${this.name}-power_mw`]: { value: this.powerMw, dtype: 'number', units: 'mW' },
    };
  }

  protected override configured(): Quantities {
    return {
      max_power_mw: { value: this.#options.max_power_mw, dtype: 'number', units: 'mW' },
      ...(this.wavelengthNm === null
        ? {}
        : { wavelength_nm: { value: this.wavelengthNm, dtype: 'number', units: 'nm' } }),
    };
  }
}
