import { asError } from 'redsun/sdk/util';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ImageDescription, LabelDescription } from '../../shared/stores/index.ts';
import type { LabelPicture } from '../canvas/label-colours.ts';
import type { Decoder } from '../workers/decode-client.ts';
import { createPlaneCache } from './plane-cache.ts';
import { shownLevel } from './review-image.ts';
import type { ReviewStore } from './review-store.ts';

/** A label image of the picture under review. */
export interface ShownLabel {
  readonly description: LabelDescription;
  readonly visible: boolean;
  /** Of the plane that is shown; null: hidden, not read yet, or not readable. */
  readonly picture: LabelPicture | null;
  /** Why it cannot be drawn. */
  readonly problem: string | null;
}

export interface LabelState {
  readonly labels: readonly ShownLabel[];
  /** 0..1, of all. */
  readonly opacity: number;
}

/** Labels over the picture in Review; follows what is open and which plane of it is shown. */
export interface LabelStore extends StoreApi<LabelState> {
  setVisible(path: string, visible: boolean): void;
  setOpacity(opacity: number): void;
}

const MOST_BYTES = 128 * 1024 * 1024;
const FIRST_OPACITY = 0.5;

export function createLabelStore(review: ReviewStore, decoder: Pick<Decoder, 'plane'>): LabelStore {
  const store = createStore<LabelState>()(() => ({ labels: [], opacity: FIRST_OPACITY }));
  const cache = createPlaneCache(decoder, MOST_BYTES);
  /** Answers to an older question than this are dropped. */
  let question = 0;

  const change = (path: string, part: Partial<ShownLabel>) =>
    store.setState(({ labels }) => ({
      labels: labels.map((label) => (label.description.path === path ? { ...label, ...part } : label)),
    }));
  const load = async (): Promise<void> => {
    const mine = ++question;
    const { opened, image, indices } = review.getState();
    if (!opened) return;
    const wanted = store.getState().labels.filter(({ visible }) => visible);
    await Promise.all(
      wanted.map(async ({ description: { path, image: labelImage } }) => {
        const level = shownLevel(labelImage);
        const at = indicesIn(labelImage, indices);
        try {
          const plane = await cache.get({ storeId: opened.storeId, image, label: path, level, indices: at });
          if (mine === question) change(path, { picture: plane.acquired ? plane : null, problem: null });
        } catch (thrown) {
          if (mine === question) change(path, { picture: null, problem: asError(thrown).message });
        }
      }),
    );
  };

  review.subscribe(({ opened, image, indices }, before) => {
    const other = opened?.storeId !== before.opened?.storeId;
    if (other) cache.clear();
    if (other || image !== before.image) {
      const paths = opened?.description.images[image]?.labels ?? [];
      const found = opened?.description.labelImages.filter(({ path }) => paths.includes(path)) ?? [];
      // Several at once would hide each other: the hand chooses more.
      const labels = found.map((description, at) => ({ description, visible: at === 0, picture: null, problem: null }));
      store.setState({ labels });
    }
    if (other || image !== before.image || indices !== before.indices) void load();
  });

  return {
    ...store,
    setVisible(path, visible) {
      change(path, visible ? { visible } : { visible, picture: null });
      if (visible) void load();
    },
    setOpacity: (opacity) => store.setState({ opacity }),
  };
}

/** The plane of a label image that belongs to a plane of its picture: an axis that it lacks, or has once, does not matter. */
function indicesIn(image: ImageDescription, indices: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    image.axes.slice(0, -2).map(({ name, size }) => [name, Math.min(indices[name] ?? 0, size - 1)]),
  );
}
