import { type DeviceContext, finishedStatus, type Shutter, Status } from 'redsun/sdk/device';
import { RedsunError, ValueError } from 'redsun/sdk/util';
import { z } from 'zod';
import { type Quantities, SimDevice } from '../sim-device.ts';

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
  #move: { readonly wanted: 'open' | 'closed'; readonly status: Status; readonly timer: Disposable } | null = null;

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name, context);
    this.#moveMs = parsed.move_ms;
    this.#isOpen = parsed.start === 'open';
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
    const timer = this.context.clock.setTimeout(() => {
      this.#move = null;
      this.#isOpen = wanted === 'open';
      this.changed.emit();
      status.setFinished();
    }, this.#moveMs);
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
