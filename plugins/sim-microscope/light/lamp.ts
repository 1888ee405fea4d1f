import type { DeviceContext } from 'redsun/sdk/device';
import { z } from 'zod';
import { lightOptions, SimLight } from './sim-light.ts';

const options = z.strictObject({
  ...lightOptions,
  max_power_mw: lightOptions.max_power_mw.default(50),
});

/** A white lamp: excites what the filter cube in place lets through; without a cube it shines through the specimen. */
export class SimLamp extends SimLight {
  static readonly options = options;

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name, parsed, context, null);
  }
}
