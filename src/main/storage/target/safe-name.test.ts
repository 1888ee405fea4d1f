import { expect, test } from 'vitest';
import { newSourceInfo } from '../../../sdk/storage/index.ts';
import { planImages } from '../layout/image-plan.ts';
import { safeName } from './safe-name.ts';

test('a name of wide characters is cut to what file systems take, between characters', () => {
  const name = safeName('\u{1F52C}'.repeat(64));
  expect(Buffer.byteLength(name)).toBe(180);
  expect(name).toBe('\u{1F52C}'.repeat(45));
});

test.each([
  [['CON'], ['_CON']],
  [['nul.1'], ['_nul.1']],
  [
    ['camera.', 'camera'],
    ['camera', 'camera_2'],
  ],
  [
    ['Camera', 'camera'],
    ['Camera', 'camera_2'],
  ],
  [['ome'], ['ome_2']],
  [['x'.repeat(300)], ['x'.repeat(64)]],
])('cameras %j have folders that every disk takes and tells apart', (names, folders) => {
  const sources = [...names, 'other'].map((name) =>
    newSourceInfo({ name, dtype: 'uint8', shape: [8, 8], dataKey: name, extra: {} }),
  );
  const plans = planImages(sources, new Map(), { compression: 'none', levels: 1 });
  expect(plans.flatMap(({ images }) => images.map(({ groupPath }) => groupPath))).toEqual([...folders, 'other']);
});
