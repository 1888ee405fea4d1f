import { isReadable, type Readable } from 'redsun/sdk/device';
import { adaptiveScan, relAdaptiveScan, tuneCentroid } from 'redsun/sdk/plans';
import { nearMissHint, RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import { badParameter } from './describe-issue.ts';
import { checkVisited, type MoveKind } from './limits.ts';
import { detectors, deviceName, md, number, pointCount, position, positive } from './parameters.ts';
import type { AppPlan } from './plan-definition.ts';
import type { PlanRegistry } from './plan-registry.ts';
import { cost } from './step-scan.ts';
import { visiting } from './visiting.ts';

const adaptiveParameters = z.object({
  detectors,
  target_field: z.string('a data key').describe('Data key of the reading that is followed'),
  motor: deviceName('axis'),
  start: position,
  stop: position,
  min_step: positive.describe('Shortest step'),
  max_step: positive.describe('Longest step'),
  target_delta: positive.describe('How much the reading is meant to change in a step'),
  backstep: z.boolean('true or false').describe('Goes back when a step was far too long'),
  threshold: number.default(0.8).describe('Goes back when the next step would be shorter than this part of the last'),
  md,
});

function adaptiveDefinition(
  name: string,
  description: string,
  kind: MoveKind,
): AppPlan<z.infer<typeof adaptiveParameters>> {
  const plan = kind === 'absolute' ? adaptiveScan : relAdaptiveScan;
  return {
    name,
    description,
    positional: [
      'detectors',
      'target_field',
      'motor',
      'start',
      'stop',
      'min_step',
      'max_step',
      'target_delta',
      'backstep',
      'threshold',
    ],
    parameters: adaptiveParameters,
    plan({ detectors, target_field, motor, start, stop, min_step, max_step, md, ...steps }, devices) {
      const axis = devices.axis(motor, 'motor');
      const readables = devices.readables(detectors, 'detectors');
      requireField(devices.plan, 'target_field', target_field, [...readables, axis]);
      if (min_step >= max_step)
        throw badParameter(devices.plan, 'min_step', `less than max_step ${max_step}`, min_step);
      // Steps follow what is read, but they stay between these two.
      checkVisited(devices, visiting(axis, [start, stop], kind), new Map([[axis, 'motor']]), kind);
      if (kind === 'absolute') devices.foreseen.set(axis, null);
      const options = {
        targetField: target_field,
        minStep: min_step,
        maxStep: max_step,
        targetDelta: steps.target_delta,
        backstep: steps.backstep,
        threshold: steps.threshold,
      };
      return {
        plan: plan(readables, { axis, start, stop }, options, { md: md ?? {} }),
        ...cost(readables, null),
      };
    },
  };
}

const tuneParameters = z.object({
  detectors,
  signal: z.string('a data key').describe('Data key of the reading whose peak it is'),
  motor: deviceName('axis'),
  start: position,
  stop: position,
  min_step: positive.describe('Goes on until steps are shorter'),
  num: pointCount.min(2, 'at least 2').default(10).describe('Points of each pass'),
  step_factor: z
    .number('a number above 1')
    .gt(1, 'a number above 1')
    .default(3)
    .describe('Each pass is this much narrower than the one before'),
  snake: z.boolean('true or false').default(false).describe('Every second pass runs backwards'),
  md,
});

const tunePlan: AppPlan<z.infer<typeof tuneParameters>> = {
  name: 'tune_centroid',
  description: 'Goes to the middle of a peak, in narrower and narrower passes.',
  positional: ['detectors', 'signal', 'motor', 'start', 'stop', 'min_step', 'num', 'step_factor', 'snake'],
  parameters: tuneParameters,
  plan({ detectors, signal, motor, start, stop, min_step, num, step_factor, snake, md }, devices) {
    const axis = devices.axis(motor, 'motor');
    const readables = devices.readables(detectors, 'detectors');
    requireField(devices.plan, 'signal', signal, [...readables, axis]);
    checkVisited(devices, visiting(axis, [start, stop], 'absolute'), new Map([[axis, 'motor']]), 'absolute');
    devices.foreseen.set(axis, null);
    const steps = { signal, minStep: min_step, num, stepFactor: step_factor, snake };
    return {
      plan: tuneCentroid(readables, { axis, start, stop }, steps, { md: md ?? {} }),
      ...cost(readables, null),
    };
  },
};

/** A plan that follows a value which nobody reads would go on without ever seeing it. Devices that answer later are believed. */
function requireField(plan: string, place: string, field: string, devices: readonly Readable[]): void {
  const known: string[] = [];
  for (const device of devices.filter(isReadable)) {
    const keys = device.describe();
    if (keys instanceof Promise) {
      keys.catch(() => {});
      return;
    }
    known.push(...Object.keys(keys));
  }
  if (known.includes(field)) return;
  throw new RedsunError(
    'plan/bad-parameter',
    `${plan}: ${place}: expected one of ${known.join(', ')}, got "${field}".${nearMissHint(field, known)}`,
  );
}

const ADAPTIVE = 'Moves a motor in steps that are short where a reading changes much';

/** Scans whose steps follow what is read. */
export function addAdaptiveScans(plans: PlanRegistry): void {
  plans.add(adaptiveDefinition('adaptive_scan', `${ADAPTIVE}.`, 'absolute'));
  plans.add(
    adaptiveDefinition(
      'rel_adaptive_scan',
      `${ADAPTIVE}. Positions count from where it stands; it goes back there.`,
      'relative',
    ),
  );
  plans.add(tunePlan);
}
