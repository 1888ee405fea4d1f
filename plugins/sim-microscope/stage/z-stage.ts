import type { DeviceContext } from 'redsun/sdk/device';
import { z } from 'zod';
import { axisOptions, SimAxis } from './axis.ts';

const options = z.strictObject({
  low_um: z.number().default(-1000).meta({ description: 'Lowest position', units: 'um' }),
  high_um: z.number().default(1000).meta({ description: 'Highest position', units: 'um' }),
  velocity_um_per_s: z.number().positive().default(500).meta({ description: 'Velocity', units: 'um/s' }),
  ...axisOptions,
  tolerance_um: axisOptions.tolerance_um.default(0.1),
});

/** A focus drive. */
export class SimZStage extends SimAxis {
  static readonly options = options;

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name, parsed, context);
  }
}
