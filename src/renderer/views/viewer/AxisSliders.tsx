import type { JSX } from 'react';
import { formatDuration, formatNumber, Slider } from '../../../ui/index.ts';
import { channelAxisOf, familiesOf, type SliderAxis, sliderAxes } from '../../stores/review-image.ts';
import type { ReviewState } from '../../stores/review-store.ts';
import { useServices } from '../../stores/services.tsx';

/** A row per axis that has more than one place. */
export function AxisSliders({ state }: { readonly state: ReviewState }): JSX.Element | null {
  const { review } = useServices();
  const description = state.opened?.description;
  const image = description?.images[state.image];
  if (!description || !image) return null;
  const positions = familiesOf(description).find(({ images }) => images.includes(state.image))?.images ?? [];
  const axes = sliderAxes(image);
  if (axes.length === 0 && positions.length < 2 && state.channels.length < 2) return null;
  const channelAxis = image.axes.findIndex(({ name }) => name === channelAxisOf(image)?.name);
  const at = positions.indexOf(state.image);
  return (
    <div className="axis-sliders">
      {positions.length > 1 && (
        <div className="axis-slider">
          <span className="muted">Position</span>
          <Slider
            label="Position"
            low={0}
            high={positions.length - 1}
            value={at}
            onInput={(next) => review.setImage(positions[next] ?? state.image)}
            valueText={`${at + 1} of ${positions.length}`}
          />
          <output aria-label="Position shown">
            <strong>{at + 1}</strong> of {positions.length}
          </output>
        </div>
      )}
      {state.channels.length > 1 && (
        <div className="axis-slider">
          <span className="muted">Channel</span>
          <Slider
            label="Channel"
            axis={channelAxis}
            low={0}
            high={state.channels.length - 1}
            value={state.active}
            colour={state.channels[state.active]?.display.colour}
            onInput={(next) => review.setActive(next)}
            valueText={state.channels[state.active]?.name}
          />
          <output aria-label="Channel shown" className="cut">
            <strong>{state.channels[state.active]?.name}</strong> {state.active + 1} of {state.channels.length}
          </output>
        </div>
      )}
      {axes.map((axis) => {
        const index = state.indices[axis.name] ?? 0;
        return (
          <div key={axis.name} className="axis-slider">
            <span className="muted">{axis.label}</span>
            <Slider
              label={axis.label}
              axis={axis.index}
              low={0}
              high={axis.size - 1}
              value={index}
              onInput={(next) => review.setIndex(axis.name, next)}
              valueText={`${index + 1} of ${axis.size}`}
            />
            <output aria-label={`${axis.label} shown`}>
              <strong>{formatNumber(index + 1)}</strong> of {formatNumber(axis.size)}
              {placeWords(axis, index)}
            </output>
          </div>
        );
      })}
    </div>
  );
}

function placeWords({ name, size, scale, unit }: SliderAxis, index: number): string {
  if (unit === 'second' && scale > 0) return ` · ${formatDuration(index * scale)}`;
  if (unit === 'micrometer')
    return ` · ${formatNumber(name === 'z' ? (index - (size - 1) / 2) * scale : index * scale, 2)} µm`;
  return '';
}
