import type { DeviceContext } from 'redsun/sdk/device';
import { StandardXYStage } from 'redsun/sdk/device/kit';
import { z } from 'zod';
import { axisOptions, SimAxis } from './axis.ts';

const options = z.strictObject({
  low_um: z.number().default(-3000).meta({ description: 'Lowest position of both axes', units: 'um' }),
  high_um: z.number().default(3000).meta({ description: 'Highest position of both axes', units: 'um' }),
  velocity_um_per_s: z.number().positive().default(2000).meta({ description: 'Velocity', units: 'um/s' }),
  ...axisOptions,
});

/** A motorised table: two axes that move together. The specimen under the middle of the sensor lies at (x, y). */
export class SimXYStage extends StandardXYStage<SimAxis> {
  static readonly options = options;

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name, context, (axis, _motor, parent) => new SimAxis(axis, parsed, context, parent));
  }

  async connect(): Promise<void> {
    await this.x.connect();
    await this.y.connect();
  }
}
