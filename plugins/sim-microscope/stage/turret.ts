import type { DeviceContext, ObjectiveInfo, ObjectiveTurret } from 'redsun/sdk/device';
import type { Quantities } from 'redsun/sdk/device/kit';
import { z } from 'zod';
import { LabelledMotion } from './labelled-motion.ts';

const objective = z.strictObject({
  label: z.string().min(1),
  magnification: z.number().positive().max(200),
  numerical_aperture: z.number().positive().max(1.6),
  immersion: z.enum(['air', 'water', 'oil']).default('air'),
});

const options = z.strictObject({
  objectives: z
    .array(objective)
    .min(1)
    .default([
      { label: '10x/0.3', magnification: 10, numerical_aperture: 0.3, immersion: 'air' },
      { label: '20x/0.75', magnification: 20, numerical_aperture: 0.75, immersion: 'air' },
      { label: '40x/0.95', magnification: 40, numerical_aperture: 0.95, immersion: 'air' },
    ])
    .meta({ description: 'Objectives in the order of their positions' }),
  start: z.string().optional().meta({ description: 'Label of the objective at start; default: the first' }),
  move_ms: z.number().min(0).max(60_000).default(600).meta({ description: 'Time from one to the next', units: 'ms' }),
});

/** A turret of objectives: decides how large a pixel is at the specimen. */
export class SimTurret extends LabelledMotion implements ObjectiveTurret {
  static readonly options = options;
  readonly role = 'objective';
  readonly objectives: readonly ObjectiveInfo[];

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    const labels = parsed.objectives.map(({ label }) => label);
    super(name, context, labels, { start: parsed.start, moveMsPerPosition: parsed.move_ms });
    this.objectives = parsed.objectives.map(({ numerical_aperture, ...rest }) => ({
      ...rest,
      numericalAperture: numerical_aperture,
    }));
  }

  protected override configured(): Quantities {
    const current = this.objectives.find(({ label }) => label === this.selected);
    return {
      magnification: { value: current?.magnification ?? 0, dtype: 'number', units: '' },
      numerical_aperture: { value: current?.numericalAperture ?? 0, dtype: 'number', units: '' },
    };
  }
}
