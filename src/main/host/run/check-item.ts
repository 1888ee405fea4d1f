import { setImmediate } from 'node:timers/promises';
import type { PlanItem } from '../../../shared/channels/acquisition.ts';
import type { BoundPlan, Foreseen, GivingWay } from '../plans/plan-registry.ts';
import type { RunServices } from './run-services.ts';

export type CheckServices = Pick<RunServices, 'plans' | 'clock' | 'roster' | 'latch'>;

/** Checks an item without starting it. @param foreseen - where items before it will leave devices. @throws what is wrong with it */
export function checkItem(
  { plans, roster }: Pick<CheckServices, 'plans' | 'roster'>,
  item: PlanItem,
  foreseen: Foreseen = new Map(),
): BoundPlan {
  return plans.bind(item, roster.devices, foreseen);
}

/** The same in slices: STOP is answered while a large one is looked through. @throws the signal's reason when it aborts; what is wrong with it */
export async function checkGivingWay(
  item: PlanItem,
  { plans, clock, roster }: CheckServices,
  options: Pick<GivingWay, 'signal' | 'foreseen'> = {},
): Promise<BoundPlan> {
  return plans.bindGivingWay(item, roster.devices, { ...options, clock, giveWay: () => setImmediate() });
}

/** For a run that is about to start: a STOP that comes meanwhile counts, also when it is re-armed at once. */
export async function checkUnlessStopped(
  item: PlanItem,
  { plans, clock, roster, latch }: CheckServices,
): Promise<BoundPlan> {
  const giveWay = async () => {
    await setImmediate();
    latch.check(`Run ${item.name}`);
  };
  return plans.bindGivingWay(item, roster.devices, { clock, giveWay });
}
