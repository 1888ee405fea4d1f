import { type Axis, isAxis, isCamera, isXYStage, type XYStage } from 'redsun/sdk/device';
import { type ChannelPlans, expandSequence, exposuresByChannel, type MdaSequence, mda } from 'redsun/sdk/plans';
import { nearMissHint, RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import type { Optics } from '../optics.ts';
import { checkLimits } from './limits.ts';
import type { PlanDefinition } from './plan-registry.ts';

const goUp = z.boolean().default(true);
const step = z.number().positive().meta({ units: 'um' });

const sequenceSchema = z.strictObject({
  axis_order: z
    .string()
    .regex(/^(?!.*(.).*\1)[tpzc]*$/, 'letters of tpzc, each at most once, outermost first')
    .default('tpcz'),
  channels: z
    .array(
      z.strictObject({
        config: z.string(),
        exposure: z.number().positive().nullish().meta({ units: 'ms' }),
        z_offset: z.number().default(0).meta({ units: 'um' }),
        do_stack: z.boolean().default(true),
        acquire_every: z.number().int().min(1).default(1),
        group: z.string().optional(),
      }),
    )
    .default([]),
  z_plan: z
    .union([
      z.strictObject({ range: z.number().min(0), step, go_up: goUp }),
      z.strictObject({ above: z.number(), below: z.number(), step, go_up: goUp }),
      z.strictObject({ top: z.number(), bottom: z.number(), step, go_up: goUp }),
      z.strictObject({ relative: z.array(z.number()).min(1), go_up: goUp }),
      z.strictObject({ absolute: z.array(z.number()).min(1), go_up: goUp }),
    ])
    .nullish(),
  time_plan: z
    .strictObject({ interval: z.number().min(0).meta({ units: 's' }), loops: z.number().int().min(1) })
    .nullish(),
  stage_positions: z
    .array(
      z.strictObject({
        x: z.number().nullish(),
        y: z.number().nullish(),
        z: z.number().nullish(),
        name: z.string().nullish(),
      }),
    )
    .default([]),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

const mdaSchema = z.object({
  sequence: sequenceSchema.describe('A useq-schema MDASequence with axes t, p, z, c'),
  detectors: z.array(z.string()).optional().describe("Cameras; absent: all of the session's"),
});

/** What moving and switching costs at least and at most per exposure, s; learnt timings come later. */
const OVERHEAD_S = { low: 0.01, high: 0.15 };
/** Frames above which nobody can have meant it. */
const MAX_FRAMES = 10_000_000;

/** The `mda` plan on this microscope. */
export function mdaPlan(
  optics: Pick<Optics, 'channelPlans'>,
  nowS: () => number,
): PlanDefinition<z.infer<typeof mdaSchema>> {
  return {
    name: 'mda',
    description: 'Acquires channels, planes, times and positions: a useq-schema MDASequence.',
    positional: ['sequence', 'detectors'],
    parameters: mdaSchema,
    bind({ sequence, detectors }, devices, metadata) {
      const all = devices.all;
      const cameras = detectors ? devices.cameras(detectors, 'detectors') : all.filter(isCamera);
      if (cameras.length === 0) throw new RedsunError('plan/no-camera', 'mda: this session has no camera that works');
      const xy = all.find(isXYStage) ?? null;
      const z = findFocus(all, xy);
      const channels = optics.channelPlans();
      checkChannels(sequence, channels);
      const frames = countFrames(sequence);
      checkStages(sequence, xy, z);
      return {
        plan: mda(sequence, { cameras, xy, z, channels, nowS }, metadata),
        cameras,
        frames,
        seconds: duration(sequence, channels, Math.max(...cameras.map(({ settings }) => settings.exposureMs))),
        advice: adviceOn(sequence, channels),
      };
    },
  };
}

/** The axis that focuses: the one that is no part of the XY stage. */
export function findFocus(devices: readonly unknown[], xy: XYStage | null): Axis | null {
  const axes = devices.filter(isAxis).filter((axis) => axis !== xy?.x && axis !== xy?.y);
  return axes.find(({ name }) => /(^|[^a-z])z([^a-z]|$)/i.test(name)) ?? axes[0] ?? null;
}

function checkChannels(sequence: MdaSequence, channels: ReadonlyMap<string, unknown>): void {
  for (const [index, { config }] of (sequence.channels ?? []).entries()) {
    if (channels.has(config)) continue;
    const hint = nearMissHint(config, channels.keys()) || ` There are: ${[...channels.keys()].join(', ')}.`;
    throw new RedsunError(
      'plan/unknown-channel',
      `mda: sequence.channels[${index}].config: no channel "${config}".${hint}`,
    );
  }
}

function checkStages(sequence: MdaSequence, xy: XYStage | null, z: Axis | null): void {
  const positions = sequence.stage_positions ?? [];
  if (!xy && positions.some((position) => position.x != null || position.y != null)) {
    throw new RedsunError('plan/no-stage', 'mda: sequence.stage_positions: this session has no XY stage that works');
  }
  if (!z && (sequence.z_plan || positions.some((position) => position.z != null))) {
    throw new RedsunError('plan/no-focus', 'mda: sequence.z_plan: this session has no focus axis that works');
  }
  for (const position of positions) {
    if (xy && position.x != null) checkLimits('mda', xy.x, [position.x]);
    if (xy && position.y != null) checkLimits('mda', xy.y, [position.y]);
    if (z && position.z != null) checkLimits('mda', z, [position.z]);
  }
  if (!z) return;
  const focus = z.position ?? 0;
  // Later time points go to the same places.
  for (const event of expandSequence({ ...sequence, time_plan: null })) {
    if (event.z)
      checkLimits('mda', z, [event.z.kind === 'absolute' ? event.z.um : (event.position?.z ?? focus) + event.z.um]);
  }
}

/** @throws RedsunError `plan/too-long` */
function countFrames(sequence: MdaSequence): number {
  const frames = exposuresByChannel(sequence).reduce((sum, { exposures }) => sum + exposures, 0);
  if (frames > MAX_FRAMES)
    throw new RedsunError('plan/too-long', `mda: ${frames} exposures are more than ${MAX_FRAMES}`);
  return frames;
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
  const loops = sequence.time_plan?.loops ?? 1;
  const waitS = (sequence.time_plan?.interval ?? 0) * (loops - 1);
  const work = { low: exposureS + frames * OVERHEAD_S.low, high: exposureS + frames * OVERHEAD_S.high };
  return { low: Math.max(work.low, waitS + work.low / loops), high: Math.max(work.high, waitS + work.high / loops) };
}

function adviceOn(
  sequence: MdaSequence,
  channels: ReadonlyMap<string, ChannelPlans>,
): { field: string; message: string }[] {
  const interval = sequence.time_plan?.interval ?? 0;
  const loops = sequence.time_plan?.loops ?? 1;
  if (loops < 2 || interval === 0) return [];
  const round = duration({ ...sequence, time_plan: { interval: 0, loops: 1 } }, channels, 0);
  return round.low > interval
    ? [
        {
          field: 'time.interval',
          message: `One time point takes ${round.low.toFixed(1)} s, more than the interval of ${interval} s`,
        },
      ]
    : [];
}
