import {
  type Camera,
  isAxis,
  isCamera,
  isMovable,
  isReadable,
  isXYStage,
  type PDevice,
  type Readable,
} from 'redsun/sdk/device';
import type { Plan } from 'redsun/sdk/engine';
import type { ScanAxis } from 'redsun/sdk/plans';
import {
  issuePath,
  type JsonSchema,
  jsonSchemaOf,
  nearMissHint,
  RedsunError,
  type Schema,
  validateNow,
} from 'redsun/sdk/util';
import type { PlanItem } from '../../../shared/channels/acquisition.ts';

/** A plan as scripts, forms and queue clients know it: a name, parameters as a schema, and how it is made of them. */
export interface PlanDefinition<Parameters = unknown> {
  readonly name: string;
  readonly description: string;
  /** Names of positional arguments; `*args` takes all that are left. */
  readonly positional: readonly string[];
  readonly parameters: Schema<Parameters>;
  /** Makes the plan; everything about the parameters that can be wrong is thrown here, before anything moves. */
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
}

export class PlanRegistry {
  readonly #plans = new Map<string, PlanDefinition<never>>();

  add<Parameters>(definition: PlanDefinition<Parameters>): void {
    this.#plans.set(definition.name, definition as unknown as PlanDefinition<never>);
  }

  list(): { name: string; description: string; parameters: JsonSchema }[] {
    return [...this.#plans.values()].map(({ name, description, parameters }) => ({
      name,
      description,
      parameters: jsonSchemaOf(parameters),
    }));
  }

  /**
   * Checks an item and makes its plan; nothing has moved.
   * @throws RedsunError `plan/unknown`, `plan/bad-parameter`, `plan/unknown-device`, `plan/wrong-device` with place and near miss.
   */
  bind(item: PlanItem, devices: ReadonlyMap<string, PDevice>): BoundPlan {
    const definition = this.#plans.get(item.name);
    if (!definition) {
      throw new RedsunError('plan/unknown', `No plan "${item.name}".${nearMissHint(item.name, this.#plans.keys())}`);
    }
    const named = nameArguments(definition, item);
    const known = Object.keys(jsonSchemaOf(definition.parameters).properties ?? {});
    for (const key of Object.keys(named)) {
      if (known.includes(key)) continue;
      throw new RedsunError(
        'plan/bad-parameter',
        `${item.name}: no parameter "${key}", expected one of ${known.join(', ')}.${nearMissHint(key, known)}`,
      );
    }
    const result = validateNow<never>(definition.parameters, named);
    if (result.issues) {
      const problems = result.issues.map((issue) => `${issuePath(issue).join('.')}: ${issue.message}`);
      throw new RedsunError('plan/bad-parameter', `${item.name}: ${problems.join('; ')}`);
    }
    return definition.bind(result.value, new DeviceLookup(item.name, devices), item.meta);
  }
}

function nameArguments(definition: PlanDefinition<never>, item: PlanItem): Record<string, unknown> {
  const named: Record<string, unknown> = { ...item.kwargs };
  const { positional } = definition;
  const rest = positional[positional.length - 1] === '*args';
  const singles = rest ? positional.length - 1 : positional.length;
  if (!rest && item.args.length > positional.length) {
    throw new RedsunError(
      'plan/bad-parameter',
      `${item.name}: takes ${positional.length} arguments (${positional.join(', ')}), got ${item.args.length}`,
    );
  }
  for (const [index, value] of item.args.slice(0, singles).entries()) {
    const name = positional[index] ?? '';
    if (name in named) throw new RedsunError('plan/bad-parameter', `${item.name}: "${name}" is given twice`);
    named[name] = value;
  }
  if (rest && item.args.length > singles) named.args = item.args.slice(singles);
  return named;
}

/** Finds devices by name for one plan and says what is wrong with a name. `xy.x` and `xy-x` are the same axis. */
export class DeviceLookup {
  readonly #plan: string;
  readonly #devices: ReadonlyMap<string, PDevice>;

  constructor(plan: string, devices: ReadonlyMap<string, PDevice>) {
    this.#plan = plan;
    this.#devices = devices;
  }

  get all(): PDevice[] {
    return [...this.#devices.values()];
  }

  readables(names: readonly string[], place: string): Readable[] {
    return names.map((name, index) => this.#get(name, `${place}[${index}]`, isReadable, 'a device that can be read'));
  }

  axis(name: string, place: string): ScanAxis {
    const is = (device: unknown): device is ScanAxis => isMovable(device) && isReadable(device) && isAxis(device);
    return this.#get(name, place, is, 'an axis');
  }

  cameras(names: readonly string[], place: string): Camera[] {
    return names.map((name, index) => this.#get(name, `${place}[${index}]`, isCamera, 'a camera'));
  }

  #get<T>(name: string, place: string, is: (device: unknown) => device is T, what: string): T {
    const device = this.#devices.get(name) ?? this.#devices.get(name.replace('.', '-'));
    if (!device) {
      const fitting = this.all.filter((candidate) => is(candidate)).map((candidate) => candidate.name);
      const hint = nearMissHint(name, this.#devices.keys()) || ` There are: ${fitting.join(', ')}.`;
      throw new RedsunError('plan/unknown-device', `${this.#plan}: ${place}: no device "${name}".${hint}`);
    }
    if (is(device)) return device;
    const axes = isXYStage(device) ? ` Its axes are ${device.x.name} and ${device.y.name}.` : '';
    throw new RedsunError(
      'plan/wrong-device',
      `${this.#plan}: ${place}: expected ${what}, and "${name}" is none.${axes}`,
    );
  }
}
