import { RedsunError } from 'redsun/sdk/util';
import { describe, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { ImageDescription, LabelDescription } from '../../shared/stores/index.ts';
import type { PlaneRequest } from '../workers/decode-client.ts';
import type { DecodedPlane } from '../workers/decode-messages.ts';
import { createLabelStore } from './label-store.ts';
import type { ReviewState, ReviewStore } from './review-store.ts';

const axis = (name: string, size: number) => ({ name, size, type: null, unit: null, scale: 1 });
const labelImage = (path: string, z: number): LabelDescription => ({
  path,
  name: path.split('/').at(-1) ?? path,
  image: {
    axes: [axis('z', z), axis('y', 2), axis('x', 2)],
    levels: [{ path: `${path}/0`, shape: [z, 2, 2], chunks: [], shards: null, codecs: [], scale: [] }],
  } as unknown as ImageDescription,
  colours: {},
  properties: {},
});
const labelImages = [
  labelImage('a/labels/cells', 5),
  labelImage('a/labels/nuclei', 1),
  labelImage('b/labels/other', 5),
];

/** A picture `a` with two label images and a picture `b` with one, open at a plane. */
function opened() {
  const asked: PlaneRequest[] = [];
  const answers: ((plane: Partial<DecodedPlane> | Error) => void)[] = [];
  const decoder = {
    plane: (request: PlaneRequest) =>
      new Promise<DecodedPlane>((resolve, reject) => {
        asked.push(request);
        answers.push((plane) =>
          plane instanceof Error
            ? reject(plane)
            : resolve({ acquired: true, data: new Uint8Array(4), ...plane } as DecodedPlane),
        );
      }),
  };
  const images = [{ labels: ['a/labels/cells', 'a/labels/nuclei'] }, { labels: ['b/labels/other'] }];
  const nothing = { opened: null, image: 0, indices: {} };
  const review = createStore(() => nothing) as unknown as ReviewStore;
  const labels = createLabelStore(review, decoder);
  const show = (change: object) => review.setState(change as Partial<ReviewState>);
  show({ opened: { storeId: 's', description: { images, labelImages } } });
  show({ indices: { t: 1, z: 3 } });
  return { asked, answers, labels, show };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('labels of the picture under review', () => {
  test('are those of the picture, the first one shown', () => {
    const { labels, show } = opened();
    const shown = () => labels.getState().labels.map(({ description, visible }) => [description.name, visible]);
    expect(shown()).toEqual([
      ['cells', true],
      ['nuclei', false],
    ]);
    show({ image: 1 });
    expect(shown()).toEqual([['other', true]]);
    show({ opened: null });
    expect(shown()).toEqual([]);
  });

  test('are read at the plane of the picture; an axis that they have once does not matter', async () => {
    const { asked, labels } = opened();
    labels.setVisible('a/labels/nuclei', true);
    expect(asked.slice(-1)).toMatchObject([{ label: 'a/labels/nuclei', indices: { z: 0 } }]);
    expect(asked[1]).toMatchObject({ storeId: 's', label: 'a/labels/cells', level: 0, indices: { z: 3 } });
    expect(asked[1]?.indices).not.toHaveProperty('t');
  });

  test('of a plane that was left meanwhile are not shown', async () => {
    const { answers, labels, show } = opened();
    show({ indices: { z: 4 } });
    answers[1]?.({ widthPx: 1 });
    await settled();
    expect(labels.getState().labels[0]?.picture).toBeNull();
    answers[2]?.({ widthPx: 2 });
    await settled();
    expect(labels.getState().labels[0]?.picture).toMatchObject({ widthPx: 2 });
  });

  test('that cannot be read say why, and are tried again', async () => {
    const { asked, answers, labels, show } = opened();
    answers[1]?.(new RedsunError('store/bad-chunk', 'chunk c/3 is damaged'));
    await settled();
    expect(labels.getState().labels[0]).toMatchObject({ picture: null, problem: 'chunk c/3 is damaged' });
    const before = asked.length;
    show({ indices: { z: 3 } });
    expect(asked).toHaveLength(before + 1);
  });
});
