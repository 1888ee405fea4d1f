import type { Readable } from '../device/protocols.ts';
import type { Plan } from '../engine/msg.ts';
import { namePlan } from '../engine/plan-name.ts';
import { ValueError } from '../util/errors.ts';
import { one1dStep, oneNdStep, type ScanAxis } from './acquire.ts';
import type { Cycler } from './cycler.ts';
import { hintedFields } from './devices.ts';
import { type AxisPositions, type AxisRange, innerListProduct, innerProduct, logspace } from './patterns.ts';
import {
  dimensionsOf,
  functionName,
  namesOf,
  type PerStep,
  type PlanMetadata,
  requireList,
  type ScanOptions,
  withHints,
} from './plan-options.ts';
import { relativeSetWrapper, resetPositionsWrapper } from './relative.ts';
import { runWrapper, stageWrapper } from './wrappers.ts';

/** Module that `plan_pattern` refers to: that of bluesky, as its readers know it. */
export const PATTERNS_MODULE = 'bluesky.plan_patterns';

/** Goes through a cycler and reads the detectors at each step. @returns the uid of the run. @throws TypeError for a `perStep1d` over several axes. */
export function scanNd(
  detectors: readonly Readable[],
  cycler: Cycler<ScanAxis>,
  options: ScanOptions = {},
): Plan<string> {
  return namePlan(stepping(detectors, cycler, options), 'scan_nd');
}

function* stepping(
  detectors: readonly Readable[],
  cycler: Cycler<ScanAxis>,
  { perStep, perStep1d, md = {} }: ScanOptions,
): Plan<string> {
  requireList(detectors);
  const { axes } = cycler;
  const dimensions = dimensionsOf(axes);
  const start = {
    detectors: namesOf(detectors),
    motors: namesOf(axes),
    num_points: cycler.length,
    num_intervals: cycler.length - 1,
    plan_args: {
      detectors: namesOf(detectors),
      // All values in words: megabytes of a large scan, which only a run needs that really starts.
      get cycler() {
        return String(cycler);
      },
      per_step: functionName(perStep ?? perStep1d),
    },
    plan_name: 'scan_nd',
    ...withHints(md, dimensions ? { dimensions } : {}),
  };
  const atEach = stepOf(axes, { perStep, perStep1d });
  function* steps(): Plan<void> {
    const positions = new Map<ScanAxis, unknown>();
    for (const step of cycler) yield* atEach(detectors, step, positions);
  }
  return yield* stageWrapper(runWrapper(steps(), start), [...detectors, ...axes]);
}

function stepOf(
  axes: readonly ScanAxis[],
  {
    perStep,
    perStep1d,
  }: { perStep: ScanOptions['perStep'] | undefined; perStep1d: ScanOptions['perStep1d'] | undefined },
): PerStep {
  const given = perStep ?? perStep1d;
  if (given && given.length < 3) {
    const parameters = /\(([^)]*)\)/.exec(Function.prototype.toString.call(given))?.[1] ?? '';
    throw new TypeError(
      `per_step must be a callable with the signature \n <Signature (detectors, step, pos_cache)> or <Signature (detectors, motor, step)>. \nper_step signature received: (${parameters})`,
    );
  }
  if (!perStep1d) return perStep ?? oneNdStep;
  const [axis] = axes;
  if (!axis || axes.length > 1) {
    throw new TypeError(`Signature of per_step assumes 1D trajectory but ${axes.length} motors are specified.`);
  }
  return (detectors, step) => perStep1d(detectors, axis, step.get(axis));
}

/** Moves one or more axes together along a line and reads the detectors at each point. @returns the uid of the run. */
export function scan(
  detectors: readonly Readable[],
  axes: readonly AxisRange[],
  num: number,
  options: ScanOptions = {},
): Plan<string> {
  return namePlan(scanning(detectors, axes, num, options), 'scan');
}

function* scanning(
  detectors: readonly Readable[],
  axes: readonly AxisRange[],
  num: number | undefined,
  { md = {}, ...options }: ScanOptions,
): Plan<string> {
  requireList(detectors);
  if (num === undefined) {
    throw new ValueError(
      "The number of points to scan must be provided as the last positional argument or as keyword argument 'num'.",
    );
  }
  if (!Number.isInteger(num) || num <= 0) {
    throw new ValueError(
      `The parameter \`num\` is expected to be a number of steps (not step size!) It must therefore be a whole number. The given value was ${num}.`,
    );
  }
  const args = axes.flatMap(({ axis, start, stop }) => [axis.name, start, stop]);
  const fields = axes.flatMap(({ axis }) => hintedFields(axis));
  const start = {
    plan_args: {
      detectors: namesOf(detectors),
      num,
      args,
      per_step: functionName(options.perStep ?? options.perStep1d),
    },
    plan_name: 'scan',
    plan_pattern: 'inner_product',
    plan_pattern_module: PATTERNS_MODULE,
    plan_pattern_args: { num, args },
    motors: axes.map(({ axis }) => axis.name),
    ...withHints(md, fields.length > 0 ? { dimensions: [[fields, 'primary']] } : {}),
  };
  return yield* scanNd(detectors, innerProduct(num, axes), { ...options, md: start });
}

/** The older form of `scan`, with the number of points first. */
export function innerProductScan(
  detectors: readonly Readable[],
  num: number,
  axes: readonly AxisRange[],
  { md = {}, ...options }: ScanOptions = {},
): Plan<void> {
  const inner = scan(detectors, axes, num, { ...options, md: { plan_name: 'inner_product_scan', ...md } });
  return namePlan(withoutResult(inner), 'inner_product_scan');
}

/** What these plans give back in bluesky: nothing. */
function* withoutResult(plan: Plan): Plan<void> {
  yield* plan;
}

/** As `scan`, from where the axes stand; they go back there at the end. */
export function relScan(
  detectors: readonly Readable[],
  axes: readonly AxisRange[],
  num: number,
  { md = {}, ...options }: ScanOptions = {},
): Plan<string> {
  const moved = axes.map(({ axis }) => axis);
  const inner = scan(detectors, axes, num, { ...options, md: { plan_name: 'rel_scan', ...md } });
  return namePlan(fromHere(inner, moved), 'rel_scan');
}

/** Moves one or more axes together along lists of positions. @returns the uid of the run. */
export function listScan(
  detectors: readonly Readable[],
  axes: readonly AxisPositions[],
  options: ScanOptions = {},
): Plan<string> {
  return namePlan(listScanning(detectors, axes, options), 'list_scan');
}

function* listScanning(
  detectors: readonly Readable[],
  axes: readonly AxisPositions[],
  { md = {}, ...options }: ScanOptions,
): Plan<string> {
  requireList(detectors);
  const lengths = axes.map(({ positions }) => positions.length);
  if (lengths.some((length) => length !== lengths[0])) {
    const told = axes.map(({ axis, positions }) => `'${axis.name}': ${positions.length}`).join(', ');
    throw new ValueError(
      `The lengths of all lists in *args must be the same. However the lengths in args are : {${told}}`,
    );
  }
  const length = lengths[0] ?? 0;
  const args = axes.flatMap(({ axis, positions }) => [axis.name, positions]);
  const fields = axes.flatMap(({ axis }) => hintedFields(axis));
  const start = {
    detectors: namesOf(detectors),
    motors: axes.map(({ axis }) => axis.name),
    num_points: length,
    num_intervals: (length || 1) - 1,
    plan_args: { detectors: namesOf(detectors), args, per_step: functionName(options.perStep ?? options.perStep1d) },
    plan_name: 'list_scan',
    plan_pattern: 'inner_list_product',
    plan_pattern_module: PATTERNS_MODULE,
    plan_pattern_args: { args },
    ...withHints(md, fields.length > 0 ? { dimensions: [[fields, 'primary']] } : {}),
  };
  return yield* scanNd(detectors, innerListProduct(axes), { ...options, md: start });
}

/** As `listScan`, from where the axes stand; they go back there at the end. */
export function relListScan(
  detectors: readonly Readable[],
  axes: readonly AxisPositions[],
  { md = {}, ...options }: ScanOptions = {},
): Plan<string> {
  const moved = axes.map(({ axis }) => axis);
  const inner = listScan(detectors, axes, { ...options, md: { plan_name: 'rel_list_scan', ...md } });
  return namePlan(fromHere(inner, moved), 'rel_list_scan');
}

/** Moves an axis from 10^`start` to 10^`stop` at equal ratios. @returns the uid of the run. */
export function logScan(
  detectors: readonly Readable[],
  range: AxisRange,
  num: number,
  options: Omit<ScanOptions, 'perStep'> = {},
): Plan<string> {
  return namePlan(logScanning(detectors, range, num, options), 'log_scan');
}

function* logScanning(
  detectors: readonly Readable[],
  { axis, start, stop }: AxisRange,
  num: number,
  { perStep1d = one1dStep, md = {} }: Omit<ScanOptions, 'perStep'>,
): Plan<string> {
  requireList(detectors);
  const dimensions = dimensionsOf([axis]);
  const metadata = {
    detectors: namesOf(detectors),
    motors: [axis.name],
    num_points: num,
    num_intervals: num - 1,
    plan_args: {
      detectors: namesOf(detectors),
      num,
      start,
      stop,
      motor: axis.name,
      per_step: perStep1d === one1dStep ? null : functionName(perStep1d),
    },
    plan_name: 'log_scan',
    plan_pattern: 'logspace',
    plan_pattern_module: 'numpy',
    plan_pattern_args: { start, stop, num },
    ...withHints(md, dimensions ? { dimensions } : {}),
  };
  function* steps(): Plan<void> {
    for (const value of logspace(start, stop, num)) yield* perStep1d(detectors, axis, value);
  }
  return yield* stageWrapper(runWrapper(steps(), metadata), [...detectors, axis]);
}

/** As `logScan`, from where the axis stands; it goes back there at the end. */
export function relLogScan(
  detectors: readonly Readable[],
  range: AxisRange,
  num: number,
  { md = {}, ...options }: Omit<ScanOptions, 'perStep'> = {},
): Plan<string> {
  const inner = logScan(detectors, range, num, { ...options, md: { plan_name: 'rel_log_scan', ...md } });
  return namePlan(fromHere(inner, [range.axis]), 'rel_log_scan');
}

/** Two axes, the second at half the way of the first: theta and two theta. From where they stand, and back at the end. */
export function x2xScan(
  detectors: readonly Readable[],
  [axis1, axis2]: readonly [ScanAxis, ScanAxis],
  { start, stop, num }: { readonly start: number; readonly stop: number; readonly num: number },
  { md = {}, ...options }: ScanOptions = {},
): Plan<void> {
  const own: PlanMetadata = {
    plan_name: 'x2x_scan',
    plan_args: {
      detectors: namesOf(detectors),
      motor1: axis1.name,
      motor2: axis2.name,
      start,
      stop,
      num,
      per_step: functionName(options.perStep ?? options.perStep1d),
    },
    ...md,
  };
  const axes = [
    { axis: axis1, start, stop },
    { axis: axis2, start: start / 2, stop: stop / 2 },
  ];
  return namePlan(withoutResult(relScan(detectors, axes, num, { ...options, md: own })), 'x2x_scan');
}

/** A plan whose axes count from where they stand, and go back there at the end. */
export function fromHere<Result>(plan: Plan<Result>, axes: readonly ScanAxis[]): Plan<Result> {
  return resetPositionsWrapper(relativeSetWrapper(plan, axes), axes);
}
