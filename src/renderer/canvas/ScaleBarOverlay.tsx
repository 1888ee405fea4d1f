import type { JSX } from 'react';
import type { ImageController } from './image-controller.ts';
import { scaleBarFor } from './scale-bar.ts';
import { usePacedChange } from './use-paced-change.ts';

const LONGEST_PX = 180;

export function ScaleBarOverlay(props: {
  readonly controller: ImageController;
  readonly umPerPx: number | null;
}): JSX.Element {
  usePacedChange(props.controller);
  if (props.umPerPx === null) return <div className="scale-bar">uncalibrated</div>;
  const bar = scaleBarFor(props.umPerPx / props.controller.view.scale, LONGEST_PX);
  return (
    <div className="scale-bar">
      {bar.label}
      <i style={{ width: bar.widthPx }} />
    </div>
  );
}
