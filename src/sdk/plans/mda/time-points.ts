import { microsecondsOf } from './duration.ts';
import { refusal } from './refusal.ts';
import type { MdaTimePhase, MdaTimePlan } from './time-plan.ts';

/** The time points of a sequence; none of them is stored, as there may be millions. */
export interface TimePoints {
  /** How many. */
  readonly length: number;
  /** When the n-th may start, s. */
  at(index: number): number;
  /** True: the n-th is left out when the one after it is due already. */
  skippedWhenLate(index: number): boolean;
  /** Between starts, s; null when it changes, or when there is one time point. */
  readonly intervalS: number | null;
}

interface Phase {
  readonly loops: number;
  readonly intervalUs: number;
  readonly skipsLate: boolean;
}

/**
 * The time points of a plan; null: the sequence has no time axis.
 * @throws RedsunError `mda/bad-sequence` for loops, intervals and durations that make no time points.
 */
export function timePoints(plan: MdaTimePlan | null | undefined, path: string): TimePoints | null {
  if (!plan || (!isList(plan) && Object.keys(plan).length === 0)) return null;
  if (!isList(plan) && !('phases' in plan)) return joined([phaseOf(plan, path)], false);
  const phases = isList(plan) ? plan : plan.phases;
  const skipsLate = isList(plan) ? false : (plan.prioritize_duration ?? false);
  return joined(
    phases.map((phase, index) => phaseOf(phase, `${path}.phases[${index}]`)),
    skipsLate,
  );
}

function isList(plan: MdaTimePlan): plan is readonly MdaTimePhase[] {
  return Array.isArray(plan);
}

/** Each phase begins with the last time point of the one before it. */
function joined(phases: readonly Phase[], allSkipLate: boolean): TimePoints {
  const steps = phases.map(({ loops }) => Math.max(0, loops - 1));
  const [only] = phases;
  const length =
    phases.length === 1 && only ? Math.max(0, only.loops) : 1 + steps.reduce((sum, count) => sum + count, 0);
  const locate = (index: number): { phase: Phase | undefined; beforeUs: number; step: number } => {
    let beforeUs = 0;
    let step = index;
    for (const [at, phase] of phases.entries()) {
      const count = steps[at] ?? 0;
      if (step <= count) return { phase, beforeUs, step };
      step -= count;
      beforeUs += count * phase.intervalUs;
    }
    return { phase: phases.at(-1), beforeUs, step: 0 };
  };
  const intervals = new Set(phases.filter((_, at) => (steps[at] ?? 0) > 0).map(({ intervalUs }) => intervalUs));
  const [interval] = intervals;
  return {
    length,
    at(index) {
      const { phase, beforeUs, step } = locate(index);
      return (beforeUs + step * (phase?.intervalUs ?? 0)) / 1e6;
    },
    skippedWhenLate: (index) => allSkipLate || (locate(index).phase?.skipsLate ?? false),
    intervalS: intervals.size === 1 && interval !== undefined ? interval / 1e6 : null,
  };
}

function phaseOf(plan: MdaTimePhase, path: string): Phase {
  const skipsLate = plan.prioritize_duration;
  if ('interval' in plan && 'duration' in plan) {
    const intervalUs = microsecondsOf(plan.interval, `${path}.interval`);
    const durationUs = microsecondsOf(plan.duration, `${path}.duration`);
    if (intervalUs <= 0) throw refusal(`${path}.interval`, plan.interval, 'more than 0 s beside a duration');
    if (durationUs < 0) throw refusal(`${path}.duration`, plan.duration, '0 s or more');
    const rest = durationUs % intervalUs;
    return { loops: (durationUs - rest) / intervalUs + 1, intervalUs, skipsLate: skipsLate ?? true };
  }
  if (!('loops' in plan)) throw refusal(path, plan, 'two of interval, duration and loops');
  const { loops } = plan;
  if (!Number.isInteger(loops) || loops < 1) throw refusal(`${path}.loops`, loops, 'a whole number of 1 or more');
  if ('interval' in plan) {
    const intervalUs = microsecondsOf(plan.interval, `${path}.interval`);
    if (intervalUs < 0) throw refusal(`${path}.interval`, plan.interval, '0 s or more');
    return { loops, intervalUs, skipsLate: skipsLate ?? false };
  }
  const durationUs = microsecondsOf(plan.duration, `${path}.duration`);
  if (durationUs < 0) throw refusal(`${path}.duration`, plan.duration, '0 s or more');
  if (loops < 2) throw refusal(`${path}.loops`, loops, '2 or more beside a duration');
  return { loops, intervalUs: dividedEvenly(durationUs, loops - 1), skipsLate: skipsLate ?? false };
}

/** To the nearest microsecond, halves to the even one, as Python divides a timedelta. */
function dividedEvenly(us: number, parts: number): number {
  const rest = us % parts;
  const low = (us - rest) / parts;
  if (rest * 2 === parts) return low % 2 === 0 ? low : low + 1;
  return rest * 2 > parts ? low + 1 : low;
}
