import { type AxisPositions, listGridScan, listScan, relListGridScan, relListScan } from 'redsun/sdk/plans';
import { RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import type { DeviceLookup } from './device-lookup.ts';
import type { MoveKind } from './limits.ts';
import { detectors, groupsOf, stepKeywords } from './parameters.ts';
import type { AppPlan } from './plan-definition.ts';
import type { PlanRegistry } from './plan-registry.ts';
import { snakeAxes, snakesOf } from './snake-axes.ts';
import { bindStepScan, groups, placesOf } from './step-scan.ts';

const MEMBERS = ['motor', 'positions'];
const args = groupsOf('settable', MEMBERS, z.array(z.unknown()), 'motor, list of positions; again for further motors');

const listParameters = z.object({ detectors, args, ...stepKeywords });

function listDefinition(
  name: string,
  description: string,
  plan: typeof listScan,
  kind: MoveKind,
): AppPlan<z.infer<typeof listParameters>> {
  return {
    name,
    description,
    positional: ['detectors', '*args'],
    parameters: listParameters,
    plan({ detectors, args, md }, devices) {
      const { axes, places } = positionsOf(devices, args);
      const lengths = axes.map(({ positions }) => positions.length);
      if (lengths.some((length) => length !== lengths[0])) {
        const told = axes.map(({ axis, positions }) => `${axis.name}: ${positions.length}`).join(', ');
        throw new RedsunError(
          'plan/bad-parameter',
          `${devices.plan}: args: expected lists of the same length, got ${told}`,
        );
      }
      return bindStepScan(devices, md, {
        detectors: devices.readables(detectors, 'detectors'),
        places,
        kind,
        points: lengths[0] ?? 0,
        build: (readables, options) => plan(readables, axes, options),
      });
    },
  };
}

const gridParameters = z.object({
  detectors,
  args,
  snake_axes: snakeAxes.default(false),
  ...stepKeywords,
});

function listGridDefinition(
  name: string,
  description: string,
  plan: typeof listGridScan,
  kind: MoveKind,
): AppPlan<z.infer<typeof gridParameters>> {
  return {
    name,
    description,
    positional: ['detectors', '*args'],
    parameters: gridParameters,
    plan({ detectors, args, snake_axes, md }, devices) {
      const { axes, places } = positionsOf(devices, args);
      const snakes = snakesOf(
        devices,
        snake_axes,
        axes.map(({ axis }) => axis),
        'settable',
      );
      return bindStepScan(devices, md, {
        detectors: devices.readables(detectors, 'detectors'),
        places,
        kind,
        points: axes.reduce((product, { positions }) => product * positions.length, 1),
        build: (readables, options) => plan(readables, axes, { ...options, snakeAxes: snakes }),
      });
    },
  };
}

function positionsOf(devices: DeviceLookup, args: readonly unknown[]) {
  const all = groups(devices.plan, args, MEMBERS);
  const axes = all.map((group): AxisPositions => {
    return { axis: devices.settable(group.name(0), group.place(0)), positions: group.list(1) };
  });
  return {
    axes,
    places: placesOf(
      devices.plan,
      axes.map(({ axis }, at) => [axis, all[at]?.place(0) ?? 'args']),
    ),
  };
}

const LIST = 'Moves one or more motors together along lists of positions and reads the detectors at each of them';
const MESH =
  'Moves motors over a mesh of listed positions, the first the slowest, and reads the detectors at each point';
const FROM_HERE = 'Positions count from where the motors stand; they go back there at the end.';

/** Scans along lists of positions. */
export function addListScans(plans: PlanRegistry): void {
  plans.add(listDefinition('list_scan', `${LIST}.`, listScan, 'absolute'));
  plans.add(listDefinition('rel_list_scan', `${LIST}. ${FROM_HERE}`, relListScan, 'relative'));
  plans.add(listGridDefinition('list_grid_scan', `${MESH}.`, listGridScan, 'absolute'));
  plans.add(listGridDefinition('rel_list_grid_scan', `${MESH}. ${FROM_HERE}`, relListGridScan, 'relative'));
}
