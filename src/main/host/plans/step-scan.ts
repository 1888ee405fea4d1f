import { isCamera, type Readable } from 'redsun/sdk/device';
import { msg, type Plan } from 'redsun/sdk/engine';
import type { PlanMetadata, ScanAxis, Step } from 'redsun/sdk/plans';
import { RedsunError } from 'redsun/sdk/util';
import { badParameter, shown } from './describe-issue.ts';
import type { DeviceLookup } from './device-lookup.ts';
import { type MoveKind, type Places, visits } from './limits.ts';
import type { BoundPlan } from './plan-definition.ts';

/** Points above which nobody can have meant it. */
const MAX_POINTS = 1_000_000;
/** s between points, at least and at most, besides exposures; learnt timings come later. */
const OVERHEAD_S = { low: 0.05, high: 0.25 };

/** What a scan does at each point. */
interface AtEachPoint {
  readonly perStep?: (detectors: readonly Readable[], step: Step, positions: Map<ScanAxis, unknown>) => Plan;
  readonly md?: PlanMetadata;
}

/** A scan of known devices, before it is known what is done at each point. */
export interface StepScan {
  readonly detectors: readonly Readable[];
  readonly places: Places;
  readonly kind: MoveKind;
  readonly points: number;
  readonly build: (detectors: readonly Readable[], options: AtEachPoint) => Plan;
}

/** Checks all places that the scan goes to, and makes its plan. @throws RedsunError `plan/too-long`, `plan/limit`, `plan/bad-parameter` */
export function bindStepScan(
  devices: DeviceLookup,
  md: PlanMetadata | null,
  { detectors, places, kind, points, build }: StepScan,
): BoundPlan {
  checkPoints(devices.plan, points);
  return {
    plan: build(detectors, { md: md ?? {} }),
    ...cost(detectors, points),
    checks: () => visits(devices, build([], { perStep: moveOnly }), places, kind),
  };
}

/** Moves in order to see where to; with three parameters as every function for a step of several axes. */
function* moveOnly(_detectors: readonly Readable[], step: Step, _positions: Map<ScanAxis, unknown>): Plan<void> {
  for (const [axis, value] of step) yield msg('set', axis, [value]);
}

/** @throws RedsunError `plan/too-long` */
export function checkPoints(plan: string, points: number, most = MAX_POINTS): void {
  if (points <= most) return;
  throw new RedsunError('plan/too-long', `${plan}: ${points} points are more than ${most}`);
}

/** Exposures and duration of a plan that reads its detectors so many times. @param points - null: unknown. */
export function cost(detectors: readonly unknown[], points: number | null, extraS = 0): Omit<BoundPlan, 'plan'> {
  const cameras = detectors.filter(isCamera);
  const exposureS = Math.max(0, ...cameras.map(({ settings }) => settings.exposureMs / 1000));
  const readings = points ?? 0;
  return {
    cameras,
    frames: cameras.length > 0 ? points : null,
    seconds: {
      low: readings * (exposureS + OVERHEAD_S.low) + extraS,
      high: readings * (exposureS + OVERHEAD_S.high) + extraS,
    },
    advice: [],
  };
}

/** Cuts `*args` into groups. @param names - of the members: motor, start, stop. @throws RedsunError `plan/bad-parameter` */
export function groups(plan: string, args: readonly unknown[], names: readonly string[]): Group[] {
  const size = names.length;
  if (args.length === 0 || args.length % size !== 0) {
    throw new RedsunError(
      'plan/bad-parameter',
      `${plan}: args: expected groups of ${size} (${names.join(', ')}), got ${args.length} values: ${shown(args)}`,
    );
  }
  return Array.from({ length: args.length / size }, (_, index) => {
    return new Group(plan, args.slice(index * size, (index + 1) * size), index * size);
  });
}

/** A few of the arguments of a plan, with their places. */
export class Group {
  readonly #plan: string;
  readonly #values: readonly unknown[];
  readonly #first: number;

  constructor(plan: string, values: readonly unknown[], first: number) {
    this.#plan = plan;
    this.#values = values;
    this.#first = first;
  }

  place(index: number): string {
    return `args[${this.#first + index}]`;
  }

  value(index: number): unknown {
    return this.#values[index];
  }

  name(index: number): string {
    const value = this.#values[index];
    if (typeof value === 'string') return value;
    throw badParameter(this.#plan, this.place(index), 'the name of a device', value);
  }

  number(index: number): number {
    const value = this.#values[index];
    if (typeof value === 'number') return value;
    throw badParameter(this.#plan, this.place(index), 'a number', value);
  }

  count(index: number): number {
    const value = this.number(index);
    if (Number.isInteger(value) && value >= 1) return value;
    throw badParameter(this.#plan, this.place(index), 'a whole number of points, at least 1', value);
  }

  list(index: number): readonly unknown[] {
    const value = this.#values[index];
    if (Array.isArray(value) && value.length > 0) return value;
    throw badParameter(this.#plan, this.place(index), 'a list of positions', value);
  }
}

/** Where each axis was given. @throws RedsunError `plan/bad-parameter` for an axis that is given twice. */
export function placesOf(plan: string, axes: readonly (readonly [axis: ScanAxis, place: string])[]): Places {
  const places = new Map<object, string>();
  for (const [axis, place] of axes) {
    const before = places.get(axis);
    if (before !== undefined) throw badParameter(plan, place, `another motor than in ${before}`, axis.name);
    places.set(axis, place);
  }
  return places;
}
