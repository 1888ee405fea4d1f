import type { Readable } from '../device/protocols.ts';
import type { Plan } from '../engine/msg.ts';
import { namePlan } from '../engine/plan-name.ts';
import { oneShot, repeat } from './acquire.ts';
import { namesOf, type PlanMetadata, requireList, withHints } from './plan-options.ts';
import { runWrapper, stageWrapper } from './wrappers.ts';

/** How often `count` reads, and what goes into its start document. */
export interface CountOptions {
  /** How many readings; null: until it is stopped. Default 1. */
  readonly num?: number | null;
  /** s from the beginning of one reading to the next; a list: one for each. Default 0. */
  readonly delay?: number | readonly number[];
  /** What is done for each reading. Default: `oneShot`. */
  readonly perShot?: (detectors: readonly Readable[]) => Plan;
  /** Added to the start document; a key of the plan itself is overridden. */
  readonly md?: PlanMetadata;
}

/** Takes readings of the detectors. @returns the uid of the run. */
export function count(detectors: readonly Readable[], options: CountOptions = {}): Plan<string> {
  return namePlan(counting(detectors, options), 'count');
}

function* counting(
  detectors: readonly Readable[],
  { num = 1, delay = 0, perShot = oneShot, md = {} }: CountOptions,
): Plan<string> {
  requireList(detectors);
  const start = {
    detectors: namesOf(detectors),
    num_points: num,
    num_intervals: num === null ? null : num - 1,
    plan_args: { detectors: namesOf(detectors), num, delay },
    plan_name: 'count',
    ...withHints(md, { dimensions: [[['time'], 'primary']] }),
  };
  const shots = repeat(() => perShot(detectors), num, delay);
  return yield* stageWrapper(runWrapper(shots, start), detectors);
}
