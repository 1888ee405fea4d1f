import type { Configurable, Flyable, Movable, Readable, Stoppable } from '../device/protocols.ts';
import type { Axis, Camera, Light, NumberRange, XYStage } from '../device/roles.ts';
import type { Plan } from '../engine/msg.ts';
import type { Logger } from '../log/logger.ts';
import type { FrameLayout } from '../storage/layout.ts';
import type { Schema } from '../util/schema.ts';
import type { ScanAxis } from './acquire.ts';
import type { ChannelPlans } from './mda/context.ts';

/**
 * The devices of the session, for a plan that knows them by name. Each question names the parameter that the name stands in, and refuses
 * with `plan/unknown-device` or `plan/wrong-device`, the plan, that parameter and what was expected. `stage.x` is a part of a device.
 */
export interface PlanDevices {
  /** Name of the plan, for messages. */
  readonly plan: string;
  /** Devices that can be read. @param place - the parameter: `detectors`. */
  readables(names: readonly string[], place: string): Readable[];
  /** Something that steps along numbers. @param place - the parameter: `motor`. */
  axis(name: string, place: string): ScanAxis;
  /** Something that can be set to a value of its own kind. @param place - the parameter. */
  movable(name: string, place: string): Movable & NamedDevice;
  /** Something that steps along values of any kind. @param place - the parameter. */
  settable(name: string, place: string): ScanAxis;
  /** Something that can be stopped. @param place - the parameter. */
  stoppable(name: string, place: string): Stoppable & NamedDevice;
  /** Something that can be configured. @param place - the parameter. */
  configurable(name: string, place: string): Configurable & NamedDevice;
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

/** What the session has for a plan beside the devices that it is given by name. */
export interface PlanSession {
  /** Channels of the light path, by name, as plans that set and light them. */
  readonly channels: ReadonlyMap<string, ChannelPlans>;
  /** Cameras that work, in the order of the session. */
  readonly cameras: readonly Camera[];
  /** Lights that work. */
  readonly lights: readonly Light[];
  /** The stage that moves the sample; null: there is none. */
  readonly xy: XYStage | null;
  /** The axis that focuses; null: there is none. */
  readonly focus: Axis | null;
  /** Time of plans, s, monotonic: it stands still while a run is paused. */
  readonly nowS: () => number;
  /** Says something to the operator. */
  readonly logger: Logger;
  /** Metadata of the item. The engine puts it into the start documents by itself. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** How the times of a run were kept, known at its end. */
export interface ScheduleKept {
  /** Time points that began, at each place that has times of its own. */
  readonly timePoints: number;
  /** Of those, late by more than they are stamped. */
  readonly late: number;
  /** Not begun at all, as the next one was due already. */
  readonly leftOut: number;
  /** s */
  readonly latestS: number;
  /** Mean of what was asked for, s, between time points that follow each other. */
  readonly askedIntervalS: number;
  /** Mean of what happened, s. */
  readonly intervalS: number;
}

/** What an operator should know of a plan before it runs. */
export interface PlanAdvice {
  /** Of the form: `channels.0.exposure`, or empty. */
  readonly field: string;
  /** A sentence. */
  readonly message: string;
}

/** Watches how the times of a plan are kept. */
export interface PlanSchedule {
  /** At the end; null: it had none. */
  readonly kept: ScheduleKept | null;
}

/** A plan with what is known of it before it runs. What is left out nobody knows, and it runs all the same. */
export interface MadePlan {
  /** May open several runs, or none: a sweep that only measures keeps no store. */
  readonly plan: Plan;
  /** Whose frames are stored. Absent: the cameras among the devices that were asked for. */
  readonly cameras?: readonly Camera[];
  /** Exposures to come; null or absent: unknown. */
  readonly frames?: number | null;
  /** Seconds, without overheads that only the hardware knows. */
  readonly seconds?: NumberRange;
  /** What an operator should know, by the field of the form that it is about. */
  readonly advice?: readonly PlanAdvice[];
  /** How the frames lie in the store; absent: one after the other along t. */
  readonly layout?: FrameLayout;
  /** Tells afterwards how its times were kept. Absent: it has none. */
  readonly schedule?: PlanSchedule;
  /**
   * What is still to be checked, a slice at each step: throws what is wrong. Absent: nothing. A plan of a million points takes seconds,
   * and STOP must not wait for them.
   */
  readonly checks?: () => Generator<void, void, void>;
}

/**
 * A plan as scripts, forms and queue clients know it, of the app or of a bundle: what an item names, and how it is made.
 * @typeParam Parameters - as its schema lets them through
 */
export interface PlanDefinition<Parameters = unknown> {
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
  plan(parameters: Parameters, devices: PlanDevices, session: PlanSession): Plan | MadePlan;
}

/** Types a plan by the schema of its parameters. @returns the same definition. */
export function definePlan<Parameters>(definition: PlanDefinition<Parameters>): PlanDefinition<Parameters> {
  return definition;
}
