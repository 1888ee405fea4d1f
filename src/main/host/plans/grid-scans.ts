import { type GridAxis, gridScan, relGridScan } from 'redsun/sdk/plans';
import { z } from 'zod';
import { badParameter } from './describe-issue.ts';
import type { DeviceLookup } from './device-lookup.ts';
import type { MoveKind } from './limits.ts';
import { detectors, groupsOf, stepKeywords } from './parameters.ts';
import type { AppPlan } from './plan-definition.ts';
import type { PlanRegistry } from './plan-registry.ts';
import { snakeAxes, snakesOf } from './snake-axes.ts';
import { bindStepScan, Group, groups, placesOf } from './step-scan.ts';

const MEMBERS = ['motor', 'start', 'stop', 'num'];

const parameters = z.object({
  detectors,
  args: groupsOf(
    'axis',
    MEMBERS,
    z.union([z.number(), z.boolean()]),
    'motor, start, stop, number of points; again for each further motor, slowest first',
  ),
  snake_axes: snakeAxes
    .nullable()
    .default(null)
    .describe('Motors that turn round at each end of a line; true: all but the slowest'),
  ...stepKeywords,
});

function definition(
  name: string,
  description: string,
  plan: typeof gridScan,
  kind: MoveKind,
): AppPlan<z.infer<typeof parameters>> {
  return {
    name,
    description,
    positional: ['detectors', '*args'],
    parameters,
    plan({ detectors, args, snake_axes, md }, devices) {
      const all = gridGroups(devices.plan, args, snake_axes !== null);
      const axes = all.map(({ group, snake }) => gridAxis(devices, group, snake));
      const moved = axes.map(({ axis }) => axis);
      const snakes = snake_axes === null ? undefined : snakesOf(devices, snake_axes, moved, 'axis');
      return bindStepScan(devices, md, {
        detectors: devices.readables(detectors, 'detectors'),
        places: placesOf(
          devices.plan,
          moved.map((axis, at) => [axis, all[at]?.group.place(0) ?? 'args']),
        ),
        kind,
        points: axes.reduce((product, { num }) => product * num, 1),
        build: (readables, options) =>
          plan(readables, axes, { ...options, ...(snakes === undefined ? {} : { snakeAxes: snakes }) }),
      });
    },
  };
}

function gridAxis(devices: DeviceLookup, group: Group, snake: boolean): GridAxis {
  const axis = devices.axis(group.name(0), group.place(0));
  return { axis, start: group.number(1), stop: group.number(2), num: group.count(3), snake };
}

/** The older form has a fifth value for each motor but the first: whether it turns round. The two forms do not mix. */
function gridGroups(
  plan: string,
  args: readonly unknown[],
  saysSnakes: boolean,
): { readonly group: Group; readonly snake: boolean }[] {
  const size = MEMBERS.length;
  const isOlder = args.length > 2 * size && typeof args[2 * size] === 'boolean';
  if (!isOlder) return groups(plan, args, MEMBERS).map((group) => ({ group, snake: false }));
  if (saysSnakes) {
    throw badParameter(plan, `args[${2 * size}]`, 'no booleans beside snake_axes', args[2 * size]);
  }
  const [first] = groups(plan, args.slice(0, size), MEMBERS);
  const others = groups(plan, args.slice(size), [...MEMBERS, 'snake']).map((_, index) => {
    const at = size + index * (size + 1);
    const snake = args[at + size];
    if (typeof snake !== 'boolean') throw badParameter(plan, `args[${at + size}]`, 'true or false', snake);
    return { group: new Group(plan, args.slice(at, at + size), at), snake };
  });
  return first ? [{ group: first, snake: false }, ...others] : others;
}

const MESH = 'Moves motors over a mesh, the first the slowest, and reads the detectors at each point';

/** Scans over a mesh. */
export function addGridScans(plans: PlanRegistry): void {
  plans.add(definition('grid_scan', `${MESH}.`, gridScan, 'absolute'));
  plans.add(
    definition(
      'rel_grid_scan',
      `${MESH}. Positions count from where the motors stand; they go back there.`,
      relGridScan,
      'relative',
    ),
  );
}
