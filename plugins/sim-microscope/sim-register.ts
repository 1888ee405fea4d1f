import type { DeviceContext, Link, SafeState } from 'redsun/sdk/device';
import { RedsunError } from 'redsun/sdk/util';

/** A register answers at once, unless the computer is very busy. */
const ANSWER_MS = 2_000;
const SAFE_MS = 300;

/** The switch of a simulated device. It lies behind a link, as that of a real one does: it is what the guardian makes safe. */
export class SimRegister {
  readonly #device: string;
  readonly #name: string;
  readonly #link: Link;
  /** A value is written and read back before the next one is: else one would be taken for the other. Never rejects. */
  #tail: Promise<unknown> = Promise.resolve();

  /** @param states - what it holds at first, and when the device is safe. */
  static async open(
    context: DeviceContext,
    device: string,
    order: SafeState['order'],
    name: string,
    states: { readonly start: string; readonly safe: string },
  ): Promise<SimRegister> {
    const registers = { [name]: states.start };
    const link = await context.openLink({ kind: 'memory', name: device, registers, lineEnd: '\n' });
    await link.protect({
      device,
      order,
      steps: [
        { send: `${name} ${states.safe}`, expect: { kind: 'line', equals: 'OK' }, timeoutMs: SAFE_MS },
        { send: `${name}?`, expect: { kind: 'line', equals: states.safe }, timeoutMs: SAFE_MS },
      ],
    });
    return new SimRegister(device, name, link);
  }

  private constructor(device: string, name: string, link: Link) {
    this.#device = device;
    this.#name = name;
    this.#link = link;
  }

  /** Resolves when it holds `value`, as read back. @throws RedsunError `sim/refused`, and those of the link */
  write(value: string): Promise<void> {
    const written = this.#tail.then(async () => {
      await this.#ask(`${this.#name} ${value}`, 'OK');
      await this.#ask(`${this.#name}?`, value);
    });
    this.#tail = written.catch(() => {});
    return written;
  }

  async #ask(line: string, expected: string): Promise<void> {
    const answer = await this.#link.query(line, { timeoutMs: ANSWER_MS });
    if (answer !== expected) {
      throw new RedsunError('sim/refused', `${this.#device}: "${line}" was answered with "${answer}"`);
    }
  }
}
