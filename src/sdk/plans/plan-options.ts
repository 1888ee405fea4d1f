import { hasHints, type Readable } from '../device/protocols.ts';
import { nameOf } from '../engine/described-object.ts';
import type { Plan } from '../engine/msg.ts';
import type { ScanAxis, Step } from './acquire.ts';

/** Goes into start documents. */
export type PlanMetadata = Readonly<Record<string, unknown>>;

/** What is done at each point of a scan: moving and reading. */
export type PerStep = (detectors: readonly Readable[], step: Step, positions: Map<ScanAxis, unknown>) => Plan;

/** What is done at each point of a scan along one axis: moving and reading. */
export type PerStep1d = (detectors: readonly Readable[], axis: ScanAxis, value: unknown) => Plan;

/** What every scan can be told. */
export interface ScanOptions {
  /** Done at each point. Default: `oneNdStep`. */
  readonly perStep?: PerStep;
  /** The same, for a scan along one axis. */
  readonly perStep1d?: PerStep1d;
  /** Added to the start document; a key of the plan itself is overridden. */
  readonly md?: PlanMetadata;
}

/** Names for start documents. */
export function namesOf(objects: readonly unknown[]): string[] {
  return objects.map(nameOf);
}

/** What stands for a function in `plan_args`. */
export function functionName(given: ((...args: never[]) => unknown) | undefined): string | null {
  return given ? given.name || '(function)' : null;
}

/** The axes of a scan as dimensions for plots; null when one of them does not say which of its values matter. */
export function dimensionsOf(axes: readonly object[]): readonly (readonly [readonly string[], string])[] | null {
  const fields = axes.map((axis) => (hasHints(axis) ? axis.hints.fields : undefined));
  return fields.every((own) => own !== undefined) ? fields.map((own) => [own ?? [], 'primary'] as const) : null;
}

/** Hints of `md` before those of the plan. */
export function withHints(md: PlanMetadata, hints: PlanMetadata): PlanMetadata {
  return { ...md, hints: { ...hints, ...(md.hints as object | undefined) } };
}

/** Everything that a plan reads has to come as a list. @throws TypeError */
export function requireList(detectors: unknown): void {
  if (Array.isArray(detectors)) return;
  throw new TypeError('The input argument must be either as a list or a tuple of Readable objects.');
}
