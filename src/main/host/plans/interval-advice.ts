import { type MdaAxis, type MdaPosition, type MdaSequence, type TimePoints, timePoints } from 'redsun/sdk/plans';
import type { BoundPlan } from './plan-registry.ts';

/** How long a sequence takes at least, s. */
export type LeastSeconds = (sequence: MdaSequence) => number;

/** Time points that are looked at for the shortest interval. */
const MOST_LOOKED_AT = 10_000;

/** Which intervals cannot be kept, as one time point takes longer: of the sequence, and of positions that have times of their own. */
export function intervalAdvice(sequence: MdaSequence, leastSeconds: LeastSeconds): BoundPlan['advice'] {
  const own = positionsOf(sequence).flatMap(({ sequence: inner }, index) => {
    if (!inner?.time_plan) return [];
    // Within one channel of the sequence around it, where it names none.
    const channels = inner.channels ?? sequence.channels?.slice(0, 1) ?? [];
    const path = `sequence.stage_positions[${index}].sequence.time_plan`;
    return advise({ ...inner, channels }, path, path, leastSeconds);
  });
  return [...advise(sequence, 'sequence.time_plan', 'time.interval', leastSeconds), ...own];
}

function advise(
  sequence: MdaSequence,
  path: string,
  field: string,
  leastSeconds: LeastSeconds,
): { readonly field: string; readonly message: string }[] {
  const times = timePoints(sequence.time_plan, path);
  const intervalS = times && shortestInterval(times);
  if (!times || intervalS === null) return [];
  const takesS = Math.max(...timePointsOf(sequence).map(leastSeconds));
  if (takesS <= intervalS) return [];
  const late = times.skippedWhenLate(0) ? '; time points that are late by an interval are left out' : '';
  const takes = Number(takesS.toFixed(1)) > intervalS ? takesS.toFixed(1) : takesS.toPrecision(3);
  return [{ field, message: `One time point takes ${takes} s, more than the interval of ${intervalS} s${late}` }];
}

/** Null: none is to be kept. */
function shortestInterval(times: TimePoints): number | null {
  if (times.intervalS !== null) return times.length > 1 && times.intervalS > 0 ? times.intervalS : null;
  let shortestS = Number.POSITIVE_INFINITY;
  for (let at = 1; at < Math.min(times.length, MOST_LOOKED_AT); at++) {
    const intervalS = times.at(at) - times.at(at - 1);
    if (intervalS > 0) shortestS = Math.min(shortestS, intervalS);
  }
  return Number.isFinite(shortestS) ? Number(shortestS.toPrecision(6)) : null;
}

/** What is done in one time point: the axes that come after t in the order, at each place and in each channel that comes before it. */
function timePointsOf(sequence: MdaSequence): MdaSequence[] {
  const order = [...(sequence.axis_order ?? 'tpgcz')].map((axis) => axis.toLowerCase());
  const comesBefore = (axis: MdaAxis) => order.includes(axis) && order.indexOf(axis) < order.indexOf('t');
  const one: MdaSequence = {
    ...sequence,
    time_plan: { interval: 0, loops: 1 },
    ...(comesBefore('g') && { grid_plan: null }),
    ...(comesBefore('z') && { z_plan: null }),
  };
  const channels = one.channels ?? [];
  const inChannels = comesBefore('c') && channels.length > 0 ? channels.map((channel) => [channel]) : [channels];
  const positions = positionsOf(one);
  const atPositions = comesBefore('p') && positions.length > 0 ? positions.map((position) => [position]) : [null];
  return inChannels.flatMap((own) =>
    atPositions.map((at): MdaSequence => ({ ...one, channels: own, ...(at && { stage_positions: at }) })),
  );
}

/** Positions that are spelt out; a list of coordinates has nothing of its own, and wells are all alike. */
function positionsOf({ stage_positions: positions = [] }: MdaSequence): MdaPosition[] {
  if (!Array.isArray(positions)) return [];
  return positions.map((position: MdaPosition | readonly (number | null)[]) =>
    Array.isArray(position) ? {} : (position as MdaPosition),
  );
}
