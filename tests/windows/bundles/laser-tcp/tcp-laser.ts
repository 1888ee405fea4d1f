import { Device, type DeviceContext, type Light, type LightState, type Link, statusOf } from 'redsun/sdk/device';
import { RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { z } from 'zod';

const options = z.strictObject({ tcp_port: z.number().int().positive() });
const ANSWER_MS = 500;

/** A laser of this machine's network that answers `OK` to `ON` and `OFF`, and `ON` or `OFF` to `?`. */
export class TcpLaser extends Device implements Light {
  static readonly options = options;
  readonly role = 'light';
  readonly powerMw = null;
  readonly wavelengthNm = 561;
  readonly changed = new Signal<[]>();
  readonly #tcpPort: number;
  readonly #context: DeviceContext;
  #link: Link | null = null;
  #state: LightState = { on: false, intensityPercent: 0 };

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name);
    this.#tcpPort = parsed.tcp_port;
    this.#context = context;
  }

  get state(): LightState {
    return this.#state;
  }

  async connect(): Promise<void> {
    const where = { kind: 'tcp', host: '127.0.0.1', port: this.#tcpPort, lineEnd: '\n' } as const;
    this.#link = await this.#context.openLink(where);
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

  async #apply({ on = this.#state.on, intensityPercent = this.#state.intensityPercent }: Partial<LightState>) {
    await this.#say(on ? 'ON' : 'OFF', 'OK');
    await this.#say('?', on ? 'ON' : 'OFF');
    this.#state = { on, intensityPercent };
    this.changed.emit();
  }

  async #say(command: string, expected: string): Promise<void> {
    const answer = await this.#link?.query(command, { timeoutMs: ANSWER_MS });
    if (answer !== expected)
      throw new RedsunError('device/refused', `${this.name}: "${command}" was answered with "${answer}"`);
  }

  read() {
    return { [`${this.name}-on`]: { value: this.#state.on, timestamp: this.#context.clock.now() } };
  }

  describe() {
    const source = `laser-tcp:${this.#tcpPort}`;
    return { [`${this.name}-on`]: { source, dtype: 'boolean' as const, shape: [] } };
  }

  readConfiguration() {
    return {};
  }

  describeConfiguration() {
    return {};
  }
}
