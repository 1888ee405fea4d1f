import { type Axis, type DeviceContext, Status } from 'redsun/sdk/device';
import { RedsunError, ValueError } from 'redsun/sdk/util';
import { z } from 'zod';
import { type Quantities, SimDevice } from '../sim-device.ts';
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

type State =
  | { readonly kind: 'resting'; readonly atUm: number }
  | { readonly kind: 'moving'; readonly segment: Segment; readonly status: Status; readonly release: () => void };

/** A motorised axis with velocity, settle time, limits and backlash, in the time of the session's clock. */
export class SimAxis extends SimDevice implements Axis {
  readonly role = 'axis';
  readonly units = 'um';
  readonly limits: { readonly low: number; readonly high: number };
  readonly tolerance: number;
  readonly #options: SimAxisOptions;
  readonly #parent: unknown;
  #state: State;
  #target: number | null = null;
  #tableUm: number;
  #motor: SimRegister | null = null;

  constructor(name: string, options: SimAxisOptions, context: DeviceContext, parent: unknown = null) {
    super(name, context);
    if (options.low_um >= options.high_um) {
      throw new ValueError(`${name}: low_um ${options.low_um} must be below high_um ${options.high_um}`);
    }
    this.#options = options;
    this.#parent = parent;
    this.limits = { low: options.low_um, high: options.high_um };
    this.tolerance = options.tolerance_um;
    this.#state = { kind: 'resting', atUm: options.start_um };
    this.#tableUm = options.start_um;
  }

  override get parent(): unknown {
    return this.#parent;
  }

  async connect(): Promise<void> {
    this.#motor = await SimRegister.open(this.context, this.name, 'motion', 'moving', { start: '0', safe: '0' });
  }

  get target(): number | null {
    return this.#target;
  }

  /** What the motor's encoder says, um. */
  get position(): number {
    const state = this.#state;
    return state.kind === 'resting' ? state.atUm : positionAt(state.segment, this.context.clock.monotonicMs());
  }

  /** Where the table really is, um: behind the encoder by the play of the screw. */
  get truePositionUm(): number {
    return dragged(this.#tableUm, this.position, this.#options.backlash_um);
  }

  get moving(): boolean {
    return this.#state.kind === 'moving';
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [this.name] };
  }

  /** Starts a move at once; a move that is going on is given up for it. @throws RedsunError `device/limit` */
  set(targetUm: number): Status {
    this.checkValue(targetUm);
    const before = this.position;
    this.#rest((status) =>
      status.setException(
        new RedsunError('device/superseded', `${this.name}: the move was given up for one to ${targetUm} um`),
      ),
    );
    const { clock } = this.context;
    const status = new Status({ label: `${this.name}: move to ${targetUm} um` });
    const segment: Segment = {
      fromUm: before,
      toUm: targetUm,
      startMs: clock.monotonicMs(),
      velocityUmPerS: this.#options.velocity_um_per_s,
    };
    const arrival = clock.setTimeout(() => this.#arrive(), durationMs(segment) + this.#options.settle_ms);
    let tick = clock.setTimeout(onTick, READ_BACK_PERIOD_MS);
    const announce = () => this.changed.emit();
    function onTick(): void {
      tick = clock.setTimeout(onTick, READ_BACK_PERIOD_MS);
      announce();
    }
    const release = () => {
      arrival[Symbol.dispose]();
      tick[Symbol.dispose]();
    };
    this.#target = targetUm;
    this.#state = { kind: 'moving', segment, status, release };
    this.#tell('1');
    this.changed.emit();
    return status;
  }

  /** Halts where it is. The move's status finishes, or fails when `success` is false. */
  stop(options: { readonly success?: boolean } = {}): void {
    const halted = () => `${this.name}: stopped at ${this.position.toFixed(3)} um on the way to ${this.#target} um`;
    this.#rest((status) => {
      if (options.success ?? true) status.setFinished();
      else status.setException(new RedsunError('device/stopped', halted()));
    });
  }

  checkValue(targetUm: number): void {
    if (typeof targetUm !== 'number' || !Number.isFinite(targetUm)) {
      throw new ValueError(`${this.name}: a target must be a finite number of um, not ${String(targetUm)}`);
    }
    const { low, high } = this.limits;
    if (targetUm < low || targetUm > high) {
      throw new RedsunError('device/limit', `${this.name}: ${targetUm} um is outside its limits ${low} to ${high} um`);
    }
  }

  locate(): { readonly setpoint: number; readonly readback: number } {
    return { setpoint: this.#target ?? this.position, readback: this.position };
  }

  protected override measured(): Quantities {
    const { setpoint, readback } = this.locate();
    const common = { dtype: 'number', units: 'um', limits: this.limits } as const;
    return {
      [this.name]: { value: readback, ...common },
      [`${this.name}_setpoint`]: { value: setpoint, ...common },
    };
  }

  protected override configured(): Quantities {
    const { velocity_um_per_s, settle_ms, backlash_um } = this.#options;
    return {
      velocity_um_per_s: { value: velocity_um_per_s, dtype: 'number', units: 'um/s' },
      settle_ms: { value: settle_ms, dtype: 'number', units: 'ms' },
      backlash_um: { value: backlash_um, dtype: 'number', units: 'um' },
    };
  }

  #arrive(): void {
    // Timers may be a fraction of a millisecond early: what has arrived is where it was sent.
    const endUm = this.#state.kind === 'moving' ? this.#state.segment.toUm : this.position;
    this.#rest((status) => status.setFinished(), endUm);
  }

  /** Ends a move where it is by now and tells its status. Listeners learn of it before the status does. */
  #rest(settle: (status: Status) => void, atUm = this.position): void {
    const state = this.#state;
    if (state.kind === 'resting') return;
    state.release();
    this.#tableUm = dragged(this.#tableUm, atUm, this.#options.backlash_um);
    this.#state = { kind: 'resting', atUm };
    this.#tell('0');
    this.changed.emit();
    settle(state.status);
  }

  /** A motor that does not hear that it is to move does not. */
  #tell(moving: '0' | '1'): void {
    const told = this.#state;
    this.#motor?.write(moving).catch(() => {
      // A move that came after this one is told by itself.
      if (moving === '1' && this.#state === told) this.stop({ success: false });
    });
  }
}
