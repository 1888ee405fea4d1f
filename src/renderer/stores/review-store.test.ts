import { RedsunError } from 'redsun/sdk/util';
import { describe, expect, test } from 'vitest';
import type { ImageDescription, StoreDescription } from '../../shared/stores/index.ts';
import { FakeBridge } from '../testing/fake-bridge.ts';
import type { Decoder, PlaneRequest } from '../workers/decode-client.ts';
import type { DecodedPlane } from '../workers/decode-messages.ts';
import { createReviewStore } from './review-store.ts';

const axis = (name: string, size: number, type: string) => ({ name, size, type, unit: null, scale: 1 });
const image: ImageDescription = {
  path: '',
  name: 'cam',
  axes: [
    axis('t', 3, 'time'),
    axis('c', 2, 'channel'),
    axis('z', 1, 'space'),
    axis('y', 2, 'space'),
    axis('x', 2, 'space'),
  ],
  dtype: 'uint16',
  levels: [{ path: '0', shape: [3, 2, 1, 2, 2], chunks: [], shards: null, codecs: [], scale: [] }],
  channels: null,
  labels: [],
  problems: [],
};
const description: StoreDescription = {
  zarrFormat: 3,
  omeVersion: '0.5',
  layout: 'image',
  images: [image],
  plate: null,
  labels: [],
  labelImages: [],
  problems: [],
};

/** Answers when told to; the pixels of a plane are 100 t + 10 c. */
class HeldDecoder implements Decoder {
  readonly waiting: { readonly request: PlaneRequest; readonly answer: () => void }[] = [];
  held = false;
  async open(): Promise<StoreDescription> {
    return description;
  }
  plane(request: PlaneRequest): Promise<DecodedPlane> {
    const { t = 0, c = 0 } = request.indices;
    if (t === 2) return Promise.reject(new RedsunError('store/truncated-chunk', 'chunk c/2 ends early'));
    const plane: DecodedPlane = {
      data: new Uint16Array(4).fill(100 * t + 10 * c),
      widthPx: 2,
      heightPx: 2,
      dtype: 'uint16',
      min: 0,
      max: 0,
      acquired: t !== 3,
    };
    if (!this.held) return Promise.resolve(plane);
    return new Promise((resolve) => this.waiting.push({ request, answer: () => resolve(plane) }));
  }
  forget(): void {}
  [Symbol.dispose](): void {}
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function opened(journal: unknown[] = []) {
  const decoder = new HeldDecoder();
  const bridge = new FakeBridge({
    'review.openRun': ({ id }: { id: string }) => ({ storeId: `store of ${id}`, name: id, path: `/data/${id}` }),
    'review.journal': () => journal,
  });
  const review = createReviewStore(bridge, decoder);
  await review.openRun('mda_0001');
  await settled();
  return { review, decoder, bridge };
}
const shown = (review: Awaited<ReturnType<typeof opened>>['review']) =>
  review.getState().channels.map(({ layer }) => layer?.data[0] ?? null);

describe('review store', () => {
  test('a run that is opened again is read anew at the same place, another one from its beginning', async () => {
    const { review, bridge } = await opened();
    review.setIndex('t', 1);
    review.setDisplay(1, { low: 5, high: 50 });
    await settled();
    bridge.asked.length = 0;
    await review.openRun('mda_0001');
    await settled();
    expect(bridge.asked.map(({ call }) => call)).toEqual(['review.close', 'review.openRun', 'review.journal']);
    expect(review.getState().indices).toMatchObject({ t: 1 });
    expect(review.getState().channels[1]?.display).toMatchObject({ low: 5, high: 50 });
    expect(shown(review)).toEqual([100, 110]);
    await review.openRun('mda_0002');
    await settled();
    expect(review.getState().indices).toMatchObject({ t: 0 });
    expect(review.getState().channels[1]?.display).not.toMatchObject({ high: 50 });
  });

  test('opens a run and shows its first plane in every channel', async () => {
    const { review } = await opened();
    expect(review.getState()).toMatchObject({ phase: 'open', indices: { t: 0, c: 0, z: 0 }, loading: false });
    expect(shown(review)).toEqual([0, 10]);
  });

  test('an answer that comes late does not replace the plane that was asked for after it', async () => {
    const { review, decoder } = await opened();
    decoder.held = true;
    review.setIndex('t', 1);
    const slow = decoder.waiting.splice(0);
    review.setIndex('t', 0);
    await settled();
    for (const { answer } of slow) answer();
    await settled();
    expect(shown(review)).toEqual([0, 10]);
  });

  test('limits set while a plane is read stay', async () => {
    const { review, decoder } = await opened();
    decoder.held = true;
    review.setIndex('t', 1);
    review.setDisplay(0, { low: 3, high: 77 });
    for (const { answer } of decoder.waiting.splice(0)) answer();
    await settled();
    expect(review.getState().channels[0]).toMatchObject({
      display: { low: 3, high: 77 },
      layer: { display: { high: 77 } },
    });
    expect(shown(review)).toEqual([100, 110]);
  });

  test('a plane that the store says was never acquired is missing, not black', async () => {
    const { review } = await opened();
    review.setIndex('t', 3);
    await settled();
    expect(review.getState().channels).toMatchObject([
      { missing: true, layer: null },
      { missing: true, layer: null },
    ]);
  });

  test('planes that the journal does not know are missing, not read', async () => {
    const { review, decoder } = await opened([{ array: '0', frame: 0, index: { t: 0, c: 0, z: 0 } }]);
    decoder.held = true;
    expect(review.getState().channels.map(({ missing }) => missing)).toEqual([false, true]);
    expect(decoder.waiting).toEqual([]);
    expect(shown(review)).toEqual([0, null]);
  });

  test('a damaged plane is named, and the others still open', async () => {
    const { review } = await opened();
    review.setIndex('t', 2);
    await settled();
    expect(review.getState().planeProblem).toMatchObject({ code: 'store/truncated-chunk' });
    review.setIndex('t', 1);
    await settled();
    expect(review.getState().planeProblem).toBeNull();
    expect(shown(review)).toEqual([100, 110]);
  });

  test('closes the store before it when another is opened', async () => {
    const { review, bridge } = await opened();
    await review.openRun('mda_0002');
    expect(bridge.asked).toContainEqual({ call: 'review.close', request: { storeId: 'store of mda_0001' } });
    expect(review.getState().opened?.runId).toBe('mda_0002');
  });

  test('says why a run cannot be opened', async () => {
    const bridge = new FakeBridge({
      'review.openRun': () => {
        throw new RedsunError('store/not-found', 'There is nothing at x');
      },
    });
    const review = createReviewStore(bridge, new HeldDecoder());
    await review.openRun('x');
    expect(review.getState()).toMatchObject({ phase: 'failed', wanted: 'x', problem: { code: 'store/not-found' } });
  });
});
