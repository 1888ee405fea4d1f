import type { DataKey, Reading } from '../../events/documents.ts';
import { RedsunError, ValueError } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import type { Awaitable, HasHints, Location } from '../protocols.ts';
import type { Axis, NumberRange } from '../roles.ts';
import type { Status } from '../status.ts';
import { awaited } from './awaited.ts';
import { KitDevice } from './kit-device.ts';
import { MoveInHand } from './move-in-hand.ts';
import { dataKeysOf, type Quantities, readingsOf } from './quantities.ts';

/** Where an axis may go. */
export interface AxisRange {
  /** Of targets and read-backs. Default: `um`. */
  readonly units?: 'um' | 'deg';
  /** Both included, in `units`. */
  readonly limits: NumberRange;
  /** A read-back further than this from its target is a mismatch, in `units`. */
  readonly tolerance: number;
  /** A move that takes longer has failed, ms. Default: 10 min. */
  readonly deadlineMs?: number;
}

const LONGEST_MOVE_MS = 600_000;

/**
 * An axis: limits, targets, moves that give each other up, readings. A driver says how it moves, how it halts and where it is.
 * @throws ValueError where the lower limit is not below the upper one
 */
export abstract class StandardAxis extends KitDevice implements Axis {
  readonly role = 'axis';
  readonly units: 'um' | 'deg';
  readonly limits: NumberRange;
  readonly tolerance: number;
  readonly #moves: MoveInHand<number>;
  #target: number | null = null;

  constructor(
    name: string,
    { units = 'um', limits, tolerance, deadlineMs = LONGEST_MOVE_MS }: AxisRange,
    context: DeviceContext,
    parent: unknown = null,
  ) {
    super(name, context, parent);
    if (!(limits.low < limits.high)) {
      throw new ValueError(
        `${name}: its lower limit ${limits.low} must be below the upper one, ${limits.high} ${units}`,
      );
    }
    this.units = units;
    this.limits = limits;
    this.tolerance = tolerance;
    this.#moves = new MoveInHand(name, { clock: context.clock, deadlineMs, onEnd: () => this.changed.emit() });
  }

  /** Last read-back, in `units`; null when nobody has read it. */
  abstract get position(): number | null;
  /**
   * Moves; resolves when it has come to rest, where it is read back. When the signal aborts it halts where it is. The target was checked.
   */
  protected abstract moveTo(target: number, signal: AbortSignal): Awaitable<void>;
  /** Halts the motor, whether or not this program believes that it moves. */
  protected abstract halt(): Awaitable<void>;
  /** Where it is now, in `units`. */
  protected abstract readBack(): Awaitable<number>;

  get target(): number | null {
    return this.#target;
  }

  get moving(): boolean {
    return this.#moves.isMoving;
  }

  /** What plots begin with. */
  get hints(): HasHints['hints'] {
    return { fields: [this.name] };
  }

  /** Starts a move at once; a move that is going on is given up for it. @throws RedsunError `device/limit` */
  set(target: number): Status {
    this.checkValue(target);
    const status = this.#moves.start(target, `${target} ${this.units}`, async (signal) => {
      this.#target = target;
      await this.moveTo(target, signal);
      this.#requireAt(target, await this.readBack());
    });
    this.changed.emit();
    return status;
  }

  /** Halts where it is. The move's status finishes, or fails when `success` is false. */
  stop({ success = true }: { readonly success?: boolean } = {}): Awaitable<void> {
    const where = this.position === null ? '' : ` at ${this.position.toFixed(3)} ${this.units}`;
    const words = `${this.name}: stopped${where} on the way to ${this.#target} ${this.units}`;
    this.#moves.giveUp(success ? null : new RedsunError('device/stopped', words));
    return this.halt();
  }

  checkValue(target: number): void {
    const { name, units, limits } = this;
    if (typeof target !== 'number' || !Number.isFinite(target)) {
      throw new ValueError(`${name}: a target must be a finite number of ${units}, not ${String(target)}`);
    }
    if (target >= limits.low && target <= limits.high) return;
    const words = `${name}: ${target} ${units} is outside its limits ${limits.low} to ${limits.high} ${units}`;
    throw new RedsunError('device/limit', words, { details: { value: target, ...limits, units } });
  }

  locate(): Awaitable<Location<number>> {
    return awaited(this.readBack(), (readback) => ({ setpoint: this.#target ?? readback, readback }));
  }

  override read(): Awaitable<Record<string, Reading>> {
    return awaited(this.locate(), ({ setpoint, readback }) =>
      readingsOf(this.#quantities(readback, setpoint), this.context.clock.now()),
    );
  }

  override describe(): Record<string, DataKey> {
    return dataKeysOf(this.#quantities(0, 0), this.name, this.source);
  }

  #requireAt(target: number, readback: number): void {
    if (Math.abs(readback - target) <= this.tolerance) return;
    const { name, units } = this;
    throw new RedsunError(
      'device/off-target',
      `${name}: came to rest at ${readback} ${units}, not at ${target} ${units}`,
    );
  }

  #quantities(readback: number, setpoint: number): Quantities {
    const { name, units, limits } = this;
    const common = { dtype: 'number', units, limits } as const;
    return { [name]: { value: readback, ...common }, [`${name}_setpoint`]: { value: setpoint, ...common } };
  }
}
