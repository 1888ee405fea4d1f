import { fly } from 'redsun/sdk/plans';
import { z } from 'zod';
import { deviceName, md } from './parameters.ts';
import type { AppPlan } from './plan-definition.ts';
import { cost } from './step-scan.ts';

const parameters = z.object({
  flyers: z.array(deviceName('flyer'), 'a list of names of devices that fly').describe('Devices that fly'),
  md,
});

export const flyPlan: AppPlan<z.infer<typeof parameters>> = {
  name: 'fly',
  description: 'Lets devices acquire by themselves and collects what they have.',
  positional: ['flyers'],
  parameters,
  plan({ flyers, md }, devices) {
    return { plan: fly(devices.flyers(flyers, 'flyers'), { md: md ?? {} }), ...cost([], null) };
  },
};
