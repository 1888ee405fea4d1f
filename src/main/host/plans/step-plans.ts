import { type Camera, isCamera } from 'redsun/sdk/device';
import { count, gridScan, scan } from 'redsun/sdk/plans';
import { RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import type { BoundPlan, DeviceLookup, PlanDefinition } from './plan-registry.ts';

const detectorsSchema = z.array(z.string()).min(1).describe('Names of devices to read at each point');

const countSchema = z.object({
  detectors: detectorsSchema,
  num: z.number().int().min(1).default(1).describe('How many readings'),
  delay: z.number().min(0).default(0).describe('Time between readings').meta({ units: 's' }),
});

export const countPlan: PlanDefinition<z.infer<typeof countSchema>> = {
  name: 'count',
  description: 'Takes readings of the detectors, one after the other.',
  positional: ['detectors', 'num', 'delay'],
  parameters: countSchema,
  bind({ detectors, num, delay }, devices, metadata) {
    const readables = devices.readables(detectors, 'detectors');
    const plan = count(readables, { num, delay, md: metadata });
    return { plan, ...cost(readables.filter(isCamera), num, delay * (num - 1)) };
  },
};

const scanSchema = z.object({
  detectors: detectorsSchema,
  args: z
    .array(z.union([z.string(), z.number()]))
    .describe('axis, start, stop; again for further axes that move along'),
  num: z.number().int().min(1).describe('How many points'),
});

export const scanPlan: PlanDefinition<z.infer<typeof scanSchema>> = {
  name: 'scan',
  description: 'Moves one or more axes together along a line and reads the detectors at each point.',
  positional: ['detectors', '*args'],
  parameters: scanSchema,
  bind({ detectors, args, num }, devices, metadata) {
    const readables = devices.readables(detectors, 'detectors');
    const axes = groups(args, 3, 'scan', 'axis, start, stop').map(([name, start, stop], index) => {
      const range = {
        axis: axisAt(devices, name, index * 3),
        start: numberAt(start, index * 3 + 1),
        stop: numberAt(stop, index * 3 + 2),
      };
      checkLimits('scan', range.axis, [range.start, range.stop]);
      return range;
    });
    return { plan: scan(readables, axes, num, { md: metadata }), ...cost(readables.filter(isCamera), num, num * 0.05) };
  },
};

const gridSchema = z.object({
  detectors: detectorsSchema,
  args: z
    .array(z.union([z.string(), z.number()]))
    .describe('axis, start, stop, points; again for each further axis, slowest first'),
  snake_axes: z.boolean().default(false).describe('Every second line runs backwards'),
});

export const gridScanPlan: PlanDefinition<z.infer<typeof gridSchema>> = {
  name: 'grid_scan',
  description: 'Moves axes over a mesh and reads the detectors at each point.',
  positional: ['detectors', '*args'],
  parameters: gridSchema,
  bind({ detectors, args, snake_axes: snake }, devices, metadata) {
    const readables = devices.readables(detectors, 'detectors');
    const axes = groups(args, 4, 'grid_scan', 'axis, start, stop, points').map(([name, start, stop, num], index) => {
      const at = index * 4;
      const range = {
        axis: axisAt(devices, name, at),
        start: numberAt(start, at + 1),
        stop: numberAt(stop, at + 2),
        num: numberAt(num, at + 3),
      };
      if (!Number.isInteger(range.num) || range.num < 1) {
        throw new RedsunError(
          'plan/bad-parameter',
          `grid_scan: args[${at + 3}]: expected a whole number of points, got ${range.num}`,
        );
      }
      checkLimits('grid_scan', range.axis, [range.start, range.stop]);
      return range;
    });
    const points = axes.reduce((product, { num }) => product * num, 1);
    return {
      plan: gridScan(readables, axes, { snakeAxes: snake, md: metadata }),
      ...cost(readables.filter(isCamera), points, points * 0.05),
    };
  },
};

function groups(args: readonly (string | number)[], size: number, plan: string, what: string): (string | number)[][] {
  if (args.length === 0 || args.length % size !== 0) {
    throw new RedsunError(
      'plan/bad-parameter',
      `${plan}: args: expected groups of ${size} (${what}), got ${args.length} values`,
    );
  }
  return Array.from({ length: args.length / size }, (_, i) => args.slice(i * size, (i + 1) * size));
}

function axisAt(devices: DeviceLookup, name: unknown, index: number) {
  return devices.axis(String(name), `args[${index}]`);
}

function numberAt(value: unknown, index: number): number {
  if (typeof value === 'number') return value;
  throw new RedsunError('plan/bad-parameter', `args[${index}]: expected a number, got ${JSON.stringify(value)}`);
}

/** @throws RedsunError `plan/limit` */
export function checkLimits(plan: string, axis: object, targets: readonly number[]): void {
  if (!('limits' in axis) || !('name' in axis)) return;
  const { low, high } = axis.limits as { low: number; high: number };
  const outside = targets.find((target) => target < low || target > high);
  if (outside !== undefined) {
    throw new RedsunError(
      'plan/limit',
      `${plan}: ${String(axis.name)}: ${outside} µm is outside its limits, ${low} to ${high} µm`,
    );
  }
}

function cost(cameras: readonly Camera[], exposures: number, extraS: number): Omit<BoundPlan, 'plan'> {
  const exposureS = Math.max(0, ...cameras.map(({ settings }) => settings.exposureMs / 1000));
  const low = exposures * exposureS + extraS;
  return {
    cameras,
    frames: cameras.length > 0 ? exposures : null,
    seconds: { low, high: low + exposures * 0.2 },
    advice: [],
  };
}
