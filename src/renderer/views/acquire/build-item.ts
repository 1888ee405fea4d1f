import type { PlanItem } from '../../../shared/channels/acquisition.ts';
import type { OpticalChannel } from '../../../shared/channels/session.ts';
import type { AcquireAxis, AcquireForm, ChannelChoice } from '../../stores/acquire-form-store.ts';

export interface FormProblem {
  readonly axis: AcquireAxis | null;
  readonly message: string;
}

export type BuiltItem =
  | { readonly kind: 'ready'; readonly item: PlanItem }
  | { readonly kind: 'incomplete'; readonly problem: FormProblem };

/** The choice for a channel of the session; the first channel is in until the operator says otherwise. */
export function choiceOf(
  form: AcquireForm,
  channels: readonly OpticalChannel[],
  channel: OpticalChannel,
): ChannelChoice {
  return (
    form.channels[channel.name] ?? {
      use: channel.name === channels[0]?.name,
      exposureMs: channel.exposureMs,
      zOffsetUm: 0,
      every: 1,
    }
  );
}

/** Turns the form into a plan item around a useq-schema 0.9 MDASequence. */
export function buildItem(form: AcquireForm, channels: readonly OpticalChannel[]): BuiltItem {
  const { use } = form;
  const incomplete = (axis: AcquireAxis | null, message: string): BuiltItem => ({
    kind: 'incomplete',
    problem: { axis, message },
  });
  if (!use.channels && !use.z && !use.time && !use.positions) return incomplete(null, 'Tick at least one of the axes');
  const chosen = channels
    .map((channel) => ({ name: channel.name, ...choiceOf(form, channels, channel) }))
    .filter((channel) => channel.use);
  if (use.channels && chosen.length === 0) return incomplete('channels', 'Tick a channel, or untick Channels');
  if (use.positions && form.positions.length === 0) {
    return incomplete('positions', 'Store a position, or untick Positions');
  }
  const sequence = {
    axis_order: form.order,
    ...(use.channels && {
      channels: chosen.map((channel) => ({
        config: channel.name,
        exposure: channel.exposureMs,
        z_offset: channel.zOffsetUm,
        do_stack: true,
        acquire_every: use.time ? channel.every : 1,
      })),
    }),
    ...(use.z && { z_plan: { range: zRangeUm(form), step: form.zStepUm } }),
    ...(use.time && { time_plan: { interval: form.intervalS, loops: form.times } }),
    ...(use.positions && { stage_positions: form.positions.map(({ name, x, y, z }) => ({ name, x, y, z })) }),
  };
  return { kind: 'ready', item: { item_type: 'plan', name: 'mda', args: [], kwargs: { sequence }, meta: {} } };
}

/** From the lowest plane to the highest; rounded, so that range / step gives the planes that were asked for. */
export function zRangeUm({ planes, zStepUm }: Pick<AcquireForm, 'planes' | 'zStepUm'>): number {
  return Number(((planes - 1) * zStepUm).toPrecision(12));
}
