import type { DeviceContext } from 'redsun/sdk/device';
import { z } from 'zod';
import { lightOptions, SimLight } from './sim-light.ts';

const options = z.strictObject({
  wavelength_nm: z.number().min(300).max(1100).default(488).meta({ description: 'Wavelength', units: 'nm' }),
  ...lightOptions,
});

/** A laser. 488 nm excites fibres (FITC), 640 nm puncta (Cy5), about 400 nm nuclei (DAPI). */
export class SimLaser extends SimLight {
  static readonly options = options;

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name, parsed, context, parsed.wavelength_nm);
  }
}
