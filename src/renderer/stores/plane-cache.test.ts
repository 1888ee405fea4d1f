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
