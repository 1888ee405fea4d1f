import type { Flyable, Readable, Subscribable, Triggerable } from '../device/protocols.ts';
import type { Status } from '../device/status.ts';
import { msg, type Plan } from '../engine/msg.ts';
import { namePlan } from '../engine/plan-name.ts';
import type { Reading } from '../events/documents.ts';
import { RedsunError } from '../util/errors.ts';
import type { ScanAxis } from './acquire.ts';
import { dimensionsOf, type PlanMetadata, withHints } from './plan-options.ts';
import { closeRun, collect, complete, kickoff, openRun, sleep } from './stubs.ts';
import { monitorDuringWrapper } from './supplemental.ts';
import { runWrapper, stageWrapper } from './wrappers.ts';

/** Lets devices fly, one after the other begun and ended, and collects what they have. @returns the uid of the run. */
export function fly(
  flyers: readonly (Flyable & object)[],
  { md = {} }: { readonly md?: PlanMetadata } = {},
): Plan<string> {
  return namePlan(flying(flyers, md), 'fly');
}

function* flying(flyers: readonly (Flyable & object)[], md: PlanMetadata): Plan<string> {
  const uid = yield* openRun(md);
  for (const flyer of flyers) yield* kickoff(flyer, { wait: true });
  for (const flyer of flyers) yield* complete(flyer, { wait: true });
  for (const flyer of flyers) yield* collect([flyer]);
  yield* closeRun();
  return uid;
}

/** What goes on while a ramp runs. */
export interface RampOptions {
  /** Acquires once before the ramp begins. Default true. */
  readonly takePreData?: boolean;
  /** s after which the ramp has failed. Default: none. */
  readonly timeout?: number;
  /** s between two beginnings. Default: one after the other. */
  readonly period?: number;
  /** Added to the start document. */
  readonly md?: PlanMetadata;
}

/**
 * Starts something that takes time and acquires until it is done, and once more. @param go - returns the status of what it started.
 * @returns the uid of the run. @throws RedsunError `plan/ramp-failed` after the time-out.
 */
export function rampPlan(
  go: Plan<Status>,
  monitored: Subscribable & { readonly name: string },
  inner: () => Plan,
  { takePreData = true, timeout, period, md = {} }: RampOptions = {},
): Plan<string> {
  function* polling(): Plan<void> {
    const beginMs = performance.now();
    if (takePreData) yield* inner();
    const status = yield* go;
    while (!status.done) {
      const startMs = performance.now();
      yield* inner();
      if (timeout !== undefined && performance.now() - beginMs > timeout * 1000) {
        throw new RedsunError('plan/ramp-failed', `${status.label}: not done after ${timeout} s`);
      }
      const left = period === undefined ? 0 : period - (performance.now() - startMs) / 1000;
      if (left > 0) yield* sleep(left);
    }
    yield* inner();
  }
  const run = runWrapper(polling(), { plan_name: 'ramp_plan', ...md });
  return namePlan(monitorDuringWrapper(run, [monitored]), 'ramp_plan');
}

/**
 * Moves an axis step by step, as the operator says, and shows what the detector reads. An empty answer repeats the step, a number is
 * the next step in the unit of the axis, anything else ends it. @returns the uid of the run.
 */
export function tweak(
  detector: Readable & Triggerable & { readonly name: string },
  targetField: string,
  axis: ScanAxis,
  firstStep: number,
  { md = {} }: { readonly md?: PlanMetadata } = {},
): Plan<string> {
  const dimensions = dimensionsOf([axis]);
  const metadata = {
    detectors: [detector.name],
    motors: [axis.name],
    plan_args: { detector: detector.name, target_field: targetField, motor: axis.name, step: firstStep },
    plan_name: 'tweak',
    ...withHints(md, dimensions ? { dimensions } : {}),
  };
  function* core(): Plan<void> {
    for (let step = firstStep; ; ) {
      yield msg('create', null, [], { name: 'primary' });
      const position: Record<string, Reading> | undefined = yield msg('read', axis);
      if (!position) return;
      const at = Number(Object.values(position)[0]?.value);
      yield msg('trigger', detector, [], { group: 'A' });
      yield msg('wait', null, ['A']);
      const reading: Record<string, Reading> = yield msg('read', detector);
      yield msg('save');
      const value = Number(reading[targetField]?.value);
      const prompt = `${axis.name}, ${significant(at)}, ${significant(value)}, (${pythonNumber(step)}) `;
      const answer: string = yield msg('input', null, [], { prompt });
      if (answer !== '') {
        step = Number(answer);
        if (Number.isNaN(step)) return;
      }
      yield msg('set', axis, [at + step], { group: 'A' });
      yield msg('wait', null, ['A']);
    }
  }
  return namePlan(stageWrapper(runWrapper(core(), metadata), [detector, axis]), 'tweak');
}

/** Three significant digits, at least one after the point. */
function significant(value: number): string {
  return pythonNumber(Number(value.toPrecision(3)));
}

function pythonNumber(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
