import type { DeviceContext, LightState, Link } from 'redsun/sdk/device';
import { StandardLight } from 'redsun/sdk/device/kit';
import { RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';

const options = z.strictObject({
  port: z.string().min(1).meta({ description: 'Serial port, such as /dev/ttyUSB0 or COM7' }),
  wavelength_nm: z.number().positive().meta({ description: 'Wavelength', units: 'nm' }),
});
const ANSWER_MS = 500;

/** A laser that answers `OK` to `ON`, `OFF` and `P <percent>`, and `ON` or `OFF` to `?`. */
export class BenchLaser extends StandardLight {
  static readonly options = options;
  readonly #port: string;
  #link: Link | null = null;

  constructor(name: string, { port, wavelength_nm: wavelengthNm }: z.infer<typeof options>, context: DeviceContext) {
    super(name, { wavelengthNm }, context);
    this.#port = port;
  }

  /** Called once, before anything else. What is thrown here is what the operator reads. */
  async connect(): Promise<void> {
    this.#link = await this.context.openLink({ kind: 'serial', path: this.#port, baudRate: 115_200, lineEnd: '\n' });
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

  /** Limits are checked before, and what is confirmed becomes the state afterwards: the kit does both. */
  protected async apply({ on, intensityPercent }: Partial<LightState>): Promise<void> {
    if (intensityPercent !== undefined) await this.#say(`P ${intensityPercent}`, 'OK');
    if (on === undefined) return;
    await this.#say(on ? 'ON' : 'OFF', 'OK');
    await this.#say('?', on ? 'ON' : 'OFF');
  }

  protected override get source(): string {
    return `bench-laser:${this.#port}`;
  }

  async #say(command: string, expected: string): Promise<void> {
    const answer = await this.#link?.query(command, { timeoutMs: ANSWER_MS });
    if (answer !== expected)
      throw new RedsunError('device/refused', `${this.name}: "${command}" was answered with "${answer}"`);
  }
}
