import type { JSX } from 'react';
import { formatDuration, Labelled, NumberField } from '../../../ui/index.ts';
import type { AxisTabProps } from './ChannelsTab.tsx';

export function TimeTab({ form, set, locked }: AxisTabProps): JSX.Element {
  return (
    <>
      <Labelled label="Times">
        <NumberField
          label="Times"
          decimals={0}
          low={1}
          high={1_000_000}
          value={form.times}
          onCommit={(times) => set({ times: Math.round(times), use: { ...form.use, time: true } })}
          locked={locked}
        />
      </Labelled>
      <Labelled label="Interval">
        <NumberField
          label="Interval"
          unit="s"
          decimals={3}
          low={0}
          value={form.intervalS}
          onCommit={(intervalS) => set({ intervalS, use: { ...form.use, time: true } })}
          locked={locked}
        />
      </Labelled>
      <p className="axis-words small muted">
        {form.intervalS === 0
          ? 'As fast as it goes'
          : `From first to last ${formatDuration((form.times - 1) * form.intervalS)}`}
      </p>
    </>
  );
}
