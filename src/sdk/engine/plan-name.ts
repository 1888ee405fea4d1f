import type { Plan } from './msg.ts';
import { counted } from './plan-ledger.ts';

const NAME = Symbol.for('redsun.plan-name');

/** Names a plan: `plan_name` of its runs, unless the plan or the call says otherwise. @returns the plan. */
export function namePlan<P extends Plan<unknown>>(plan: P, name: string): P {
  return Object.assign(counted(plan, name), { [NAME]: name });
}

/** What `namePlan` said; empty for a plan without a name. */
export function planName(plan: object): string {
  return NAME in plan ? String(plan[NAME]) : '';
}
