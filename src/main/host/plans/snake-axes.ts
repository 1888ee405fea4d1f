import type { ScanAxis, SnakeAxes } from 'redsun/sdk/plans';
import { z } from 'zod';
import { badParameter } from './describe-issue.ts';
import type { DeviceKind } from './device-kinds.ts';
import type { DeviceLookup } from './device-lookup.ts';
import { deviceName } from './parameters.ts';

/** Which motors of a mesh turn round at each end of a line. */
export const snakeAxes = z
  .union([z.boolean(), z.array(deviceName('settable'))], 'true, false or a list of names of motors')
  .describe('Motors that turn round at each end of a line; true: all but the slowest');

/** @param axes - of the mesh, the slowest first. @throws RedsunError `plan/bad-parameter` */
export function snakesOf(
  devices: DeviceLookup,
  given: z.infer<typeof snakeAxes>,
  axes: readonly ScanAxis[],
  kind: Extract<DeviceKind, 'axis' | 'settable'>,
): SnakeAxes {
  if (typeof given === 'boolean') return given;
  const fast = axes.slice(1).map(({ name }) => name);
  const snakes = given.map((name, index) => devices[kind](name, `snake_axes[${index}]`));
  for (const [index, axis] of snakes.entries()) {
    const place = `snake_axes[${index}]`;
    const expected = `one of the faster motors of the mesh (${fast.join(', ') || 'there is none'})`;
    if (axis === axes[0]) throw badParameter(devices.plan, place, `${expected}, not the slowest`, given[index]);
    if (!axes.includes(axis)) throw badParameter(devices.plan, place, expected, given[index]);
    if (snakes.indexOf(axis) < index) throw badParameter(devices.plan, place, 'each motor once', given[index]);
  }
  return snakes;
}
