import type { Reading } from '../../events/documents.ts';
import { asError, onAbort, RedsunError, ValueError } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import type { Awaitable, HasHints } from '../protocols.ts';
import type { Light, LightState } from '../roles.ts';
import { finishedStatus, type Status, type StatusOfOptions, statusOf } from '../status.ts';
import { KitDevice } from './kit-device.ts';
import type { Quantities } from './quantities.ts';
import { Tail } from './tail.ts';

/** A light: checks, state as confirmed, readings, properties. A driver says how it is told, and what it says back. */
export abstract class StandardLight extends KitDevice implements Light {
  readonly role = 'light';
  readonly wavelengthNm: number | null;
  readonly #deadlineMs: number;
  readonly #tail: Tail;
  /** What is being switched on, or changed. */
  readonly #pending = new Set<AbortController>();
  #state: LightState;

  /** @param about - `wavelengthNm` null: white. `intensityPercent`: what it is set to at first. `deadlineMs`: what takes longer has failed; default 5 s */
  constructor(
    name: string,
    {
      wavelengthNm,
      intensityPercent = 0,
      deadlineMs = 5000,
    }: { readonly wavelengthNm: number | null; readonly intensityPercent?: number; readonly deadlineMs?: number },
    context: DeviceContext,
  ) {
    super(name, context);
    this.wavelengthNm = wavelengthNm;
    this.#deadlineMs = deadlineMs;
    this.#tail = new Tail(name, context.clock);
    this.#state = { on: false, intensityPercent };
  }

  /** Tells the light, and resolves when it has confirmed all of it. What was checked: 0 to 100 %. `signal`: it is to go dark instead. */
  protected abstract apply(wanted: Partial<LightState>, signal: AbortSignal): Awaitable<void>;

  /** Whether light comes out, as read back; null: the device cannot tell. Default: by its measured power. */
  protected shines(): Awaitable<boolean | null> {
    return this.powerMw === null ? null : this.powerMw > DARK_MW;
  }

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
    const options = { label, clock: this.context.clock, timeoutMs: this.#deadlineMs };
    if (wanted.on === false) return this.#goDark(wanted, options);
    const controller = new AbortController();
    if (this.#tail.isIdle) {
      // Told at once, and where it has nothing to wait for it is so at once.
      const told = this.#applyNow(wanted, controller.signal);
      if (told === undefined) {
        this.#become(wanted);
        return finishedStatus(label);
      }
      return statusOf((signal) => this.#change(wanted, controller, signal, () => told), options);
    }
    return statusOf(
      (signal) => this.#change(wanted, controller, signal, (inner) => this.apply(wanted, inner)),
      options,
    );
  }

  #applyNow(wanted: Partial<LightState>, signal: AbortSignal): Promise<void> | undefined {
    try {
      const told = this.apply(wanted, signal);
      return told instanceof Promise ? told : undefined;
    } catch (thrown) {
      return Promise.reject(asError(thrown));
    }
  }

  async #change(
    wanted: Partial<LightState>,
    controller: AbortController,
    signal: AbortSignal,
    tell: (signal: AbortSignal) => Awaitable<void>,
  ): Promise<void> {
    this.#pending.add(controller);
    using _late = onAbort(signal, () => controller.abort(signal.reason));
    try {
      await this.#tail.run(controller.signal, tell);
      controller.signal.throwIfAborted();
      this.#become(wanted);
    } finally {
      this.#pending.delete(controller);
    }
  }

  async turnOff(): Promise<void> {
    await this.set({ on: false }).wait();
  }

  /** Waits for nothing. What was being switched on is given up; where that cannot be taken back it is told again, afterwards. */
  #goDark(wanted: Partial<LightState>, options: StatusOfOptions): Status {
    const isPending = this.#pending.size > 0;
    const superseded = new RedsunError('device/superseded', `${this.name}: it was told to go dark`);
    for (const controller of this.#pending) controller.abort(superseded);
    const told = this.#applyNow(wanted, new AbortController().signal);
    const shines = told === undefined && !isPending ? this.shines() : null;
    if (told === undefined && !isPending && !(shines instanceof Promise) && shines !== true) {
      this.#become(wanted);
      return finishedStatus(options.label);
    }
    return statusOf(async (signal) => {
      await told;
      if (isPending) {
        await this.#tail.ended();
        await this.apply({ on: false }, signal);
      }
      if ((await this.shines()) === true) {
        throw new RedsunError('light/not-off', `${this.name}: it was told to go dark, and still shines`);
      }
      this.#become(wanted);
    }, options);
  }

  #become(wanted: Partial<LightState>): void {
    // What was asked of it meanwhile stands.
    this.#state = { ...this.#state, ...wanted };
    this.changed.emit();
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
/** A meter in the dark says a little. */
const DARK_MW = 0.1;
