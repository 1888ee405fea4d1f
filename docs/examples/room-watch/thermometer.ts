import { Device, type DeviceContext, type Link, type Readable, statusOf, type Triggerable } from 'redsun/sdk/device';
import { RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';

const options = z.strictObject({ port: z.string().min(1).meta({ description: 'Serial port, such as /dev/ttyUSB1' }) });

/** A thermometer that answers `T?` with degrees Celsius. */
export class Thermometer extends Device implements Readable, Triggerable {
  static readonly options = options;
  readonly hints = { fields: [this.name] };
  readonly #port: string;
  readonly #context: DeviceContext;
  #link: Link | null = null;
  #celsius = { value: Number.NaN, timestamp: 0 };

  constructor(name: string, { port }: z.infer<typeof options>, context: DeviceContext) {
    super(name);
    this.#port = port;
    this.#context = context;
  }

  async connect(): Promise<void> {
    this.#link = await this.#context.openLink({ kind: 'serial', path: this.#port, baudRate: 9600, lineEnd: '\n' });
    await this.#measure();
  }

  trigger() {
    return statusOf(() => this.#measure(), { label: `${this.name}: measure`, clock: this.#context.clock });
  }

  read() {
    return { [this.name]: this.#celsius };
  }

  describe() {
    const source = `thermometer:${this.#port}`;
    return { [this.name]: { source, dtype: 'number' as const, shape: [], units: 'degC', precision: 2 } };
  }

  readConfiguration() {
    return {};
  }

  describeConfiguration() {
    return {};
  }

  async #measure(): Promise<void> {
    const answer = (await this.#link?.query('T?', { timeoutMs: 500 })) ?? '';
    const value = Number.parseFloat(answer);
    if (Number.isNaN(value)) throw new RedsunError('device/refused', `${this.name}: "T?" gave "${answer}"`);
    this.#celsius = { value, timestamp: this.#context.clock.now() };
  }
}
