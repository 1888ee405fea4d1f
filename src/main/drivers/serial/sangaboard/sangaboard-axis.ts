import type { DeviceContext } from 'redsun/sdk/device';
import { type Quantities, StandardAxis } from 'redsun/sdk/device/kit';
import { hasCode } from 'redsun/sdk/util';
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

/** One motor of a Sangaboard. Its position is what the board counts, in steps from where it was zeroed. */
export class SangaboardAxis extends StandardAxis {
  static readonly options = sangaboardAxisOptions;
  readonly #options: SangaboardAxisOptions;
  readonly #motor: number;
  #position: number | null = null;
  #firmware = '';
  /** The board on which the guardian knows of this axis. */
  #protectedOn: SangaboardBoard | null = null;

  constructor(name: string, options: SangaboardAxisOptions, context: DeviceContext, parent: unknown = null) {
    const { low_um: low, high_um: high, tolerance_um: tolerance } = options;
    super(name, { limits: { low, high }, tolerance }, context, parent);
    this.#options = options;
    this.#motor = MOTORS.indexOf(options.axis);
  }

  get position(): number | null {
    return this.#position;
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
    if (this.moving) await this.stop({ success: false });
  }

  protected async moveTo(targetUm: number, signal: AbortSignal): Promise<void> {
    const steps = Math.round(targetUm * this.#options.steps_per_um);
    const target = MOTORS.map((_, motor) => (motor === this.#motor ? steps : null));
    await this.#withBoard((board) => board.moveTo(target, signal, (position) => this.#take(position)));
  }

  /** Sends `stop` to the board in any case. */
  protected async halt(): Promise<void> {
    if (this.#firmware === '') return; // Never connected: nothing can move.
    await this.#withBoard(async (board) => {
      await board.stop();
      this.#take(await board.position());
    });
  }

  /** During a move the board is asked often enough as it is. */
  protected async readBack(): Promise<number> {
    if (this.moving && this.#position !== null) return this.#position;
    return this.#withBoard(async (board) => this.#take(await board.position()));
  }

  protected override get source(): string {
    return `sangaboard:${this.#options.port}:${this.#options.axis}`;
  }

  protected override configured(): Quantities {
    return {
      steps_per_um: { value: this.#options.steps_per_um, dtype: 'number', units: '1/um' },
      firmware: { value: this.#firmware, dtype: 'string' },
    };
  }

  async #meet(signal: AbortSignal | undefined): Promise<void> {
    await this.#withBoard(async (board) => {
      const position = await board.position(signal);
      this.#firmware = board.info.firmware;
      this.#take(position);
    });
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
    const { link, controller: board } = await this.context.shareLink(options, SangaboardBoard);
    if (this.#protectedOn !== board) {
      await link.protect(safeStateOf(this.name, board.info));
      this.#protectedOn = board;
    }
    return work(board);
  }
}

function isGone(thrown: unknown): boolean {
  return hasCode(thrown, 'link/lost') || hasCode(thrown, 'link/closed');
}
