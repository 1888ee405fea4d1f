import type { DeviceContext, Selector } from 'redsun/sdk/device';
import type { Quantities } from 'redsun/sdk/device/kit';
import { z } from 'zod';
import { LabelledMotion } from './labelled-motion.ts';

const options = z.strictObject({
  labels: z
    .array(z.string().min(1))
    .min(1)
    .default(['DAPI', 'FITC', 'Cy5', 'Brightfield'])
    .meta({ description: 'Filter cubes in the order of their positions' }),
  start: z.string().optional().meta({ description: 'Position at start; default: the first' }),
  move_ms: z.number().min(0).max(60_000).default(60).meta({ description: 'Time from one to the next', units: 'ms' }),
});

/** A wheel of filter cubes. */
export class SimFilterWheel extends LabelledMotion implements Selector {
  static readonly options = options;
  readonly role = 'selector';
  readonly #moveMs: number;

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name, context, parsed.labels, { start: parsed.start, moveMsPerPosition: parsed.move_ms });
    this.#moveMs = parsed.move_ms;
  }

  protected override configured(): Quantities {
    return { move_ms: { value: this.#moveMs, dtype: 'number', units: 'ms' } };
  }
}
