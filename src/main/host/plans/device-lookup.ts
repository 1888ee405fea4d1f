import {
  type Camera,
  type Configurable,
  type Flyable,
  isReadable,
  isXYStage,
  type Movable,
  type PDevice,
  type Readable,
  type Stoppable,
} from 'redsun/sdk/device';
import type { NamedDevice, PlanDevices, ScanAxis } from 'redsun/sdk/plans';
import { nearMissHint, RedsunError, shortened } from 'redsun/sdk/util';
import { roleProblem } from '../role-problem.ts';
import { DEVICE_KINDS, type DeviceKind, isOfKind } from './device-kinds.ts';

/** Where devices will stand when a plan begins that others come before; null: nobody can say. Devices that are not in it stay where they are. */
export type Foreseen = Map<object, number | null>;

/** Devices of the session that are not there, and why, in words. */
export type AbsentDevices = () => ReadonlyMap<string, string>;

export const NONE_ABSENT: AbsentDevices = () => new Map();

/** Finds devices by name for one plan and says what is wrong with a name. `xy.x` and `xy-x` are the same axis. */
export class DeviceLookup implements PlanDevices {
  /** Name of the plan, for messages. */
  readonly plan: string;
  /** Told by the plans before, and by this one to those after it. */
  readonly foreseen: Foreseen;
  readonly #devices: ReadonlyMap<string, PDevice>;
  readonly #absent: AbsentDevices;
  readonly #used = new Set<object>();

  constructor(
    plan: string,
    devices: ReadonlyMap<string, PDevice>,
    foreseen: Foreseen = new Map(),
    absent: AbsentDevices = NONE_ABSENT,
  ) {
    this.#absent = absent;
    this.plan = plan;
    this.foreseen = foreseen;
    this.#devices = devices;
  }

  /** What was asked for and found. */
  get used(): ReadonlySet<object> {
    return this.#used;
  }

  get all(): PDevice[] {
    return [...this.#devices.values()];
  }

  readables(names: readonly string[], place: string): Readable[] {
    return names.map((name, index) => this.#get<Readable>('readable', name, `${place}[${index}]`));
  }

  /** Something that steps along numbers. */
  axis(name: string, place: string): ScanAxis {
    return this.#get('axis', name, place);
  }

  /** Something that steps along values of any kind. */
  settable(name: string, place: string): ScanAxis {
    return this.#get('settable', name, place);
  }

  movable(name: string, place: string): Movable & NamedDevice {
    return this.#get('movable', name, place);
  }

  flyers(names: readonly string[], place: string): (Flyable & object)[] {
    return names.map((name, index) => this.#get<Flyable & object>('flyer', name, `${place}[${index}]`));
  }

  cameras(names: readonly string[], place: string): Camera[] {
    return names.map((name, index) => this.#get<Camera>('camera', name, `${place}[${index}]`));
  }

  stoppable(name: string, place: string): Stoppable & NamedDevice {
    return this.#get('stoppable', name, place);
  }

  configurable(name: string, place: string): Configurable & NamedDevice {
    return this.#get('configurable', name, place);
  }

  /** @param T - what `kind` stands for. */
  #get<T>(kind: DeviceKind, name: string, place: string): T {
    const device = this.#find(name);
    if (!device) {
      const absent = this.#absent();
      const why = absent.get(name) ?? absent.get(name.split('.')[0] ?? '');
      if (why !== undefined) {
        const message = `${this.plan}: ${place}: the device "${shortened(name)}" is not there, it failed: ${why}`;
        throw new RedsunError('plan/unknown-device', message);
      }
      const fitting = this.all.filter((candidate) => isOfKind(kind, candidate)).map((candidate) => candidate.name);
      const hint = nearMissHint(name, this.#devices.keys()) || ` There are: ${fitting.join(', ')}.`;
      throw new RedsunError('plan/unknown-device', `${this.plan}: ${place}: no device "${shortened(name)}".${hint}`);
    }
    if (isOfKind(kind, device)) {
      this.#used.add(device);
      return device as T;
    }
    const problem = roleProblem(device);
    const claim = problem === null ? '' : ` ${problem[0]?.toUpperCase()}${problem.slice(1)}.`;
    const axes = isXYStage(device) ? ` Its axes are ${device.x.name} and ${device.y.name}.` : '';
    throw new RedsunError(
      'plan/wrong-device',
      `${this.plan}: ${place}: expected ${DEVICE_KINDS[kind]}, and "${name}" is none.${axes}${claim}`,
    );
  }

  #find(name: string): object | null {
    const device = this.#devices.get(name) ?? this.#devices.get(name.replaceAll('.', '-'));
    if (device) return device;
    const [first = '', ...parts] = name.split('.');
    let found: unknown = this.#devices.get(first);
    for (const part of parts) found = partOf(found, part);
    return typeof found === 'object' && found !== null && parts.length > 0 ? found : null;
  }
}

/** A part that is a device itself, not a setting of one. */
function partOf(device: unknown, part: string): unknown {
  if (typeof device !== 'object' || device === null || !(part in device)) return null;
  const found: unknown = Reflect.get(device, part);
  return isReadable(found) && 'name' in found ? found : null;
}
