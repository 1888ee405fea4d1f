import type { Movable } from 'redsun/sdk/device';
import { namePlan, type Plan } from 'redsun/sdk/engine';
import { absSet, configure, mv, relativeSetWrapper, relSet, sleep, stop } from 'redsun/sdk/plans';
import { z } from 'zod';
import { badParameter } from './describe-issue.ts';
import type { DeviceLookup } from './device-lookup.ts';
import { checkVisited, type MoveKind } from './limits.ts';
import { deviceName, groupsOf } from './parameters.ts';
import type { AppPlan } from './plan-definition.ts';
import type { PlanRegistry } from './plan-registry.ts';
import { cost, groups } from './step-scan.ts';

// Parts of plans that are of use alone: they make no run of their own, so no documents.

const group = z.union([z.string(), z.number()], 'a name').nullable().default(null).describe('Name for waiting');

const moveParameters = z.object({
  args: groupsOf('movable', ['device', 'value'], z.unknown(), 'device, value; again for further devices'),
  group,
  timeout: z
    .number('a number of s')
    .positive('more than 0 s')
    .nullable()
    .default(null)
    .meta({ description: 'Fails when the moves last longer; null: as long as it takes', units: 's' }),
});

function moveDefinition(name: string, description: string, kind: MoveKind): AppPlan<z.infer<typeof moveParameters>> {
  return {
    name,
    description,
    positional: ['*args'],
    parameters: moveParameters,
    plan({ args, group, timeout }, devices) {
      const { targets, places } = targetsOf(devices, args, kind);
      const build = () => {
        const moves = mv(targets, { ...(group === null ? {} : { group }), timeout });
        const moved = targets.map(([device]) => device);
        return namePlan(kind === 'absolute' ? moves : relativeSetWrapper(moves, moved), name);
      };
      return bound(devices, build, places, kind);
    },
  };
}

function targetsOf(devices: DeviceLookup, args: readonly unknown[], kind: MoveKind) {
  const places = new Map<object, string>();
  const targets = groups(devices.plan, args, ['device', 'value']).map((one): readonly [Movable & object, unknown] => {
    const device =
      kind === 'absolute' ? devices.movable(one.name(0), one.place(0)) : devices.axis(one.name(0), one.place(0));
    const before = places.get(device);
    if (before !== undefined)
      throw badParameter(devices.plan, one.place(0), `another device than in ${before}`, one.value(0));
    places.set(device, one.place(0));
    return [device, kind === 'absolute' ? one.value(1) : one.number(1)];
  });
  return { targets, places };
}

const setParameters = z.object({
  obj: deviceName('movable'),
  args: z.array(z.unknown()).length(1, 'one value').describe('The value'),
  group,
  wait: z.boolean('true or false').default(false).describe('Goes on when it is there'),
});

function setDefinition(name: string, description: string, kind: MoveKind): AppPlan<z.infer<typeof setParameters>> {
  return {
    name,
    description,
    positional: ['obj', '*args'],
    parameters: setParameters,
    plan({ obj, args: [value], group, wait }, devices) {
      const options = { group, wait };
      if (kind === 'absolute') {
        const device = devices.movable(obj, 'obj');
        const build = () => namePlan(absSet(device, value, options), name);
        return bound(devices, build, new Map([[device, 'args[0]']]), kind);
      }
      const axis = devices.axis(obj, 'obj');
      if (typeof value !== 'number') throw badParameter(devices.plan, 'args[0]', 'a number', value);
      return bound(devices, () => namePlan(relSet(axis, value, options), name), new Map([[axis, 'args[0]']]), kind);
    },
  };
}

function bound(devices: DeviceLookup, build: () => Plan, places: ReadonlyMap<object, string>, kind: MoveKind) {
  checkVisited(devices, build(), places, kind);
  return { plan: build(), ...cost([], null) };
}

const sleepParameters = z.object({
  time: z.number('a number of s').min(0, 'at least 0 s').meta({ description: 'How long', units: 's' }),
});
const sleepPlan: AppPlan<z.infer<typeof sleepParameters>> = {
  name: 'sleep',
  description: 'Waits.',
  positional: ['time'],
  parameters: sleepParameters,
  plan: ({ time }) => ({ plan: namePlan(sleep(time), 'sleep'), ...cost([], null, time) }),
};

const stopParameters = z.object({ obj: deviceName('stoppable') });
const stopPlan: AppPlan<z.infer<typeof stopParameters>> = {
  name: 'stop',
  description: 'Stops a device.',
  positional: ['obj'],
  parameters: stopParameters,
  plan: ({ obj }, devices) => ({
    plan: namePlan(stop(devices.stoppable(obj, 'obj')), 'stop'),
    ...cost([], null),
  }),
};

const configureParameters = z.object({
  obj: deviceName('configurable'),
  args: z
    .array(z.record(z.string(), z.unknown(), 'an object of settings'))
    .length(1, 'one object of settings')
    .describe('Settings by name'),
});
const configurePlan: AppPlan<z.infer<typeof configureParameters>> = {
  name: 'configure',
  description: 'Changes settings of a device.',
  positional: ['obj', '*args'],
  parameters: configureParameters,
  plan: ({ obj, args: [settings = {}] }, devices) => ({
    plan: namePlan(configure(devices.configurable(obj, 'obj'), settings), 'configure'),
    ...cost([], null),
  }),
};

const MV = 'Sets one or more devices and waits for all of them.';
const MVR = 'Moves one or more motors from where they stand and waits for all of them.';

/** Stubs that make sense as items of their own. */
export function addStubPlans(plans: PlanRegistry): void {
  plans.add(moveDefinition('mv', MV, 'absolute'));
  plans.add(moveDefinition('mov', `${MV} The same as mv.`, 'absolute'));
  plans.add(moveDefinition('mvr', MVR, 'relative'));
  plans.add(moveDefinition('movr', `${MVR} The same as mvr.`, 'relative'));
  plans.add(setDefinition('abs_set', 'Sets a device; waits only if it is told to.', 'absolute'));
  plans.add(setDefinition('rel_set', 'Moves a motor from where it stands; waits only if it is told to.', 'relative'));
  plans.add(sleepPlan);
  plans.add(stopPlan);
  plans.add(configurePlan);
}
