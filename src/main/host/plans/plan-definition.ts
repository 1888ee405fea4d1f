import type { Camera } from 'redsun/sdk/device';
import type { Plan } from 'redsun/sdk/engine';
import type { FrameLayout } from 'redsun/sdk/storage';
import type { Schema } from 'redsun/sdk/util';
import type { DeviceLookup } from './device-lookup.ts';
import type { ScheduleRecord } from './schedule-record.ts';

/** A plan as scripts, forms and queue clients know it: a name, parameters as a schema, and how it is made of them. */
export interface PlanDefinition<Parameters = unknown> {
  readonly name: string;
  readonly description: string;
  /** Names of positional arguments; `*args` takes all that are left. Every one but `*args` may be given by name as well. */
  readonly positional: readonly string[];
  /** Strings that name devices say of which kind in their JSON Schema: see `deviceName`. */
  readonly parameters: Schema<Parameters>;
  /**
   * Makes the plan; everything about the parameters that can be wrong is thrown here, before anything moves.
   * @param metadata - of the item. The engine puts it into the start documents by itself.
   */
  readonly bind: (parameters: Parameters, devices: DeviceLookup, metadata: Record<string, unknown>) => BoundPlan;
}

export interface BoundPlan {
  readonly plan: Plan;
  readonly cameras: readonly Camera[];
  /** Exposures to come; null: unknown. */
  readonly frames: number | null;
  /** Seconds, without overheads that only the hardware knows. */
  readonly seconds: { readonly low: number; readonly high: number };
  readonly advice: readonly { readonly field: string; readonly message: string }[];
  /** How the frames lie in the store; absent: one after the other along t. */
  readonly layout?: FrameLayout;
  /** Tells afterwards how its times were kept. Absent: it has none. */
  readonly schedule?: Pick<ScheduleRecord, 'kept'>;
  /** Metadata of the item: in the start documents it comes before what the plan says. Absent: none. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /**
   * What is still to be checked, a slice at each step: throws what is wrong. Absent: nothing. A plan of a million points takes seconds,
   * and STOP must not wait for them.
   */
  readonly checks?: () => Generator<void, void, void>;
}
