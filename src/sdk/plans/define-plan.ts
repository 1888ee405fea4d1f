import type { Flyable, Movable, Readable } from '../device/protocols.ts';
import type { Camera } from '../device/roles.ts';
import type { Plan } from '../engine/msg.ts';
import type { Schema } from '../util/schema.ts';
import type { ScanAxis } from './acquire.ts';

/**
 * The devices of the session, for a plan that knows them by name. Each question names the parameter that the name stands in, and refuses
 * with `plan/unknown-device` or `plan/wrong-device`, the plan, that parameter and what was expected. `stage.x` is a part of a device.
 */
export interface PlanDevices {
  /** Devices that can be read. @param place - the parameter: `detectors`. */
  readables(names: readonly string[], place: string): Readable[];
  /** Something that steps along numbers. @param place - the parameter: `motor`. */
  axis(name: string, place: string): ScanAxis;
  /** Something that can be set to a value of its own kind. @param place - the parameter. */
  movable(name: string, place: string): Movable & NamedDevice;
  /** Devices that fly and name their streams themselves. @param place - the parameter: `flyers`. */
  flyers(names: readonly string[], place: string): (Flyable & object)[];
  /** Cameras. @param place - the parameter: `cameras`. */
  cameras(names: readonly string[], place: string): Camera[];
}

/** A device with a name. */
export interface NamedDevice {
  /** Unique in the session. */
  readonly name: string;
}

/** A plan that a bundle brings: what an item names, and how it is made. @typeParam Parameters - as its schema lets them through */
export interface BundlePlan<Parameters = unknown> {
  /** What items call it, in small letters with `_`. It may not be the name of another plan. */
  readonly name: string;
  /** One sentence for lists of plans. */
  readonly description: string;
  /** Parameters that may be given by position, in order; a last `*args` takes all that are left. Default: none. */
  readonly positional?: readonly string[];
  /**
   * An object of parameters. A string that names a device says of which kind in its JSON Schema, `{device: 'axis'}`, so that forms offer
   * those of the session: readable, axis, settable, movable, flyer, camera, stoppable, configurable.
   */
  readonly parameters: Schema<Parameters>;
  /** Makes the plan. Whatever is wrong with the parameters is thrown here, before anything moves. */
  plan(parameters: Parameters, devices: PlanDevices): Plan;
}

/** Types a plan that a bundle exports by the schema of its parameters. @returns the same definition. */
export function definePlan<Parameters>(definition: BundlePlan<Parameters>): BundlePlan<Parameters> {
  return definition;
}
