import { type AxisRange, logScan, relLogScan, relScan, scan, x2xScan } from 'redsun/sdk/plans';
import { z } from 'zod';
import { badParameter } from './describe-issue.ts';
import type { DeviceLookup } from './device-lookup.ts';
import type { MoveKind } from './limits.ts';
import { detectors, deviceName, groupsOf, number, pointCount, position, stepKeywords } from './parameters.ts';
import type { AppPlan } from './plan-definition.ts';
import type { PlanRegistry } from './plan-registry.ts';
import { bindStepScan, groups, placesOf } from './step-scan.ts';

const MEMBERS = ['motor', 'start', 'stop'];
const args = groupsOf('axis', MEMBERS, number, 'motor, start, stop; again for further motors that move along');

const scanParameters = z.object({
  detectors,
  args,
  num: pointCount.nullable().default(null).describe('How many points; may also be the last of the arguments'),
  ...stepKeywords,
});
type ScanParameters = z.infer<typeof scanParameters>;

function scanDefinition(name: string, description: string, plan: typeof scan, kind: MoveKind): AppPlan<ScanParameters> {
  return {
    name,
    description,
    positional: ['detectors', '*args'],
    parameters: scanParameters,
    plan({ detectors, args, num, md }, devices) {
      const isLast = num === null && args.length % MEMBERS.length === 1;
      const points = isLast ? pointsIn(devices.plan, args) : num;
      const ranges = rangesOf(devices, isLast ? args.slice(0, -1) : args);
      if (points === null) {
        throw badParameter(devices.plan, 'num', 'a number of points, by name or as the last argument', points);
      }
      return bindStepScan(devices, md, {
        detectors: devices.readables(detectors, 'detectors'),
        places: ranges.places,
        kind,
        points,
        build: (readables, options) => plan(readables, ranges.axes, points, options),
      });
    },
  };
}

function pointsIn(plan: string, args: readonly unknown[]): number {
  const last = args.at(-1);
  const { success, data } = pointCount.safeParse(last);
  if (success) return data;
  throw badParameter(plan, `args[${args.length - 1}]`, 'a whole number of points, at least 1', last);
}

function rangesOf(devices: DeviceLookup, args: readonly unknown[]) {
  const all = groups(devices.plan, args, MEMBERS);
  const axes = all.map((group): AxisRange => {
    const axis = devices.axis(group.name(0), group.place(0));
    return { axis, start: group.number(1), stop: group.number(2) };
  });
  return {
    axes,
    places: placesOf(
      devices.plan,
      axes.map(({ axis }, at) => [axis, all[at]?.place(0) ?? 'args']),
    ),
  };
}

const innerParameters = z.object({ detectors, num: pointCount.describe('How many points'), args, ...stepKeywords });

function innerProductDefinition(
  name: string,
  description: string,
  plan: typeof scan,
  kind: MoveKind,
): AppPlan<z.infer<typeof innerParameters>> {
  return {
    name,
    description,
    positional: ['detectors', 'num', '*args'],
    parameters: innerParameters,
    plan({ detectors, num, args, md }, devices) {
      const { axes, places } = rangesOf(devices, args);
      return bindStepScan(
        devices,
        { plan_name: name, ...md },
        {
          detectors: devices.readables(detectors, 'detectors'),
          places,
          kind,
          points: num,
          build: (readables, options) => plan(readables, axes, num, options),
        },
      );
    },
  };
}

const logParameters = z.object({
  detectors,
  motor: deviceName('axis'),
  start: number.describe('Exponent of 10 of the first position'),
  stop: number.describe('Exponent of 10 of the last position'),
  num: pointCount.describe('How many points'),
  ...stepKeywords,
});

function logDefinition(
  name: string,
  description: string,
  plan: typeof logScan,
  kind: MoveKind,
): AppPlan<z.infer<typeof logParameters>> {
  return {
    name,
    description,
    positional: ['detectors', 'motor', 'start', 'stop', 'num'],
    parameters: logParameters,
    plan({ detectors, motor, start, stop, num, md }, devices) {
      const axis = devices.axis(motor, 'motor');
      return bindStepScan(devices, md, {
        detectors: devices.readables(detectors, 'detectors'),
        places: new Map([[axis, 'motor']]),
        kind,
        points: num,
        build: (readables, { perStep, md = {} }) =>
          plan(readables, { axis, start, stop }, num, {
            md,
            ...(perStep
              ? { perStep1d: (none, moved, value) => perStep(none, new Map([[moved, value]]), new Map()) }
              : {}),
          }),
      });
    },
  };
}

const x2xParameters = z.object({
  detectors,
  motor1: deviceName('axis'),
  motor2: deviceName('axis').describe('Moves half as far'),
  start: position,
  stop: position,
  num: pointCount.describe('How many points'),
  ...stepKeywords,
});

const x2xPlan: AppPlan<z.infer<typeof x2xParameters>> = {
  name: 'x2x_scan',
  description: 'Moves two motors from where they stand, the second half as far as the first, and back at the end.',
  positional: ['detectors', 'motor1', 'motor2', 'start', 'stop', 'num'],
  parameters: x2xParameters,
  plan({ detectors, motor1, motor2, start, stop, num, md }, devices) {
    const axes = [devices.axis(motor1, 'motor1'), devices.axis(motor2, 'motor2')] as const;
    return bindStepScan(devices, md, {
      detectors: devices.readables(detectors, 'detectors'),
      places: placesOf(devices.plan, [
        [axes[0], 'motor1'],
        [axes[1], 'motor2'],
      ]),
      kind: 'relative',
      points: num,
      build: (readables, options) => x2xScan(readables, axes, { start, stop, num }, options),
    });
  },
};

const ALONG = 'Moves one or more motors together along a line and reads the detectors at each point';
const LOG = 'Moves a motor along positions at equal ratios and reads the detectors at each of them';
const FROM_HERE = 'Positions count from where the motors stand; they go back there at the end.';

/** Scans along a line. */
export function addLineScans(plans: PlanRegistry): void {
  plans.add(scanDefinition('scan', `${ALONG}.`, scan, 'absolute'));
  plans.add(scanDefinition('rel_scan', `${ALONG}. ${FROM_HERE}`, relScan, 'relative'));
  plans.add(innerProductDefinition('inner_product_scan', `${ALONG}. An older form of scan.`, scan, 'absolute'));
  plans.add(
    innerProductDefinition(
      'relative_inner_product_scan',
      `${ALONG}. ${FROM_HERE} An older form of rel_scan.`,
      relScan,
      'relative',
    ),
  );
  plans.add(logDefinition('log_scan', `${LOG}.`, logScan, 'absolute'));
  plans.add(logDefinition('rel_log_scan', `${LOG}. ${FROM_HERE}`, relLogScan, 'relative'));
  plans.add(x2xPlan);
}
