import { type DeviceContext, finishedStatus, type Shutter, Status } from 'redsun/sdk/device';
import { asError, RedsunError, ValueError } from 'redsun/sdk/util';
import { z } from 'zod';
import { type Quantities, SimDevice } from '../sim-device.ts';
import { SimRegister } from '../sim-register.ts';

const options = z.strictObject({
  move_ms: z.number().min(0).max(10_000).default(8).meta({ description: 'Time to open or close', units: 'ms' }),
  start: z.enum(['open', 'closed']).default('closed').meta({ description: 'State at start' }),
});

/** A shutter in front of all lights. It counts as open once it is fully open. */
export class SimShutter extends SimDevice implements Shutter {
  static readonly options = options;
  readonly role = 'shutter';
  readonly #moveMs: number;
  #isOpen: boolean;
  #switch: SimRegister | null = null;
  #move: { readonly wanted: 'open' | 'closed'; readonly status: Status; readonly timer: Disposable } | null = null;

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name, context);
    this.#moveMs = parsed.move_ms;
    this.#isOpen = parsed.start === 'open';
  }

  async connect(): Promise<void> {
    const states = { start: this.#isOpen ? '1' : '0', safe: '0' };
    this.#switch = await SimRegister.open(this.context, this.name, 'light', 'open', states);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [this.name] };
  }

  set(wanted: 'open' | 'closed'): Status {
    if (wanted !== 'open' && wanted !== 'closed') {
      throw new ValueError(`${this.name}: a shutter is "open" or "closed", not "${String(wanted)}"`);
    }
    // STOP and auto shutter may both close it: the second one waits for the same move.
    if (this.#move?.wanted === wanted) return this.#move.status;
    this.#giveUp(wanted);
    if ((wanted === 'open') === this.#isOpen) return finishedStatus(`${this.name}: ${wanted}`);
    const status = new Status({ label: `${this.name}: ${wanted === 'open' ? 'open' : 'close'}` });
    const told = this.#switch?.write(wanted === 'open' ? '1' : '0') ?? null;
    const timer = this.context.clock.setTimeout(() => {
      if (told === null) return this.#arrive(status, wanted);
      told.then(
        () => this.#arrive(status, wanted),
        (thrown: unknown) => this.#fail(status, asError(thrown)),
      );
    }, this.#moveMs);
    // It is awaited only when the blades have had their time.
    told?.catch(() => {});
    this.#move = { wanted, status, timer };
    return status;
  }

  locate(): { readonly setpoint: 'open' | 'closed'; readonly readback: 'open' | 'closed' } {
    const state = this.#isOpen ? 'open' : 'closed';
    return { setpoint: state, readback: state };
  }

  protected override measured(): Quantities {
    return { [this.name]: { value: this.locate().readback, dtype: 'string', choices: ['open', 'closed'] } };
  }

  protected override configured(): Quantities {
    return { move_ms: { value: this.#moveMs, dtype: 'number', units: 'ms' } };
  }

  #arrive(status: Status, wanted: 'open' | 'closed'): void {
    if (this.#move?.status !== status) return;
    this.#move = null;
    this.#isOpen = wanted === 'open';
    this.changed.emit();
    status.setFinished();
  }

  #fail(status: Status, error: Error): void {
    if (this.#move?.status !== status) return;
    this.#move = null;
    status.setException(error);
  }

  #giveUp(wanted: string): void {
    const move = this.#move;
    if (move === null) return;
    move.timer[Symbol.dispose]();
    this.#move = null;
    move.status.setException(
      new RedsunError('device/superseded', `${this.name}: the move was given up, as it was set to ${wanted}`),
    );
  }
}
