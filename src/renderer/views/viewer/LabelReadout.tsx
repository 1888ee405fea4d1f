import type { JSX } from 'react';
import { formatNumber } from '../../../ui/index.ts';
import { labelAt } from '../../canvas/index.ts';
import type { LabelLayer } from '../../canvas/LabelOverlay.tsx';
import type { ShownLabel } from '../../stores/label-store.ts';

/** Those that are read, as the canvas wants them. */
export function labelLayersOf(labels: readonly ShownLabel[]): readonly LabelLayer[] {
  return labels.flatMap(({ picture, description: { path, colours } }) => (picture ? [{ path, picture, colours }] : []));
}

/** Name and number of each label at a pixel of the picture, and what the store says of it. */
export function LabelReadout(props: {
  readonly labels: readonly ShownLabel[];
  readonly x: number;
  readonly y: number;
  readonly size: { readonly width: number; readonly height: number };
}): JSX.Element | null {
  const { labels, x, y, size } = props;
  const found = labels.flatMap(({ picture, description: { name, properties } }) => {
    const value = picture && labelAt(picture, x, y, size);
    if (value === null) return [];
    const about = properties[value];
    return [`${name} ${formatNumber(value)}${about ? `, ${about}` : ''}`];
  });
  if (found.length === 0) return null;
  return (
    <output aria-label="Label at pixel" aria-live="off" className="label-readout">
      {found.join(' · ')}
    </output>
  );
}
