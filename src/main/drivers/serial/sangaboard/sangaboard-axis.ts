import { type Axis, Device, type DeviceContext, type Status, statusOf } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { hasCode, RedsunError, ValueError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { z } from 'zod';
import type { Steps } from './protocol.ts';
import { SangaboardBoard, safeStateOf } from './sangaboard-board.ts';

const BAUD_RATE = 115_200;
const MOTORS = ['x', 'y', 'z'] as const;

/** Options of all axes; those of a motor come on top. */
export const motorOptions = {
  port: z.string().min(1).meta({ description: 'Serial port, such as /dev/ttyACM0 or COM7' }),
  steps_per_um: z
    .number()
    .refine((steps) => steps !== 0, 'must not be 0')
    .meta({ description: 'Steps of the motor per um; negative turns the direction', units: '1/um' }),
  low_um: z.number().meta({ description: 'Lowest position', units: 'um' }),
  high_um: z.number().meta({ description: 'Highest position', units: 'um' }),
  tolerance_um: z
    .number()
    .positive()
    .default(0.5)
    .meta({ description: 'A read-back further than this from its target is a mismatch', units: 'um' }),
};

export const sangaboardAxisOptions = z.strictObject({
  axis: z.enum(MOTORS).default('z').meta({ description: 'Motor of the board' }),
  ...motorOptions,
});
export type SangaboardAxisOptions = z.infer<typeof sangaboardAxisOptions>;

interface Move {
  readonly controller: AbortController;
  readonly status: Status;
}

/** Why a move was given up: by a calm stop it counts as done. */
type Halt = { readonly kind: 'calm' } | { readonly kind: 'failed'; readonly error: Error };

/** One motor of a Sangaboard. Its position is what the board counts, in steps from where it was zeroed. */
export class SangaboardAxis extends Device implements Axis {
  static readonly options = sangaboardAxisOptions;
  readonly role = 'axis';
  readonly changed = new Signal<[]>();
  readonly units = 'um';
  readonly limits: { readonly low: number; readonly high: number };
  readonly tolerance: number;
  readonly #options: SangaboardAxisOptions;
  readonly #context: DeviceContext;
  readonly #parent: unknown;
  readonly #motor: number;
  #target: number | null = null;
  #position: number | null = null;
  #firmware = '';
  /** The board on which the guardian knows of this axis. */
  #protectedOn: SangaboardBoard | null = null;
  #move: Move | null = null;

  constructor(name: string, options: SangaboardAxisOptions, context: DeviceContext, parent: unknown = null) {
    super(name);
    if (options.low_um >= options.high_um) {
      throw new ValueError(`${name}: low_um ${options.low_um} must be below high_um ${options.high_um}`);
    }
    this.#options = options;
    this.#context = context;
    this.#parent = parent;
    this.#motor = MOTORS.indexOf(options.axis);
    this.limits = { low: options.low_um, high: options.high_um };
    this.tolerance = options.tolerance_um;
  }

  override get parent(): unknown {
    return this.#parent;
  }

  get target(): number | null {
    return this.#target;
  }

  get position(): number | null {
    return this.#position;
  }

  get moving(): boolean {
    return this.#move !== null;
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [this.name] };
  }

  /** Opens the port, shakes hands and reads the position. @throws RedsunError `device/handshake`, `link/open-failed` */
  async connect(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    try {
      await this.#meet(signal);
    } catch (thrown) {
      // The board is one of an earlier session, whose port was closed with it: it is opened anew, once.
      if (!isGone(thrown)) throw thrown;
      await this.#meet(signal);
    }
  }

  /** A stage that is going away must not move on. */
  async shutdown(): Promise<void> {
    if (this.#move) await this.stop({ success: false });
  }

  /** Moves; one that is going on is given up for it. @throws RedsunError `device/limit` */
  set(targetUm: number): Status {
    this.checkValue(targetUm);
    const superseded = `${this.name}: the move was given up for one to ${targetUm} um`;
    this.#giveUp({ kind: 'failed', error: new RedsunError('device/superseded', superseded) });
    const { clock } = this.#context;
    const controller = new AbortController();
    const label = `${this.name}: move to ${targetUm} um`;
    const status = statusOf(() => this.#moveTo(targetUm, controller.signal), { label, clock });
    const move = { controller, status };
    this.#target = targetUm;
    this.#move = move;
    status.addCallback(() => {
      if (this.#move === move) this.#move = null;
      this.changed.emit();
    });
    this.changed.emit();
    return status;
  }

  /** Sends `stop` to the board in any case. The move's status finishes, or fails when `success` is false. */
  async stop(options: { readonly success?: boolean } = {}): Promise<void> {
    const error = new RedsunError('device/stopped', `${this.name}: stopped on the way to ${this.#target} um`);
    this.#giveUp(options.success === false ? { kind: 'failed', error } : { kind: 'calm' });
    if (this.#firmware === '') return; // Never connected: nothing can move.
    await this.#withBoard(async (board) => {
      await board.stop();
      this.#take(await board.position());
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

  async locate(): Promise<{ readonly setpoint: number; readonly readback: number }> {
    const readback = await this.#readBack();
    return { setpoint: this.#target ?? readback, readback };
  }

  async read(): Promise<Record<string, Reading>> {
    const { setpoint, readback } = await this.locate();
    const timestamp = this.#context.clock.now();
    return {
      [this.name]: { value: readback, timestamp },
      [`${this.name}_setpoint`]: { value: setpoint, timestamp },
    };
  }

  describe(): Record<string, DataKey> {
    const key = this.#dataKey('number', 'um', this.limits);
    return { [this.name]: key, [`${this.name}_setpoint`]: key };
  }

  readConfiguration(): Record<string, Reading> {
    const timestamp = this.#context.clock.now();
    return {
      [`${this.name}-steps_per_um`]: { value: this.#options.steps_per_um, timestamp },
      [`${this.name}-firmware`]: { value: this.#firmware, timestamp },
    };
  }

  describeConfiguration(): Record<string, DataKey> {
    return {
      [`${this.name}-steps_per_um`]: this.#dataKey('number', '1/um'),
      [`${this.name}-firmware`]: this.#dataKey('string'),
    };
  }

  async #meet(signal: AbortSignal | undefined): Promise<void> {
    await this.#withBoard(async (board) => {
      const position = await board.position(signal);
      this.#firmware = board.info.firmware;
      this.#take(position);
    });
  }

  async #moveTo(targetUm: number, signal: AbortSignal): Promise<void> {
    const steps = Math.round(targetUm * this.#options.steps_per_um);
    const target = MOTORS.map((_, motor) => (motor === this.#motor ? steps : null));
    try {
      await this.#withBoard((board) => board.moveTo(target, signal, (position) => this.#take(position)));
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
      const halt = signal.reason as Halt;
      if (halt.kind === 'calm') return;
      throw halt.error;
    }
    const off = Math.abs((this.#position ?? Number.NaN) - targetUm);
    if (!(off <= this.tolerance)) {
      throw new RedsunError(
        'device/off-target',
        `${this.name}: came to rest at ${this.#position} um, not at ${targetUm} um`,
      );
    }
  }

  #giveUp(halt: Halt): void {
    const move = this.#move;
    this.#move = null;
    move?.controller.abort(halt);
  }

  /** During a move the board is asked often enough as it is. */
  async #readBack(): Promise<number> {
    if (this.#move && this.#position !== null) return this.#position;
    return this.#withBoard(async (board) => this.#take(await board.position()));
  }

  #take(position: Steps): number {
    const um = (position[this.#motor] ?? Number.NaN) / this.#options.steps_per_um;
    if (um !== this.#position) {
      this.#position = um;
      this.changed.emit();
    }
    return um;
  }

  /** After a lost port the next call opens it again. */
  async #withBoard<T>(work: (board: SangaboardBoard) => Promise<T>): Promise<T> {
    const { port } = this.#options;
    const options = { kind: 'serial', path: port, baudRate: BAUD_RATE, lineEnd: '\n' } as const;
    const { link, controller: board } = await this.#context.shareLink(options, SangaboardBoard);
    if (this.#protectedOn !== board) {
      await link.protect(safeStateOf(this.name, board.info));
      this.#protectedOn = board;
    }
    return work(board);
  }

  #dataKey(dtype: DataKey['dtype'], units?: string, limits?: { low: number; high: number }): DataKey {
    return {
      source: `sangaboard:${this.#options.port}:${this.#options.axis}`,
      dtype,
      shape: [],
      object_name: this.name,
      ...(units === undefined ? {} : { units }),
      ...(limits === undefined ? {} : { limits: { control: limits } }),
    };
  }
}

function isGone(thrown: unknown): boolean {
  return hasCode(thrown, 'link/lost') || hasCode(thrown, 'link/closed');
}
