import type { Reading } from '../../events/documents.ts';
import { RedsunError, ValueError } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import type { Awaitable, HasHints } from '../protocols.ts';
import type { Light, LightState } from '../roles.ts';
import { finishedStatus, type Status, statusOf } from '../status.ts';
import { KitDevice } from './kit-device.ts';
import type { Quantities } from './quantities.ts';

/** A light: checks, state as confirmed, readings, properties. A driver says how it is told, and what it says back. */
export abstract class StandardLight extends KitDevice implements Light {
  readonly role = 'light';
  readonly wavelengthNm: number | null;
  #state: LightState;

  /** @param about - `wavelengthNm` null: white. `intensityPercent`: what it is set to at first */
  constructor(
    name: string,
    {
      wavelengthNm,
      intensityPercent = 0,
    }: { readonly wavelengthNm: number | null; readonly intensityPercent?: number },
    context: DeviceContext,
  ) {
    super(name, context);
    this.wavelengthNm = wavelengthNm;
    this.#state = { on: false, intensityPercent };
  }

  /** Tells the light, and resolves when it has confirmed all of it. What was checked: 0 to 100 %. */
  protected abstract apply(wanted: Partial<LightState>): Awaitable<void>;

  /** Measured power, mW; null when the device cannot tell. */
  get powerMw(): number | null {
    return null;
  }

  get state(): LightState {
    return this.#state;
  }

  /** What plots begin with. */
  get hints(): HasHints['hints'] {
    return { fields: [`${this.name}-intensity_percent`] };
  }

  /** Only what the light has confirmed becomes its state. @throws RedsunError `device/limit` */
  set(wanted: Partial<LightState>): Status {
    this.#check(wanted);
    const { on = this.#state.on, intensityPercent = this.#state.intensityPercent } = wanted;
    const label = `${this.name}: ${on ? 'on' : 'off'} at ${intensityPercent} %`;
    // What was asked of it meanwhile stands.
    const become = () => {
      this.#state = { ...this.#state, ...wanted };
      this.changed.emit();
    };
    const told = this.apply(wanted);
    if (told instanceof Promise) return statusOf(() => told.then(become), { label, clock: this.context.clock });
    become();
    return finishedStatus(label);
  }

  async turnOff(): Promise<void> {
    await this.set({ on: false }).wait();
  }

  override read(): Record<string, Reading> {
    return this.readings();
  }

  protected override measured(): Quantities {
    const { on, intensityPercent } = this.#state;
    const power = this.powerMw;
    return {
      [`${this.name}-on`]: { value: on, dtype: 'boolean' },
      [`${this.name}-intensity_percent`]: { value: intensityPercent, dtype: 'number', units: '%', limits: PERCENT },
      ...(power === null ? {} : { [`${this.name}-power_mw`]: { value: power, dtype: 'number', units: 'mW' } }),
    };
  }

  protected override adjustable(): Quantities {
    const { on, intensityPercent } = this.#state;
    const power = this.powerMw;
    return {
      on: { value: on, dtype: 'boolean', set: (wanted: boolean) => this.set({ on: wanted }).wait() },
      intensity_percent: {
        value: intensityPercent,
        dtype: 'number',
        units: '%',
        limits: PERCENT,
        set: (wanted: number) => this.set({ intensityPercent: wanted }).wait(),
      },
      ...(power === null ? {} : { power_mw: { value: power, dtype: 'number', units: 'mW' } }),
    };
  }

  protected override configured(): Quantities {
    const { wavelengthNm } = this;
    return wavelengthNm === null ? {} : { wavelength_nm: { value: wavelengthNm, dtype: 'number', units: 'nm' } };
  }

  #check(wanted: Partial<LightState>): void {
    if (typeof wanted !== 'object' || wanted === null) {
      throw new ValueError(`${this.name}: expected {on, intensityPercent}, not ${JSON.stringify(wanted)}`);
    }
    const { on = false, intensityPercent = 0 } = wanted;
    if (typeof on !== 'boolean') throw new ValueError(`${this.name}: "on" must be true or false, not ${String(on)}`);
    if (!(intensityPercent >= PERCENT.low && intensityPercent <= PERCENT.high)) {
      throw new RedsunError('device/limit', `${this.name}: ${intensityPercent} % is outside its limits 0 to 100 %`);
    }
  }
}

const PERCENT = { low: 0, high: 100 } as const;
