import {
  type Awaitable,
  type HasHints,
  type Movable,
  type Readable,
  type Stageable,
  Status,
  type Stoppable,
} from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { z } from 'zod';
import { numberKey, SimDevice, type Surroundings } from '../sim-device.ts';

export const motorOptions = z.strictObject({
  start_um: z.number().default(0).meta({ description: 'Position at start', units: 'um' }),
  arrives: z
    .enum(['at_once', 'when_told'])
    .default('at_once')
    .meta({ description: 'when_told: a move lasts until somebody stops it' }),
});
export type MotorOptions = Partial<z.infer<typeof motorOptions>>;

/** A motor without any inertia. It tells its position, but not where it was sent: an older kind of device. */
export class Motor extends SimDevice implements Readable, Movable<number>, Stoppable, Stageable, HasHints {
  static readonly options = motorOptions;
  /** um */
  position: number;
  /** um */
  setpoint: number;
  readonly #arrives: 'at_once' | 'when_told';
  #move: Status | null = null;

  constructor(name: string, { start_um = 0, arrives = 'at_once' }: MotorOptions = {}, surroundings?: Surroundings) {
    super(name, surroundings);
    this.position = start_um;
    this.setpoint = start_um;
    this.#arrives = arrives;
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [this.name] };
  }

  set(targetUm: number): Status {
    this.called('set', targetUm);
    this.setpoint = targetUm;
    const move = new Status({ label: `${this.name}.set` });
    this.#move = move;
    if (this.#arrives === 'at_once') this.arrive();
    return move;
  }

  /** Ends the move at its target. */
  arrive(): void {
    this.position = this.setpoint;
    this.#move?.setFinished();
  }

  /** Ends a move where the motor is. That is no failure. */
  stop({ success = true }: { readonly success?: boolean } = {}): void {
    this.called('stop', success);
    if (this.#move && !this.#move.done) this.#move.setFinished();
  }

  read(): Awaitable<Record<string, Reading>> {
    return { [this.name]: this.reading(this.position), [`${this.name}_setpoint`]: this.reading(this.setpoint) };
  }

  describe(): Awaitable<Record<string, DataKey>> {
    const keys = [this.name, `${this.name}_setpoint`];
    return Object.fromEntries(keys.map((key) => [key, { ...numberKey(key), units: 'um', precision: 3 }]));
  }

  stage(): Awaitable<Status | readonly unknown[]> {
    this.called('stage');
    return [this];
  }

  unstage(): Awaitable<Status | readonly unknown[]> {
    this.called('unstage');
    return [this];
  }

  override readConfiguration(): Awaitable<Record<string, Reading>> {
    return { [`${this.name}_velocity`]: this.reading(1) };
  }

  override describeConfiguration(): Awaitable<Record<string, DataKey>> {
    return { [`${this.name}_velocity`]: numberKey(`${this.name}_velocity`) };
  }
}
