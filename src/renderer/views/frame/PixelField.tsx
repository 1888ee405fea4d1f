import { type JSX, useState } from 'react';
import { formatShort, NumberField, Section } from '../../../ui/index.ts';
import { valueAt } from '../../canvas/index.ts';
import type { ReviewState } from '../../stores/review-store.ts';

/** Reads one pixel of the active channel as it is stored. */
export function PixelField({ state }: { readonly state: ReviewState }): JSX.Element {
  const [x, setX] = useState(0);
  const [y, setY] = useState(0);
  const channel = state.channels[state.active];
  const value = channel?.layer && !state.loading ? valueAt(channel.layer, x, y) : null;
  const words = channel?.missing
    ? 'never acquired'
    : value === null
      ? state.loading
        ? '…'
        : 'no pixel'
      : formatShort(value, 6);
  return (
    <Section title="Pixel" aside={channel?.name}>
      <div className="pixel-field">
        <NumberField
          label="Pixel x"
          inTable
          decimals={0}
          low={0}
          unit="x"
          value={x}
          onCommit={(next) => setX(Math.round(next))}
        />
        <NumberField
          label="Pixel y"
          inTable
          decimals={0}
          low={0}
          unit="y"
          value={y}
          onCommit={(next) => setY(Math.round(next))}
        />
        <output aria-label="Value at pixel" data-value={value ?? undefined}>
          {words}
        </output>
      </div>
    </Section>
  );
}
