import { describe, expect, test } from 'vitest';
import type { PlaneRequest } from '../workers/decode-client.ts';
import type { DecodedPlane } from '../workers/decode-messages.ts';
import { createPlaneCache, layerFrom } from './plane-cache.ts';

function planeOf(data: DecodedPlane['data'], dtype: DecodedPlane['dtype'] = 'uint16'): DecodedPlane {
  const range = { min: Math.min(...data), max: Math.max(...data) };
  return { data, widthPx: data.length, heightPx: 1, dtype, ...range, acquired: true };
}

function recorder() {
  const asked: number[] = [];
  return {
    asked,
    async plane({ indices }: PlaneRequest) {
      asked.push(indices.z ?? 0);
      if (indices.z === 99) throw new Error('truncated');
      return planeOf(new Uint16Array(100));
    },
  };
}
const at = (z: number): PlaneRequest => ({ storeId: 's', image: 0, level: 0, indices: { z } });

describe('plane cache', () => {
  test('decodes a plane once, whoever asks', async () => {
    const decoder = recorder();
    const cache = createPlaneCache(decoder);
    const [one, two] = await Promise.all([cache.get(at(1)), cache.get(at(1))]);
    expect(one).toBe(two);
    expect(decoder.asked).toEqual([1]);
  });
  test('drops what was not used for longest when it is full', async () => {
    const decoder = recorder();
    const cache = createPlaneCache(decoder, 400);
    await cache.get(at(1));
    await cache.get(at(2));
    await cache.get(at(1));
    await cache.get(at(3));
    await cache.get(at(1));
    await cache.get(at(2));
    expect(decoder.asked).toEqual([1, 2, 3, 2]);
  });
  test('gives a plane up when the last who waits for it wants another, and not before', async () => {
    const signals: AbortSignal[] = [];
    const decoder = {
      plane: (_request: PlaneRequest, signal?: AbortSignal) => {
        if (signal) signals.push(signal);
        return new Promise<DecodedPlane>(() => {});
      },
    };
    const cache = createPlaneCache(decoder);
    const [one, two] = [new AbortController(), new AbortController()];
    const first = cache.get(at(1), one.signal);
    const second = cache.get(at(1), two.signal);
    one.abort(new Error('one has gone'));
    await expect(first).rejects.toThrow('one has gone');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    two.abort(new Error('two has gone'));
    await expect(second).rejects.toThrow('two has gone');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    // Asked for again it is decoded again.
    void cache.get(at(1), new AbortController().signal).catch(() => {});
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    cache.clear();
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });
  test('asks again for what failed', async () => {
    const decoder = recorder();
    const cache = createPlaneCache(decoder);
    await expect(cache.get(at(99))).rejects.toThrow('truncated');
    await expect(cache.get(at(99))).rejects.toThrow('truncated');
    expect(decoder.asked).toEqual([99, 99]);
  });
});

describe('layerFrom', () => {
  const display = { colour: '#ffffff', low: 0, high: 1, gamma: 1, visible: true };
  test('passes 16-bit counts on as they are', () => {
    const data = Uint16Array.from([1, 65_535]);
    expect(layerFrom(planeOf(data), 'a', display, 1)).toMatchObject({ data, offset: 0, factor: 1 });
  });
  test('spreads floats over 16 bit and keeps the values', () => {
    const data = Float32Array.from([-1, 0, 1]);
    const layer = layerFrom(planeOf(data, 'float32'), 'a', display, 1);
    expect([...layer.data]).toEqual([0, 32_768, 65_535]);
    expect(layer.values).toBe(data);
    expect(layer.data.map((counts) => Math.round(counts * layer.factor + layer.offset))).toHaveLength(3);
  });
});
