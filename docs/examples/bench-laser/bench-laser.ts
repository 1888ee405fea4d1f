import { Device, type DeviceContext, type Light, type LightState, type Link, statusOf } from 'redsun/sdk/device';
import { RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { z } from 'zod';

const options = z.strictObject({
  port: z.string().min(1).meta({ description: 'Serial port, such as /dev/ttyUSB0 or COM7' }),
  wavelength_nm: z.number().positive().meta({ description: 'Wavelength', units: 'nm' }),
});
const ANSWER_MS = 500;

/** A laser that answers `OK` to `ON`, `OFF` and `P <percent>`, and `ON` or `OFF` to `?`. */
export class BenchLaser extends Device implements Light {
  static readonly options = options;
  readonly role = 'light';
  readonly powerMw = null;
  readonly changed = new Signal<[]>();
  readonly wavelengthNm: number;
  readonly #port: string;
  readonly #context: DeviceContext;
  #link: Link | null = null;
  #state: LightState = { on: false, intensityPercent: 0 };

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name);
    this.#port = parsed.port;
    this.wavelengthNm = parsed.wavelength_nm;
    this.#context = context;
  }

  get state(): LightState {
    return this.#state;
  }

  /** Called once, before anything else. What is thrown here is what the operator reads. */
  async connect(): Promise<void> {
    this.#link = await this.#context.openLink({ kind: 'serial', path: this.#port, baudRate: 115_200, lineEnd: '\n' });
    // What puts it out when this program cannot, as data: the guardian process sends it.
    await this.#link.protect({
      device: this.name,
      order: 'light',
      steps: [
        { send: 'OFF', expect: { kind: 'line', equals: 'OK' }, timeoutMs: 200 },
        { send: '?', expect: { kind: 'line', equals: 'OFF' }, timeoutMs: 200 },
      ],
    });
    await this.turnOff();
  }

  set(wanted: Partial<LightState>) {
    return statusOf(() => this.#apply(wanted), { label: `${this.name}: set`, clock: this.#context.clock });
  }

  async turnOff(): Promise<void> {
    await this.#apply({ on: false });
  }

  read() {
    const timestamp = this.#context.clock.now();
    return { [`${this.name}-intensity_percent`]: { value: this.#state.intensityPercent, timestamp } };
  }

  describe() {
    const source = `bench-laser:${this.#port}`;
    return { [`${this.name}-intensity_percent`]: { source, dtype: 'number' as const, shape: [], units: '%' } };
  }

  readConfiguration() {
    return {};
  }

  describeConfiguration() {
    return {};
  }

  async #apply({ on, intensityPercent }: Partial<LightState>): Promise<void> {
    if (intensityPercent !== undefined) await this.#say(`P ${intensityPercent}`, 'OK');
    if (on !== undefined) {
      await this.#say(on ? 'ON' : 'OFF', 'OK');
      await this.#say('?', on ? 'ON' : 'OFF');
    }
    // Only what the laser has confirmed is its state.
    this.#state = { on: on ?? this.#state.on, intensityPercent: intensityPercent ?? this.#state.intensityPercent };
    this.changed.emit();
  }

  async #say(command: string, expected: string): Promise<void> {
    const answer = await this.#link?.query(command, { timeoutMs: ANSWER_MS });
    if (answer !== expected)
      throw new RedsunError('laser/refused', `${this.name}: "${command}" was answered with "${answer}"`);
  }
}
