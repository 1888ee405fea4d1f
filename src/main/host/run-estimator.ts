import { setImmediate } from 'node:timers/promises';
import { estimate, type PlanEstimate } from 'redsun/sdk/plans';
import type { Clock } from 'redsun/sdk/util';
import type { PlanItem } from '../../shared/channels/acquisition.ts';
import type { BoundPlan } from './plans/plan-registry.ts';
import type { DeviceTimings } from './timings/device-timings.ts';

/** Makes the plan of an item that nobody will run: it looks at the clock that it is given, and tells nobody what it does. */
export type Rehearse = (item: PlanItem, nowS: () => number) => BoundPlan;

/** Messages that a form's totals may cost; longer plans are counted from their first part. */
const FORM_MESSAGES = 100_000;
/** A run that is about to start does not wait for more. */
const START_MESSAGES = 10_000;

/** Says beforehand what a run will do and how long it takes, from what devices took in earlier runs. */
export class RunEstimator {
  readonly #rehearse: Rehearse;
  readonly #timings: DeviceTimings;
  readonly #clock: Clock;

  constructor(rehearse: Rehearse, timings: DeviceTimings, clock: Clock) {
    this.#rehearse = rehearse;
    this.#timings = timings;
    this.#clock = clock;
  }

  /** For the totals of a form. @throws the signal's reason when it aborts. */
  forForm(item: PlanItem, bound: BoundPlan, signal: AbortSignal): Promise<PlanEstimate> {
    return this.#estimate(item, bound, FORM_MESSAGES, signal);
  }

  /** For a run that is about to start: quickly. */
  forStart(item: PlanItem, bound: BoundPlan): Promise<PlanEstimate> {
    return this.#estimate(item, bound, START_MESSAGES, null);
  }

  #estimate(
    item: PlanItem,
    { frames, cameras }: BoundPlan,
    maxMessages: number,
    signal: AbortSignal | null,
  ): Promise<PlanEstimate> {
    return estimate((nowS) => this.#rehearse(item, nowS).plan, {
      durationOf: this.#timings.durationOf,
      clock: this.#clock,
      giveWay: () => setImmediate(),
      maxMessages,
      exposures: frames === null ? null : frames * Math.max(1, cameras.length),
      ...(signal ? { signal } : {}),
    });
  }
}
