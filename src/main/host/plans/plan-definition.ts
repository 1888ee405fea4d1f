import type { Camera } from 'redsun/sdk/device';
import type { MadePlan, PlanDefinition, PlanSession } from 'redsun/sdk/plans';
import type { DeviceLookup } from './device-lookup.ts';

/** A plan of the app: as one of a bundle, and with what only the app's own lookup knows, such as where items before it leave devices. */
export interface AppPlan<Parameters = unknown> extends Omit<PlanDefinition<Parameters>, 'plan'> {
  plan(parameters: Parameters, devices: DeviceLookup, session: PlanSession): MadePlan;
}

/** A plan that was made of an item, with what is known of it, or that nobody knows it. */
export interface BoundPlan extends MadePlan {
  readonly cameras: readonly Camera[];
  /** Exposures to come; null: unknown. */
  readonly frames: number | null;
  readonly seconds: NonNullable<MadePlan['seconds']>;
  readonly advice: NonNullable<MadePlan['advice']>;
  /** Metadata of the item: in the start documents it comes before what the plan says. Absent: none. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}
