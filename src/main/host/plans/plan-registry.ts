import { isCamera, type PDevice } from 'redsun/sdk/device';
import { namePlan } from 'redsun/sdk/engine';
import type { MadePlan, PlanDefinition, PlanSession } from 'redsun/sdk/plans';
import {
  type Clock,
  type JsonSchema,
  jsonSchemaOf,
  nearMissHint,
  RedsunError,
  shortened,
  validateNow,
} from 'redsun/sdk/util';
import type { PlanItem } from '../../../shared/channels/acquisition.ts';
import { nameArguments } from './bind-arguments.ts';
import { describeIssue, shown } from './describe-issue.ts';
import { withDeviceChoices } from './device-choices.ts';
import { type AbsentDevices, DeviceLookup, type Foreseen, NONE_ABSENT } from './device-lookup.ts';
import { checkSize } from './item-size.ts';
import type { AppPlan, BoundPlan } from './plan-definition.ts';

export type { AbsentDevices, AppPlan, BoundPlan, Foreseen };

/** A plan as forms and queue clients read it. */
export interface PlanDescription {
  readonly name: string;
  readonly description: string;
  /** Names of positional arguments, in order; `*args` takes all that are left. */
  readonly positional: string[];
  readonly parameters: JsonSchema;
}

/** How the check of a large plan lets others have their turn. */
export interface GivingWay {
  readonly giveWay: () => Promise<void>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly signal?: AbortSignal;
  /** Where items before this one will leave devices. */
  readonly foreseen?: Foreseen;
}

/** Longest stretch of checking, ms. */
const STRETCH_MS = 4;
/** Mistakes that are told of one item. */
const SHOWN_ISSUES = 20;

/** What plans say that want a device of some kind, whichever. */
const LACKS_A_DEVICE: ReadonlySet<string> = new Set([
  'plan/no-camera',
  'plan/no-stage',
  'plan/no-focus',
  'plan/no-field-of-view',
]);

/** What the session has for the plan of an item. */
export type SessionOf = (devices: ReadonlyMap<string, PDevice>, item: PlanItem) => PlanSession;

/** The plans that an item may name. */
export class PlanRegistry {
  readonly #plans = new Map<string, PlanDefinition<never>>();
  readonly #session: SessionOf;
  readonly #absent: AbsentDevices;

  /** @param absent - for items that want a device which failed. */
  constructor(session: SessionOf, absent: AbsentDevices = NONE_ABSENT) {
    this.#session = session;
    this.#absent = absent;
  }

  /** Of the app or of a bundle. */
  add<Parameters>(definition: PlanDefinition<Parameters> | AppPlan<Parameters>): void {
    this.#plans.set(definition.name, definition as unknown as PlanDefinition<never>);
  }

  has(name: string): boolean {
    return this.#plans.has(name);
  }

  /** Another name for a plan that is there. @throws RedsunError `plan/unknown` */
  addAlias(alias: string, name: string): void {
    const definition = this.#definition(name);
    this.add({ ...definition, name: alias, description: `${definition.description} An older name of ${name}.` });
  }

  /** @param devices - of the session: the fitting ones become choices of parameters that name devices. */
  list(devices: ReadonlyMap<string, PDevice> | null = null): PlanDescription[] {
    return [...this.#plans.values()].map(({ name, description, positional = [], parameters }) => {
      const schema = jsonSchemaOf(parameters);
      return {
        name,
        description,
        positional: [...positional],
        parameters: devices ? withDeviceChoices(schema, [...devices.values()]) : schema,
      };
    });
  }

  /**
   * Checks an item and makes its plan; nothing has moved.
   * @param foreseen - where items before this one will leave devices; this one's moves are added.
   * @throws RedsunError `plan/unknown`, `plan/bad-parameter`, `plan/unknown-device`, `plan/wrong-device`, `plan/limit`, `plan/too-long`
   * with the plan, the parameter, what it was and what it should have been.
   */
  bind(item: PlanItem, devices: ReadonlyMap<string, PDevice>, foreseen: Foreseen = new Map()): BoundPlan {
    const bound = this.prepare(item, devices, foreseen);
    for (const _slice of bound.checks?.() ?? []);
    return bound;
  }

  /** As `bind`, in slices of a few ms. @throws as `bind`; the signal's reason when it aborts. */
  async bindGivingWay(
    item: PlanItem,
    devices: ReadonlyMap<string, PDevice>,
    { giveWay, clock, signal, foreseen }: GivingWay,
  ): Promise<BoundPlan> {
    const bound = this.prepare(item, devices, foreseen);
    let lookedMs = clock.monotonicMs();
    for (const _slice of bound.checks?.() ?? []) {
      if (clock.monotonicMs() - lookedMs < STRETCH_MS) continue;
      await giveWay();
      signal?.throwIfAborted();
      lookedMs = clock.monotonicMs();
    }
    return bound;
  }

  /** As `bind`, but for `checks`, which are left to the caller. @throws as `bind` */
  prepare(item: PlanItem, devices: ReadonlyMap<string, PDevice>, foreseen: Foreseen = new Map()): BoundPlan {
    const definition = this.#definition(item.name);
    checkSize(item);
    const named = nameArguments(definition, item);
    const known = Object.keys(jsonSchemaOf(definition.parameters).properties ?? {});
    for (const [key, value] of Object.entries(named)) {
      if (known.includes(key)) continue;
      throw new RedsunError(
        'plan/bad-parameter',
        `${item.name}: no parameter "${shortened(key)}" (got ${shown(value)}), expected one of ${known.join(', ')}.${nearMissHint(key, known)}`,
      );
    }
    const result = validateNow<never>(definition.parameters, named);
    if (result.issues) {
      const problems = result.issues.slice(0, SHOWN_ISSUES).map((issue) => describeIssue(issue, named));
      const left = result.issues.length - problems.length;
      if (left > 0) problems.push(`and ${left} more`);
      throw new RedsunError('plan/bad-parameter', `${item.name}: ${problems.join('; ')}`);
    }
    const lookup = new DeviceLookup(item.name, devices, foreseen, this.#absent);
    const session = this.#session(devices, item);
    const made = this.#explained(() => definition.plan(result.value, lookup, session));
    return { ...completed('plan' in made ? made : { plan: namePlan(made, item.name) }, lookup), metadata: item.meta };
  }

  /** A plan that finds no camera says so; which failed, and why, is what the operator needs. */
  #explained<Made>(make: () => Made): Made {
    try {
      return make();
    } catch (thrown) {
      const absent = [...this.#absent()].map(([name, why]) => `${name} (${why})`);
      if (!(thrown instanceof RedsunError) || !LACKS_A_DEVICE.has(thrown.code) || absent.length === 0) throw thrown;
      throw new RedsunError(thrown.code, `${thrown.message}. Not there: ${absent.join(', ')}`, { cause: thrown });
    }
  }

  #definition(name: string): PlanDefinition<never> {
    const definition = this.#plans.get(name);
    if (definition) return definition;
    throw new RedsunError('plan/unknown', `No plan "${shortened(name)}".${nearMissHint(name, this.#plans.keys())}`);
  }
}

/** What a plan does not say of itself: its cameras are those among the devices that it asked for, and nobody knows how long it takes. */
function completed(made: MadePlan, lookup: DeviceLookup): Omit<BoundPlan, 'metadata'> {
  return {
    cameras: [...lookup.used].filter(isCamera),
    frames: null,
    seconds: { low: 0, high: 0 },
    advice: [],
    ...made,
  };
}
