import { KeyError } from 'redsun/sdk/util';
import { z } from 'zod';
import type { Surroundings } from '../sim-device.ts';
import { Det } from './det.ts';

const options = z.strictObject({
  motor: z.string().min(1).meta({ description: 'Motor whose position it depends on' }),
  centre_um: z.number().default(1).meta({ description: 'Where it reads most', units: 'um' }),
});

/** A detector that reads 100 counts where a motor stands right, and less to both sides: something for a scan to find. */
export class Peak extends Det {
  static override readonly options = options;
  readonly #motor: string;
  readonly #centreUm: number;

  constructor(
    name: string,
    { motor, centre_um = 1 }: { readonly motor: string; readonly centre_um?: number },
    surroundings?: Surroundings,
  ) {
    super(name, {}, surroundings);
    this.#motor = motor;
    this.#centreUm = centre_um;
  }

  protected override measure(): number {
    const motor = this.neighbours.get(this.#motor);
    if (typeof motor !== 'object' || motor === null || !('position' in motor)) {
      throw new KeyError(`${this.name}: no motor "${this.#motor}" in this session`);
    }
    return 100 / (1 + (Number(motor.position) - this.#centreUm) ** 2);
  }
}
