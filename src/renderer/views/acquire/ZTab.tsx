import type { JSX } from 'react';
import { formatMaybe, formatShort, Labelled, NumberField } from '../../../ui/index.ts';
import { useHost } from '../../stores/services.tsx';
import { zRangeUm } from './build-item.ts';
import type { AxisTabProps } from './ChannelsTab.tsx';

export function ZTab({ form, set, locked }: AxisTabProps): JSX.Element {
  const here = useHost((state) => state.axes.find(({ kind }) => kind === 'z')?.position ?? null);
  const half = zRangeUm(form) / 2;
  return (
    <>
      <Labelled label="Planes">
        <NumberField
          label="Planes"
          decimals={0}
          low={1}
          high={10_000}
          value={form.planes}
          onCommit={(planes) => set({ planes: Math.round(planes), use: { ...form.use, z: true } })}
          locked={locked}
        />
      </Labelled>
      <Labelled label="Z step">
        <NumberField
          label="Z step"
          unit="µm"
          decimals={3}
          low={0.001}
          step={0.1}
          value={form.zStepUm}
          onCommit={(zStepUm) => set({ zStepUm, use: { ...form.use, z: true } })}
          locked={locked}
        />
      </Labelled>
      <p className="axis-words small muted">
        {formatShort(zRangeUm(form), 2)} µm in all, around{' '}
        {form.use.positions && form.positions.some(({ z }) => z !== null) ? 'the Z of each position' : 'the Z of now'}
        {here !== null && `: ${formatMaybe(here - half, 2)} to ${formatMaybe(here + half, 2)} µm`}
      </p>
    </>
  );
}
