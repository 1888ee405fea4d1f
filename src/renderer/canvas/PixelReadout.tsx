import type { JSX, ReactNode } from 'react';
import { formatNumber, formatShort, Swatch } from '../../ui/index.ts';
import type { ImageController } from './image-controller.ts';
import { type StagePoint, stageAt } from './stage-point.ts';
import { usePacedChange } from './use-paced-change.ts';

/** Pixel, place and counts under the pointer; of the middle while the pointer is elsewhere. */
export function PixelReadout(props: {
  readonly controller: ImageController;
  readonly umPerPx: number | null;
  readonly stage: StagePoint | null;
  /** What more there is to say of a pixel. */
  readonly readMore: ((x: number, y: number) => ReactNode) | undefined;
}): JSX.Element {
  const { controller, umPerPx, stage, readMore } = props;
  usePacedChange(controller);
  const reading = controller.read();
  const first = reading?.values[0]?.value ?? null;
  const place =
    reading !== null && umPerPx !== null && stage !== null ? stageAt(stage, reading, controller.image, umPerPx) : null;
  return (
    <div className="image-overlay at-bottom-left mono">
      <output
        aria-label="Pixel value"
        aria-live="off"
        data-x={reading?.x}
        data-y={reading?.y}
        data-counts={first ?? undefined}
        data-step={reading?.step}
      >
        {reading === null ? (
          'no pixel'
        ) : (
          <>
            x {formatNumber(reading.x)} y {formatNumber(reading.y)} px
            {umPerPx !== null && (
              <>
                {' · '}
                {formatNumber(reading.x * umPerPx, 1)}, {formatNumber(reading.y * umPerPx, 1)} µm
              </>
            )}
            {' · '}
            {reading.values.map(({ name, colour, value }) => (
              <span key={name} className="channel-reading">
                <Swatch colour={colour} /> {name} {value === null ? '?' : formatShort(value, 4)}{' '}
              </span>
            ))}
            {reading.step > 1 && <span className="dim">{`mean of ${reading.step} × ${reading.step}`}</span>}
          </>
        )}
      </output>
      {reading !== null && readMore?.(reading.x, reading.y)}
      {place && (
        <div className="dim">
          stage X {formatNumber(place.x, 1)} Y {formatNumber(place.y, 1)} µm
        </div>
      )}
    </div>
  );
}
