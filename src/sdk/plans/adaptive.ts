import type { Readable } from '../device/protocols.ts';
import { msg, type Plan } from '../engine/msg.ts';
import { namePlan } from '../engine/plan-name.ts';
import type { Reading } from '../events/documents.ts';
import { ValueError } from '../util/errors.ts';
import { triggerAndRead } from './acquire.ts';
import { hintedFields, separateDevices } from './devices.ts';
import type { AxisRange } from './patterns.ts';
import { dimensionsOf, namesOf, type PlanMetadata, requireList, withHints } from './plan-options.ts';
import { fromHere } from './scan.ts';
import { mv } from './stubs.ts';
import { runWrapper, stageWrapper } from './wrappers.ts';

/** How an adaptive scan chooses its steps, in the unit of the axis and of the signal. */
export interface AdaptiveSteps {
  /** Key of the reading that is followed. */
  readonly targetField: string;
  /** Shortest step. */
  readonly minStep: number;
  /** Longest step. */
  readonly maxStep: number;
  /** How much the signal is meant to change in a step. */
  readonly targetDelta: number;
  /** Goes back when a step was far too long. */
  readonly backstep: boolean;
  /** Goes back when the next step would be shorter than this part of the last. Default 0.8. */
  readonly threshold?: number;
}

/** Moves in steps that are short where the signal changes much. @returns the uid of the run. @throws ValueError unless 0 < minStep < maxStep. */
export function adaptiveScan(
  detectors: readonly Readable[],
  range: AxisRange,
  steps: AdaptiveSteps,
  { md = {} }: { readonly md?: PlanMetadata } = {},
): Plan<string> {
  return namePlan(adapting(detectors, range, steps, md), 'adaptive_scan');
}

function* adapting(
  detectors: readonly Readable[],
  { axis, start, stop }: AxisRange,
  { targetField, minStep, maxStep, targetDelta, backstep, threshold = 0.8 }: AdaptiveSteps,
  md: PlanMetadata,
): Plan<string> {
  requireList(detectors);
  if (!(minStep > 0 && minStep < maxStep)) {
    throw new ValueError('min_step and max_step must meet condition of max_step > min_step > 0');
  }
  const dimensions = dimensionsOf([axis]);
  const metadata = {
    detectors: namesOf(detectors),
    motors: [axis.name],
    plan_args: {
      detectors: namesOf(detectors),
      motor: axis.name,
      start,
      stop,
      min_step: minStep,
      max_step: maxStep,
      target_delta: targetDelta,
      backstep,
      threshold,
    },
    plan_name: 'adaptive_scan',
    ...withHints(md, dimensions ? { dimensions } : {}),
  };
  const devices = separateDevices([...detectors, axis]);
  const sign = stop >= start ? 1 : -1;

  function* core(): Plan<void> {
    let next = start;
    let step = (maxStep - minStep) / 2;
    let past: number | null = null;
    let current = 0;
    while (next * sign < stop * sign) {
      yield msg('checkpoint');
      yield* mv([[axis, next]]);
      yield msg('create', null, [], { name: 'primary' });
      for (const detector of detectors) yield msg('trigger', detector, [], { group: 'B' });
      yield msg('wait', null, ['B']);
      for (const device of devices) {
        const readings: Record<string, Reading> = yield msg('read', device);
        if (targetField in readings) current = Number(readings[targetField]?.value);
      }
      yield msg('save');
      if (past === null) {
        past = current;
        next += step * sign;
        continue;
      }
      const slope = Math.abs(current - past) / step;
      const newStep: number = slope
        ? Math.min(Math.max(targetDelta / slope, minStep), maxStep)
        : Math.min(step * 1.1, maxStep);
      if (backstep && newStep < step * threshold) {
        next -= step;
        step = newStep;
      } else {
        past = current;
        step = 0.2 * newStep + 0.8 * step;
      }
      next += step * sign;
    }
  }
  return yield* stageWrapper(runWrapper(core(), metadata), [...detectors, axis]);
}

/** As `adaptiveScan`, from where the axis stands; it goes back there at the end. */
export function relAdaptiveScan(
  detectors: readonly Readable[],
  range: AxisRange,
  steps: AdaptiveSteps,
  { md = {} }: { readonly md?: PlanMetadata } = {},
): Plan<string> {
  const inner = adaptiveScan(detectors, range, steps, { md: { plan_name: 'rel_adaptive_scan', ...md } });
  return namePlan(fromHere(inner, [range.axis]), 'rel_adaptive_scan');
}

/** How the middle of a peak is looked for, in the unit of the axis. */
export interface CentroidSteps {
  /** Key of the reading whose peak it is. */
  readonly signal: string;
  /** Goes on until steps are shorter. */
  readonly minStep: number;
  /** Points of each pass. Default 10. */
  readonly num?: number;
  /** Each pass is this much narrower than the one before. Default 3. */
  readonly stepFactor?: number;
  /** Every second pass runs backwards. Default false. */
  readonly snake?: boolean;
}

/** Goes to the middle of a peak, in narrower and narrower passes. @returns the uid of the run. @throws ValueError for steps that never end. */
export function tuneCentroid(
  detectors: readonly Readable[],
  range: AxisRange,
  steps: CentroidSteps,
  { md = {} }: { readonly md?: PlanMetadata } = {},
): Plan<string> {
  return namePlan(tuning(detectors, range, steps, md), 'tune_centroid');
}

function* tuning(
  detectors: readonly Readable[],
  { axis, start: first, stop: last }: AxisRange,
  { signal, minStep, num = 10, stepFactor = 3, snake = false }: CentroidSteps,
  md: PlanMetadata,
): Plan<string> {
  requireList(detectors);
  if (minStep <= 0) throw new ValueError('min_step must be positive');
  if (stepFactor <= 1) throw new ValueError('step_factor must be greater than 1.0');
  const hinted = hintedFields(axis);
  const positionKey = hinted.length === 1 ? (hinted[0] ?? axis.name) : axis.name;
  const dimensions = dimensionsOf([axis]);
  const metadata = {
    detectors: namesOf(detectors),
    motors: [axis.name],
    plan_args: { detectors: namesOf(detectors), motor: axis.name, start: first, stop: last, num, min_step: minStep },
    plan_name: 'tune_centroid',
    ...withHints(md, dimensions ? { dimensions } : {}),
  };
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  const inside = (value: number) => Math.min(Math.max(value, low), high);

  function* core(): Plan<void> {
    let [start, stop] = [first, last];
    let next = start;
    let step = (stop - start) / (num - 1);
    let peak: number | null = null;
    let [weight, moment] = [0, 0];
    while (Math.abs(step) >= minStep && low <= next && next <= high) {
      yield msg('checkpoint');
      yield* mv([[axis, next]]);
      const readings = yield* triggerAndRead([...detectors, axis]);
      const value = Number(readings[signal]?.value);
      weight += value;
      moment += Number(readings[positionKey]?.value) * value;
      next += step;
      if (Math.min(start, stop) <= next && next <= Math.max(start, stop)) continue;
      if (weight === 0) return;
      peak = moment / weight;
      [weight, moment] = [0, 0];
      const width = (stop - start) / stepFactor;
      [start, stop] = [inside(peak - width / 2), inside(peak + width / 2)];
      if (snake) [start, stop] = [stop, start];
      step = (stop - start) / (num - 1);
      next = start;
    }
    if (peak !== null) yield* mv([[axis, peak]]);
  }
  return yield* stageWrapper(runWrapper(core(), metadata), [...detectors, axis]);
}
