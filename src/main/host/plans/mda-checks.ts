import type { Autofocus, Axis, PDevice, XYStage } from 'redsun/sdk/device';
import { isConfigurable } from 'redsun/sdk/device';
import {
  autofocusNamed,
  lacksFieldOfView,
  type MdaChannel,
  type MdaGridPlan,
  type MdaOrigin,
  type MdaPosition,
  type MdaSequence,
  mdaTravel,
} from 'redsun/sdk/plans';
import { nearMissHint, RedsunError } from 'redsun/sdk/util';

/** A sequence, or that of a position, with what it is called in messages. */
interface Placed {
  readonly sequence: MdaSequence;
  readonly path: string;
}

/** What a sequence is checked against. */
export interface MdaBench {
  readonly xy: XYStage | null;
  readonly z: Axis | null;
  readonly autofocuses: readonly Autofocus[];
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channels: ReadonlyMap<string, unknown>;
}

/** Names and devices that the sequence asks for. @throws RedsunError `plan/...` with place, value and what there is. */
export function checkNames(sequence: MdaSequence, bench: MdaBench): void {
  for (const placed of withInner(sequence)) {
    checkChannels(placed, bench.channels);
    const { autofocus_plan: autofocus } = placed.sequence;
    if (autofocus) autofocusNamed(bench.autofocuses, autofocus.autofocus_device_name);
  }
  for (const [index, position] of positionsOf(sequence).entries()) {
    for (const [name] of position.properties ?? []) {
      if (isConfigurable(bench.devices.get(name))) continue;
      const hint = nearMissHint(name, bench.devices.keys());
      throw new RedsunError(
        'plan/unknown-device',
        `mda: sequence.stage_positions[${index}].properties: no device "${name}" that can be configured.${hint}`,
      );
    }
  }
}

/** The first grid that needs the camera's field of view; null: none does. */
export function gridWithoutFieldOfView(sequence: MdaSequence): string | null {
  for (const { sequence: one, path } of withInner(sequence)) {
    if (one.grid_plan && lacksFieldOfView(one.grid_plan)) return `${path}.grid_plan`;
    const points = wellPointsOf(one);
    if (points && lacksFieldOfView(points)) return `${path}.stage_positions.well_points_plan`;
  }
  return null;
}

/** Stages that the sequence needs, and their limits. @throws RedsunError `plan/no-stage`, `plan/no-focus`, `plan/limit` */
export function checkTravel(sequence: MdaSequence, { xy, z }: MdaBench, origin: MdaOrigin): void {
  for (const { positionIndex, xUm, yUm, zUm } of mdaTravel(sequence, origin)) {
    const path = placeName(sequence, positionIndex);
    if (!xy && (xUm || yUm)) {
      throw new RedsunError('plan/no-stage', `mda: ${path}: this session has no XY stage that works`);
    }
    if (!z && zUm) throw new RedsunError('plan/no-focus', `mda: ${path}: this session has no focus axis that works`);
    if (xy && xUm) checkRange(`${path}: x`, xy.x, xUm);
    if (xy && yUm) checkRange(`${path}: y`, xy.y, yUm);
    if (z && zUm) checkRange(`${path}: z`, z, zUm);
  }
}

function checkRange(path: string, { name, limits }: Axis, range: readonly [number, number]): void {
  const outside = range.find((target) => target < limits.low || target > limits.high);
  if (outside === undefined) return;
  throw new RedsunError(
    'plan/limit',
    `mda: ${path}: ${name}: ${outside} µm is outside its limits, ${limits.low} to ${limits.high} µm`,
  );
}

function placeName({ stage_positions: positions = [], grid_plan: grid }: MdaSequence, index: number): string {
  if (!isList(positions)) return `sequence.stage_positions (point ${index} of the plate)`;
  if (positions.length > 0) return `sequence.stage_positions[${index}]`;
  return grid ? 'sequence.grid_plan' : 'sequence.z_plan';
}

function checkChannels({ sequence, path }: Placed, channels: ReadonlyMap<string, unknown>): void {
  for (const [index, channel] of (sequence.channels ?? []).entries()) {
    const config = configOf(channel);
    if (channels.has(config)) continue;
    const hint = nearMissHint(config, channels.keys()) || ` There are: ${[...channels.keys()].join(', ')}.`;
    throw new RedsunError(
      'plan/unknown-channel',
      `mda: ${path}.channels[${index}].config: no channel "${config}".${hint}`,
    );
  }
}

function configOf(channel: string | MdaChannel): string {
  return typeof channel === 'string' ? channel : channel.config;
}

function withInner(sequence: MdaSequence): Placed[] {
  const inner = positionsOf(sequence).flatMap((position, index) =>
    position.sequence ? [{ sequence: position.sequence, path: `sequence.stage_positions[${index}].sequence` }] : [],
  );
  return [{ sequence, path: 'sequence' }, ...inner];
}

/** Positions that are spelt out; a list of coordinates has nothing of its own. */
function positionsOf({ stage_positions: positions = [] }: MdaSequence): MdaPosition[] {
  if (!isList(positions)) return [];
  return positions.map((position) => (Array.isArray(position) ? {} : (position as MdaPosition)));
}

function wellPointsOf({ stage_positions: positions = [] }: MdaSequence): MdaGridPlan | null {
  return 'well_points_plan' in positions ? (positions.well_points_plan ?? null) : null;
}

function isList(
  positions: NonNullable<MdaSequence['stage_positions']>,
): positions is readonly (MdaPosition | readonly (number | null)[])[] {
  return Array.isArray(positions);
}
