import { count } from 'redsun/sdk/plans';
import { RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import { detectors, functionParameter, md, pointCount } from './parameters.ts';
import type { AppPlan } from './plan-definition.ts';
import { cost } from './step-scan.ts';

const seconds = z.number('a number of s').min(0, 'at least 0 s').meta({ units: 's' });

const parameters = z.object({
  detectors,
  num: pointCount.nullable().default(1).describe('How many readings; null: until the run is stopped'),
  delay: z
    .union([seconds, z.array(seconds)], 'a number of s, or a list of them')
    .default(0)
    .describe('Time from the beginning of one reading to the next; a list: one for each'),
  per_shot: functionParameter,
  md,
});

export const countPlan: AppPlan<z.infer<typeof parameters>> = {
  name: 'count',
  description: 'Takes readings of the detectors, one after the other.',
  positional: ['detectors', 'num', 'delay'],
  parameters,
  plan({ detectors, num, delay, md }, devices) {
    const readables = devices.readables(detectors, 'detectors');
    if (typeof delay !== 'number' && num !== null && num - 1 > delay.length) {
      throw new RedsunError(
        'plan/bad-parameter',
        `${devices.plan}: delay: expected at least ${num - 1} delays for num ${num}, got ${delay.length}`,
      );
    }
    const waits = typeof delay === 'number' ? Array<number>(Math.min((num ?? 1) - 1, 1e6)).fill(delay) : delay;
    const waitS = waits.reduce((sum, wait) => sum + wait, 0);
    return { plan: count(readables, { num, delay, md: md ?? {} }), ...cost(readables, num, waitS) };
  },
};
