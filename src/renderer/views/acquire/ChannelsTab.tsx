import type { JSX } from 'react';
import type { OpticalChannel } from '../../../shared/channels/session.ts';
import { NumberField, Swatch, TickBox } from '../../../ui/index.ts';
import type { AcquireForm, ChannelChoice } from '../../stores/acquire-form-store.ts';
import { choiceOf } from './build-item.ts';

export interface AxisTabProps {
  readonly form: AcquireForm;
  readonly set: (change: Partial<AcquireForm>) => void;
  readonly locked: boolean;
}

export function ChannelsTab(props: AxisTabProps & { readonly channels: readonly OpticalChannel[] }): JSX.Element {
  const { form, channels, set, locked } = props;
  if (channels.length === 0) return <p className="small muted">This session has no channels. Its file names them.</p>;
  const change = (channel: OpticalChannel, patch: Partial<ChannelChoice>) =>
    set({
      channels: { ...form.channels, [channel.name]: { ...choiceOf(form, channels, channel), ...patch } },
      ...(patch.use ? { use: { ...form.use, channels: true } } : {}),
    });
  return (
    <table className="table channels-table">
      <thead>
        <tr>
          <th>
            <span className="visually-hidden">Use</span>
          </th>
          <th>Channel</th>
          <th className="is-number">Exposure</th>
          <th className="is-number">Z offset</th>
          <th className="is-number">Every</th>
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => {
          const choice = choiceOf(form, channels, channel);
          return (
            <tr key={channel.name} className={choice.use ? '' : 'is-dim'}>
              <td>
                <TickBox
                  label={channel.name}
                  ticked={choice.use}
                  onChange={(use) => change(channel, { use })}
                  disabled={locked}
                />
              </td>
              <td>
                <span className="row">
                  <Swatch colour={channel.colour} />
                  <span className="cut">{channel.name}</span>
                </span>
              </td>
              <td>
                <NumberField
                  label={`${channel.name} exposure`}
                  inTable
                  unit="ms"
                  low={0.001}
                  value={choice.exposureMs}
                  onCommit={(exposureMs) => change(channel, { exposureMs })}
                  locked={locked}
                />
              </td>
              <td>
                <NumberField
                  label={`${channel.name} Z offset`}
                  inTable
                  unit="µm"
                  decimals={2}
                  step={0.1}
                  value={choice.zOffsetUm}
                  onCommit={(zOffsetUm) => change(channel, { zOffsetUm })}
                  locked={locked}
                />
              </td>
              <td>
                <NumberField
                  label={`${channel.name} every`}
                  inTable
                  decimals={0}
                  low={1}
                  value={choice.every}
                  onCommit={(every) => change(channel, { every: Math.round(every) })}
                  locked={locked || !form.use.time}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
