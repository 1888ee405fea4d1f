import {
  type Axis,
  type Camera,
  isAutofocus,
  isAxis,
  isCamera,
  isObjectiveTurret,
  isXYStage,
  type XYStage,
} from 'redsun/sdk/device';
import {
  type ChannelPlans,
  exposuresByChannel,
  freezeSequence,
  type MdaOrigin,
  type MdaResume,
  type MdaSequence,
  mda,
  mdaLayout,
  mdaSizes,
  standsAt,
  timePoints,
} from 'redsun/sdk/plans';
import { codeOf, RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import type { Optics } from '../optics.ts';
import type { DeviceLookup } from './device-lookup.ts';
import { intervalAdvice } from './interval-advice.ts';
import { checkNames, checkTravel, gridWithoutFieldOfView } from './mda-checks.ts';
import { sequenceSchema } from './mda-schema.ts';
import type { AppPlan, BoundPlan } from './plan-registry.ts';
import { ScheduleRecord } from './schedule-record.ts';

/** What a sequence asks of the light path. */
export type MdaOptics = Pick<Optics, 'channelPlans' | 'fieldOfViewUm' | 'rememberLightPath'>;

export const mdaSchema = z.object({
  sequence: sequenceSchema.describe('A useq-schema 0.9 MDASequence'),
  detectors: z.array(z.string()).optional().describe("Cameras; absent: all of the session's"),
});

/** What moving and switching costs at least and at most per exposure, s; learnt timings come later. */
const OVERHEAD_S = { low: 0.01, high: 0.15 };
/** Frames above which nobody can have meant it. */
const MAX_FRAMES = 10_000_000;
/** Images above which a store can no longer be looked through. */
const MAX_POSITIONS = 20_000;

/** The `mda` plan on this microscope. */
export function mdaPlan(
  optics: MdaOptics,
  nowS: () => number,
  random: () => number = Math.random,
): AppPlan<z.infer<typeof mdaSchema>> {
  return {
    name: 'mda',
    description: 'Acquires channels, planes, times, positions, tiles and wells: a useq-schema MDASequence.',
    positional: ['sequence', 'detectors'],
    parameters: mdaSchema,
    plan(parameters, devices, { metadata }) {
      return bindMda(parameters, devices, { ...metadata }, { optics, nowS, random });
    },
  };
}

/** What the plan needs beside its parameters. */
export interface MdaBinding {
  readonly optics: MdaOptics;
  readonly nowS: () => number;
  readonly random: () => number;
  /** Where an interrupted sequence goes on; called with the sequence as it is acquired. */
  readonly resume?: (sequence: MdaSequence) => MdaResume & { readonly missing: number };
}

/** Checks an acquisition and makes its plan. @throws RedsunError `plan/...` */
export function bindMda(
  { sequence: given, detectors }: z.infer<typeof mdaSchema>,
  devices: DeviceLookup,
  metadata: Record<string, unknown>,
  { optics, nowS, random, resume }: MdaBinding,
): BoundPlan {
  const all = devices.all;
  const cameras = detectors ? devices.cameras(detectors, 'detectors') : all.filter(isCamera);
  if (cameras.length === 0) throw new RedsunError('plan/no-camera', 'mda: this session has no camera that works');
  const xy = all.find(isXYStage) ?? null;
  const z = findFocus(all, xy);
  const channels = optics.channelPlans();
  const byName = new Map(all.map((device) => [device.name, device]));
  const bench = { xy, z, autofocuses: all.filter(isAutofocus), devices: byName, channels };
  checkNames(given, bench);
  const fieldOfViewUm = fieldOfView(optics, cameras);
  checkFieldOfView(given, fieldOfViewUm, all.some(isObjectiveTurret));
  // Decided here and not in the run, so that what is checked is what is acquired.
  const sequence = named(() => freezeSequence(given, { random, fieldOfViewUm }));
  const resumed = resume?.(sequence);
  const origin: MdaOrigin = resumed?.origin ?? {
    xUm: placeOf(xy?.x ?? null),
    yUm: placeOf(xy?.y ?? null),
    zUm: placeOf(z),
  };
  const frames = resumed?.missing ?? named(() => countFrames(sequence));
  checkPositions(sequence);
  checkTravel(sequence, bench, origin);
  const rememberLightPath = () => optics.rememberLightPath();
  const schedule = new ScheduleRecord();
  const onTimePoint = schedule.note;
  const context = { cameras, ...bench, channels, rememberLightPath, nowS, random, fieldOfViewUm, onTimePoint };
  const wholeS = duration(sequence, channels, Math.max(...cameras.map(({ settings }) => settings.exposureMs)));
  const share = resumed ? resumed.missing / named(() => countFrames(sequence)) : 1;
  return {
    plan: mda(sequence, { ...context, ...(resumed && { resume: resumed }) }, metadata),
    cameras,
    frames,
    layout: mdaLayout(sequence, channels, origin),
    seconds: { low: share * wholeS.low, high: share * wholeS.high },
    advice: adviceOn(sequence, channels),
    schedule,
  };
}

/** The axis that focuses: the one that is no part of the XY stage. */
export function findFocus(devices: readonly unknown[], xy: XYStage | null): Axis | null {
  const axes = devices.filter(isAxis).filter((axis) => axis !== xy?.x && axis !== xy?.y);
  return axes.find(({ name }) => /(^|[^a-z])z([^a-z]|$)/i.test(name)) ?? axes[0] ?? null;
}

function placeOf(axis: Axis | null): number {
  return axis ? standsAt(axis, axis.target, axis.position) : 0;
}

/** What the SDK says about a sequence, in the name of the plan. */
function named<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const code = codeOf(cause);
    if (!code.startsWith('mda/')) throw cause;
    const planCode = code === 'mda/unknown-plate' ? 'plan/unknown-plate' : 'plan/bad-parameter';
    throw new RedsunError(planCode, `mda: ${(cause as Error).message}`, { cause });
  }
}

/** Of the smallest of the cameras, so that the tiles of none leave gaps; null: of none it is known. */
function fieldOfView(optics: MdaOptics, cameras: readonly Camera[]): readonly [number, number] | null {
  const known = cameras.flatMap(({ name }) => {
    const fieldUm = optics.fieldOfViewUm(name);
    return fieldUm === null ? [] : [fieldUm];
  });
  if (known.length === 0) return null;
  return [Math.min(...known.map(([width]) => width)), Math.min(...known.map(([, height]) => height))];
}

function checkFieldOfView(sequence: MdaSequence, fieldOfViewUm: unknown, hasObjectives: boolean): void {
  const path = fieldOfViewUm === null ? gridWithoutFieldOfView(sequence) : null;
  if (path === null) return;
  const why = hasObjectives ? 'the objective in the light has no magnification' : 'the session has no objective turret';
  throw new RedsunError(
    'plan/no-field-of-view',
    `mda: ${path}: expected fov_width and fov_height in µm, as the field of view is unknown: ${why}`,
  );
}

/** @throws RedsunError `plan/too-long`, `plan/bad-parameter` */
function countFrames(sequence: MdaSequence): number {
  const frames = exposuresByChannel(sequence).reduce((sum, { exposures }) => sum + exposures, 0);
  if (frames > MAX_FRAMES)
    throw new RedsunError('plan/too-long', `mda: ${frames} exposures are more than ${MAX_FRAMES}`);
  if (frames === 0) {
    const axes = 'expected channels, z_plan, time_plan, grid_plan or stage_positions along axis_order';
    throw new RedsunError('plan/bad-parameter', `mda: sequence: nothing to acquire, ${axes}`);
  }
  return frames;
}

function checkPositions(sequence: MdaSequence): void {
  const { p: count } = mdaSizes(sequence);
  if (count > MAX_POSITIONS) {
    throw new RedsunError('plan/too-long', `mda: ${count} positions and tiles are more than ${MAX_POSITIONS}`);
  }
}

function duration(
  sequence: MdaSequence,
  channels: ReadonlyMap<string, ChannelPlans>,
  cameraMs: number,
): { low: number; high: number } {
  let exposureS = 0;
  let frames = 0;
  for (const { exposures, channel } of exposuresByChannel(sequence)) {
    frames += exposures;
    const exposureMs = channel?.exposure ?? (channel ? channels.get(channel.config)?.exposureMs : null) ?? cameraMs;
    exposureS += (exposures * exposureMs) / 1000;
  }
  const times = timePoints(sequence.time_plan, 'sequence.time_plan');
  const loops = Math.max(1, times?.length ?? 1);
  const waitS = times && times.length > 0 ? times.at(times.length - 1) : 0;
  const work = { low: exposureS + frames * OVERHEAD_S.low, high: exposureS + frames * OVERHEAD_S.high };
  return { low: Math.max(work.low, waitS + work.low / loops), high: Math.max(work.high, waitS + work.high / loops) };
}

function adviceOn(sequence: MdaSequence, channels: ReadonlyMap<string, ChannelPlans>): BoundPlan['advice'] {
  return [...intervalAdvice(sequence, (one) => duration(one, channels, 0).low), ...adviceOnAxes(sequence)];
}

/** What is given and not carried out, as useq-schema has it. */
function adviceOnAxes(sequence: MdaSequence): BoundPlan['advice'] {
  const order = [...(sequence.axis_order ?? 'tpgcz')].map((axis) => axis.toLowerCase());
  const given = { t: sequence.time_plan, p: sequence.stage_positions, g: sequence.grid_plan, c: sequence.channels };
  const plans = Object.entries({ ...given, z: sequence.z_plan });
  const unused = plans.filter(
    ([axis, plan]) => !order.includes(axis) && plan && !(Array.isArray(plan) && !plan.length),
  );
  const advice = unused.map(([axis]) => ({
    field: 'sequence.axis_order',
    message: `${order.join('')} lacks ${axis}: what the sequence says about it is not acquired`,
  }));
  if (sequence.setup) advice.push({ field: 'sequence.setup', message: 'Kept in the document, not carried out' });
  return advice;
}
