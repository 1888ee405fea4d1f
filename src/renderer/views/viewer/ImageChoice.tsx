import type { JSX } from 'react';
import { Select } from '../../../ui/index.ts';
import { familiesOf, wellsOf } from '../../stores/review-image.ts';
import type { ReviewState } from '../../stores/review-store.ts';
import { useServices } from '../../stores/services.tsx';

/** Which image of a store with several is shown: well and field of a plate, else by name. */
export function ImageChoice({ state }: { readonly state: ReviewState }): JSX.Element | null {
  const { review } = useServices();
  const description = state.opened?.description;
  if (!description) return null;
  const wells = wellsOf(description);
  const well = wells.find(({ images }) => images.includes(state.image));
  if (well) {
    // Another well shows the same field, where it has one.
    const field = well.images.indexOf(state.image);
    return (
      <>
        <span className="viewer-image-select is-short">
          <Select
            label="Well"
            options={wells.map(({ name, images }) => ({
              value: String(images[Math.min(field, images.length - 1)]),
              label: `Well ${name}`,
            }))}
            value={String(state.image)}
            onSelect={(value) => review.setImage(Number(value))}
          />
        </span>
        {well.images.length > 1 && (
          <span className="viewer-image-select is-short">
            <Select
              label="Field"
              options={well.images.map((image, at) => ({ value: String(image), label: `Field ${at + 1}` }))}
              value={String(state.image)}
              onSelect={(value) => review.setImage(Number(value))}
            />
          </span>
        )}
      </>
    );
  }
  const families = familiesOf(description);
  if (families.length < 2) return null;
  const family = families.find(({ images }) => images.includes(state.image));
  return (
    <span className="viewer-image-select">
      <Select
        label="Image"
        options={families.map(({ name, images }) => ({ value: String(images[0] ?? 0), label: name }))}
        value={String(family?.images[0] ?? 0)}
        onSelect={(value) => review.setImage(Number(value))}
      />
    </span>
  );
}
