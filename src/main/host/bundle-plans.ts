import type { PlanDefinition } from 'redsun/sdk/plans';
import { asError, RedsunError } from 'redsun/sdk/util';
import type { Bundle } from '../plugins/load-bundle.ts';
import type { LoggerFor } from './logging.ts';
import type { PlanRegistry } from './plans/plan-registry.ts';

/** Plans of all bundles. One that is none, or has the name of another, is logged and left out; the session goes on. */
export function addBundlePlans(plans: PlanRegistry, bundles: ReadonlyMap<string, Bundle>, loggerFor: LoggerFor): void {
  for (const bundle of bundles.values()) {
    for (const [id, place] of Object.entries(bundle.manifest.plans)) {
      try {
        addOne(plans, `${bundle.manifest.name}:${id}`, bundle.part(place));
      } catch (thrown) {
        loggerFor('plugins').error(`Failed: ${asError(thrown).message}`);
      }
    }
  }
}

function addOne(plans: PlanRegistry, origin: string, part: unknown): void {
  if (!isBundlePlan(part)) {
    throw new RedsunError('plan/protocol', `${origin} is no plan: it lacks name, description, parameters or plan`);
  }
  if (plans.has(part.name)) {
    throw new RedsunError('plan/name-taken', `${origin}: there is a plan "${part.name}" already`);
  }
  plans.add(part);
}

/** By its shape. */
export function isBundlePlan(part: unknown): part is PlanDefinition {
  if (typeof part !== 'object' || part === null) return false;
  const { name, description, parameters, plan } = part as Partial<PlanDefinition>;
  return (
    typeof name === 'string' &&
    typeof description === 'string' &&
    typeof parameters === 'object' &&
    '~standard' in parameters &&
    typeof plan === 'function'
  );
}
