import type { DeviceContext } from 'redsun/sdk/device';
import { type Quantities, StandardAxis } from 'redsun/sdk/device/kit';
import { onAbort } from 'redsun/sdk/util';
import { z } from 'zod';
import { sourceOf } from '../sim-device.ts';
import { SimRegister } from '../sim-register.ts';
import { dragged, durationMs, positionAt, type Segment } from './motion.ts';

/** Read-backs are announced this often during a move. */
const READ_BACK_PERIOD_MS = 50;

/** Options that linear axes share; defaults are given by the stages. */
export const axisOptions = {
  settle_ms: z.number().min(0).max(10_000).default(20).meta({ description: 'Rest after a move', units: 'ms' }),
  backlash_um: z.number().min(0).max(1000).default(0).meta({ description: 'Play on reversal', units: 'um' }),
  tolerance_um: z
    .number()
    .positive()
    .max(1000)
    .default(0.5)
    .meta({ description: 'A read-back further than this from its target is a mismatch', units: 'um' }),
  start_um: z.number().default(0).meta({ description: 'Position at start', units: 'um' }),
};

export interface SimAxisOptions {
  readonly low_um: number;
  readonly high_um: number;
  readonly velocity_um_per_s: number;
  readonly settle_ms: number;
  readonly backlash_um: number;
  readonly tolerance_um: number;
  readonly start_um: number;
}

/** A motorised axis with velocity, settle time, limits and backlash, in the time of the session's clock. */
export class SimAxis extends StandardAxis {
  readonly #options: SimAxisOptions;
  #restsAtUm: number;
  /** The move that is going on; null: it rests. */
  #segment: Segment | null = null;
  #tableUm: number;
  #motor: SimRegister | null = null;

  constructor(name: string, options: SimAxisOptions, context: DeviceContext, parent: unknown = null) {
    const { low_um: low, high_um: high, tolerance_um: tolerance } = options;
    super(name, { limits: { low, high }, tolerance }, context, parent);
    this.#options = options;
    this.#restsAtUm = options.start_um;
    this.#tableUm = options.start_um;
  }

  async connect(): Promise<void> {
    this.#motor = await SimRegister.open(this.context, this.name, 'motion', 'moving', { start: '0', safe: '0' });
  }

  /** What the motor's encoder says, um. */
  get position(): number {
    return this.#segment ? positionAt(this.#segment, this.context.clock.monotonicMs()) : this.#restsAtUm;
  }

  /** Where the table really is, um: behind the encoder by the play of the screw. */
  get truePositionUm(): number {
    return dragged(this.#tableUm, this.position, this.#options.backlash_um);
  }

  protected moveTo(toUm: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.context;
    const { velocity_um_per_s: velocityUmPerS, settle_ms: settleMs } = this.#options;
    const segment: Segment = { fromUm: this.position, toUm, startMs: clock.monotonicMs(), velocityUmPerS };
    this.#segment = segment;
    this.#tell('1', signal);
    return new Promise((resolve, reject) => {
      const going = new DisposableStack();
      const rest = (atUm: number) => {
        going.dispose();
        this.#tableUm = dragged(this.#tableUm, atUm, this.#options.backlash_um);
        this.#restsAtUm = atUm;
        this.#segment = null;
        this.#tell('0', signal);
      };
      // Timers may be a fraction of a millisecond early: what has arrived is where it was sent.
      const arrive = () => {
        rest(toUm);
        resolve();
      };
      let tick = clock.setTimeout(onTick, READ_BACK_PERIOD_MS);
      const announce = () => this.changed.emit();
      function onTick(): void {
        tick = clock.setTimeout(onTick, READ_BACK_PERIOD_MS);
        announce();
      }
      going.defer(() => tick[Symbol.dispose]());
      going.use(clock.setTimeout(arrive, durationMs(segment) + settleMs));
      going.use(
        onAbort(signal, () => {
          rest(this.position);
          reject(signal.reason);
        }),
      );
    });
  }

  protected halt(): void {}

  protected readBack(): number {
    return this.position;
  }

  protected override get source(): string {
    return sourceOf(this.name);
  }

  protected override configured(): Quantities {
    const { velocity_um_per_s, settle_ms, backlash_um } = this.#options;
    return {
      velocity_um_per_s: { value: velocity_um_per_s, dtype: 'number', units: 'um/s' },
      settle_ms: { value: settle_ms, dtype: 'number', units: 'ms' },
      backlash_um: { value: backlash_um, dtype: 'number', units: 'um' },
    };
  }

  /** A motor that does not hear that it is to move does not. */
  #tell(moving: '0' | '1', signal: AbortSignal): void {
    this.#motor?.write(moving).catch(() => {
      // A move that came after this one is told by itself.
      if (moving === '1' && !signal.aborted && this.#segment) this.stop({ success: false });
    });
  }
}
