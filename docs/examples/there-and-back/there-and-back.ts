import type { Plan } from 'redsun/sdk/engine';
import {
  checkpoint,
  definePlan,
  mv,
  resetPositionsWrapper,
  runWrapper,
  stageWrapper,
  triggerAndRead,
} from 'redsun/sdk/plans';
import { z } from 'zod';

/** Reads detectors where a motor stands and at another place, and brings the motor back, however it ends. */
export const thereAndBack = definePlan({
  name: 'there_and_back',
  description: 'Reads detectors where a motor stands and at another place, and brings it back.',
  positional: ['detectors', 'motor', 'place'],
  parameters: z.object({
    detectors: z.array(z.string().meta({ device: 'readable' })).describe('Devices to read'),
    motor: z.string().meta({ device: 'axis' }).describe('What moves'),
    place: z.number().meta({ description: 'Where to', units: 'um' }),
  }),
  plan({ detectors, motor, place }, devices) {
    const readables = devices.readables(detectors, 'detectors');
    const axis = devices.axis(motor, 'motor');
    function* steps(): Plan<void> {
      yield* checkpoint();
      yield* triggerAndRead([...readables, axis]);
      yield* mv([[axis, place]]);
      yield* triggerAndRead([...readables, axis]);
    }
    const run = runWrapper(steps(), { plan_name: 'there_and_back', detectors, motors: [motor] });
    return resetPositionsWrapper(stageWrapper(run, [...readables, axis]));
  },
});
